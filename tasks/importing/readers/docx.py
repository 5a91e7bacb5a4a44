"""Reads a Word file: paragraphs with their list labels and tables with merged cells, in order.

Changes that are still tracked are read as accepted, and asked about like footnotes, comments and
pictures that stand alone.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import starmap

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import XMLSyntaxError
from lxml.etree import _Element as Element

from common.files.text_files import ImportProblem
from tasks.importing.blocks import Document
from tasks.importing.readers.composer import Composer, RawCell
from tasks.importing.readers.numbering import Numbering, read_numbering, value, whole

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What is no part of the text as people see it.
HIDDEN = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:instrText"),
    qn("w:txbxContent"),
    f"{COMPATIBILITY}Fallback",
}
# What an element of a run stands for; empty for the one that holds the words themselves.
SIGNS = {
    qn("w:t"): "",
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
DOUBTS = {
    qn("w:del"): ("tracked_changes", "文件里有未接受的修订，按全部接受读入，请核对"),
    qn("w:ins"): ("tracked_changes", "文件里有未接受的修订，按全部接受读入，请核对"),
    qn("w:moveFrom"): ("tracked_changes", "文件里有未接受的修订，按全部接受读入，请核对"),
    qn("w:footnoteReference"): ("footnotes", "文件里有脚注，脚注的文字没有读入"),
    qn("w:endnoteReference"): ("footnotes", "文件里有尾注，尾注的文字没有读入"),
    qn("w:commentReference"): ("comments", "文件里有批注，批注的文字没有读入"),
    qn("a:blip"): ("pictures", "文件里有图片，图片里的文字读不出来"),
}
FAULTS = (KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile, PackageNotFoundError)
BROKEN = "Word 文件打不开，请用 Word 或 WPS 打开，另存为 .docx 再上传"


@dataclass
class Styles:
    """What the styles of a file say of its paragraphs: heading levels and lists."""

    elements: dict[str, Element] = field(default_factory=dict)

    def properties(self, style: str) -> Iterator[Element]:
        """The properties of a style and of those it is based on, the nearest first."""
        seen: set[str] = set()
        while style in self.elements and style not in seen:
            seen.add(style)
            element = self.elements[style]
            if (found := element.find(qn("w:pPr"))) is not None:
                yield found
            style = value(element.find(qn("w:basedOn")))


@dataclass
class Reader:
    """Reads the body of a Word file into a composer."""

    numbering: Numbering
    styles: Styles
    made: Composer = field(default_factory=Composer)

    def body(self, element: Element) -> None:
        """Reads paragraphs and tables in order, those in content controls too."""
        for child in element.iterchildren():
            if child.tag == qn("w:p"):
                self.made.paragraph(self.paragraph(child), self.level(child))
                self.boxes(child)
            elif child.tag == qn("w:tbl"):
                self.table(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo")):
                self.body(child)

    def boxes(self, paragraph: Element) -> None:
        """Reads the text boxes that hang on a paragraph."""
        for box in paragraph.iter(qn("w:txbxContent")):
            if HIDDEN.isdisjoint(parent.tag for parent in box.iterancestors()):
                self.body(box)

    def paragraph(self, element: Element) -> str:
        """The words of a paragraph behind the label that the program computes for it."""
        words = "".join(self.words(element))
        label = self.label(element)
        return f"{label}{words}" if words.strip() or label else ""

    def words(self, element: Element) -> Iterator[str]:
        """What stands in a paragraph, without what is deleted and without text boxes."""
        for child in element.iterchildren():
            if child.tag in DOUBTS:
                self.made.doubt(*DOUBTS[child.tag])
            if child.tag in SIGNS:
                yield SIGNS[child.tag] or child.text or ""
            elif child.tag not in HIDDEN:
                yield from self.words(child)

    def label(self, paragraph: Element) -> str:
        """The label of a paragraph in a list; a dot or bracket stands right before the words."""
        for properties in self.properties(paragraph):
            found = properties.find(qn("w:numPr"))
            if found is not None:
                number = value(found.find(qn("w:numId")))
                depth = whole(value(found.find(qn("w:ilvl"))), 0)
                label = self.numbering.label(number, depth)
                return f"{label} " if label[-1:].isalnum() and label.isascii() else label
        return ""

    def properties(self, paragraph: Element) -> Iterator[Element]:
        """The properties of a paragraph, then those of its style."""
        own = paragraph.find(qn("w:pPr"))
        if own is not None:
            yield own
            yield from self.styles.properties(value(own.find(qn("w:pStyle"))))

    def level(self, paragraph: Element) -> int | None:
        """The heading level that the file gives, from 1."""
        for properties in self.properties(paragraph):
            outline = value(properties.find(qn("w:outlineLvl")))
            if outline.isdecimal():
                return int(outline) + 1
        return None

    def table(self, element: Element) -> None:
        """Reads a table; one with a single cell only frames what stands in it."""
        rows = [list(self.cells(row)) for row in descend(element, "w:tr")]
        if list(map(len, rows)) == [1]:
            self.body(rows[0][0][1])
            return
        self.made.table(merge([list(starmap(self.raw, row)) for row in rows]))

    def cells(self, row: Element) -> Iterator[tuple[Element | None, Element, int, int]]:
        """The cells of a row: properties, element, first column, how many columns."""
        column = whole(value(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")), 0)
        for cell in descend(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            span = None if properties is None else properties.find(qn("w:gridSpan"))
            width = max(1, whole(value(span), 1))
            yield properties, cell, column, width
            column += width

    def raw(
        self, properties: Element | None, cell: Element, column: int, width: int
    ) -> tuple[RawCell, bool]:
        """A cell, and whether it goes on from the row above."""
        merged = None if properties is None else properties.find(qn("w:vMerge"))
        goes_on = merged is not None and value(merged) != "restart"
        lines = map(self.paragraph, [] if goes_on else cell.iter(qn("w:p")))
        return RawCell("\n".join(filter(str.strip, lines)), column, 1, width), goes_on


def descend(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in element.iterchildren():
        if child.tag == qn(name):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from descend(child, name)


def merge(rows: list[list[tuple[RawCell, bool]]]) -> list[list[RawCell]]:
    """The rows with each merged cell once, with as many rows as it spans."""
    made: list[list[RawCell]] = []
    tops: dict[int, tuple[int, int]] = {}
    for row in rows:
        made.append([])
        for cell, goes_on in row:
            if goes_on and cell.column in tops:
                index, place = tops[cell.column]
                made[index][place] = replace(made[index][place], rows=len(made) - index)
            else:
                tops[cell.column] = (len(made) - 1, len(made[-1]))
                made[-1].append(cell)
    return made


def read_docx(data: bytes, name: str) -> Document:
    """The blocks of a Word file. Raises ImportProblem where it cannot be opened or is empty."""
    try:
        opened = docx.Document(io.BytesIO(data))
        part = opened.part.package.main_document_part
        numbering = read_numbering(numbering_root(opened))
    except (
        KeyError,
        ValueError,
        XMLSyntaxError,
        zipfile.BadZipFile,
        PackageNotFoundError,
    ) as fault:
        raise ImportProblem(f"{BROKEN}：{name}") from fault
    styles = Styles(
        {style.element.get(qn("w:styleId"), ""): style.element for style in opened.styles}
    )
    reader = Reader(numbering, styles)
    reader.body(part.element.body)
    return reader.made.document(data, name)


def numbering_root(opened: docx.document.Document) -> Element | None:
    """The root of the part that defines the lists; None where there is none."""
    for relation in opened.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None
