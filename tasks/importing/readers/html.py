"""Reads a page saved from a site: its paragraphs and tables, without menus, scripts and frames.

Nothing that the page names is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from common.files.text_files import ImportProblem
from tasks.importing.blocks import Document
from tasks.importing.readers.composer import Composer, RawCell
from tasks.importing.readers.numbering import whole

DROPPED = {
    "script",
    "style",
    "noscript",
    "nav",
    "header",
    "footer",
    "form",
    "iframe",
    "head",
    "select",
    "button",
    "template",
    "svg",
    "aside",
    "object",
    "video",
    "audio",
}
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "center",
    "body",
    "fieldset",
    "figure",
    "hr",
    "table",
    "tr",
    "td",
    "th",
}
HEADING = re.compile(r"h[1-6]")
BLANKS = re.compile(r"[ \t\r\n\f]+")
# A list of links is a menu.
FEWEST_LINKS = 3
MOSTLY = 0.6
WIDEST_SPAN = 200
BROKEN = "网页打不开，请在浏览器里打开，把正文复制到 Word 里另存为 .docx 再上传"


@dataclass
class Reader:
    """Reads elements into a composer; `line` is what has been read of the current paragraph."""

    made: Composer = field(default_factory=Composer)
    line: list[str] = field(default_factory=list)

    def end_line(self, level: int | None = None) -> None:
        """Ends the paragraph read so far."""
        self.made.paragraph("".join(self.line), level)
        self.line = []

    def element(self, element: HtmlElement) -> None:
        """Reads an element and what follows it."""
        if isinstance(element.tag, str) and not is_dropped(element):
            self.inner(element)
        self.text(element.tail)

    def text(self, words: str | None) -> None:
        if words:
            self.line.append(BLANKS.sub(" ", words))

    def inner(self, element: HtmlElement) -> None:
        """Reads what stands in an element."""
        if element.tag == "br":
            self.line.append("\n")
        elif element.tag == "table" and not is_layout(element):
            self.end_line()
            self.made.table(list(rows_of(element)))
        else:
            self.children(element)

    def children(self, element: HtmlElement) -> None:
        """Reads the words and elements of an element; a block begins and ends a paragraph."""
        level = int(element.tag[1]) if HEADING.fullmatch(element.tag) else None
        if element.tag in BLOCKS:
            self.end_line()
        self.text(label_of(element) + (element.text or ""))
        for child in element:
            self.element(child)
        if element.tag in BLOCKS:
            self.end_line(level)


def is_dropped(element: HtmlElement) -> bool:
    """True for what is no part of the document, and for a menu."""
    return element.tag in DROPPED or is_hidden(element) or is_menu(element)


def is_hidden(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def is_menu(element: HtmlElement) -> bool:
    """True for a block of which most words are links."""
    if element.tag not in ("div", "ul", "ol", "table", "dl", "section"):
        return False
    links = [link.text_content().strip() for link in element.iter("a")]
    words = "".join(element.text_content().split())
    return len(links) >= FEWEST_LINKS and sum(map(len, links)) > MOSTLY * len(words)


def is_layout(table: HtmlElement) -> bool:
    """True for a table that only frames other blocks: it holds a table, or has one cell a row."""
    holds_table = any(inner is not table for inner in table.iter("table"))
    return holds_table or all(len(row) <= 1 for row in table.iter("tr"))


def label_of(element: HtmlElement) -> str:
    """The number of an entry of a numbered list, which the page does not print."""
    parent = element.getparent()
    if (element.tag, getattr(parent, "tag", None)) != ("li", "ol"):
        return ""
    start = whole(parent.get("start", "1"), 1)
    return f"{start + len(list(element.itersiblings('li', preceding=True)))}."


def rows_of(table: HtmlElement) -> Iterator[list[RawCell]]:
    """The rows of a table, each cell in its column behind those that span from above."""
    taken: set[tuple[int, int]] = set()
    for index, row in enumerate(table.iter("tr")):
        cells, column = [], 0
        for cell in row.iterchildren("td", "th"):
            while (index, column) in taken:
                column += 1
            raw = RawCell(words_of(cell), column, span(cell, "rowspan"), span(cell, "colspan"))
            cells.append(raw)
            taken |= covered(index, raw)
        yield cells


def covered(row: int, cell: RawCell) -> set[tuple[int, int]]:
    """The places that a cell takes, its own included."""
    return {
        (row + down, cell.column + right)
        for down in range(cell.rows)
        for right in range(cell.columns)
    }


def span(cell: HtmlElement, name: str) -> int:
    """How many rows or columns a cell spans."""
    return min(max(1, whole(cell.get(name, "1").strip(), 1)), WIDEST_SPAN)


def words_of(cell: HtmlElement) -> str:
    """The words of a cell, a line for each paragraph in it."""
    reader = Reader()
    for part in [cell.text, *cell]:
        reader.text(part) if part is None or isinstance(part, str) else reader.element(part)
    reader.end_line()
    return "".join(reader.made.parts).strip()


def read_html(data: bytes, text: str, name: str) -> Document:
    """The blocks of a page whose text was decoded. Raises ImportProblem where there are none."""
    try:
        root = html.document_fromstring(re.sub(r"<\?xml[^>]*\?>", "", text, count=1))
    except (ParserError, ValueError) as fault:
        raise ImportProblem(f"{BROKEN}：{name}") from fault
    reader = Reader()
    body = root.find("body")
    reader.element(root if body is None else body)
    reader.end_line()
    return reader.made.document(data, name)
