"""Word documents in the layout of GB/T 9704-2012: A4, 22 lines of 28 characters, fixed typefaces.

The callers draw the red head and the space for the number on a real site only; a seal never.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.conf import settings
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from common.office.worksheets import UNWRITABLE

TITLE, BODY, HEADING, SUBHEADING, FOOT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
# 二号, 三号, 四号, and small enough for a table of six columns.
SIZE_HEAD, SIZE_TITLE, SIZE_BODY, SIZE_FOOT, SIZE_TABLE = Pt(36), Pt(22), Pt(16), Pt(14), Pt(11)
LINE, LINE_HEAD, LINE_TABLE = Pt(28), Pt(48), Pt(16)
WIDTH = Mm(210 - 28 - 26)
# Characters stand a quarter of a point closer (in twentieths); otherwise the 28th of a line would
# not fit.
TIGHTER = "-5"
RED = RGBColor(0xC0, 0x00, 0x00)
LEFT, CENTRED, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
DEMONSTRATION = "演示数据，不是真实情况"
# The numbers of the chapters of a circular.
NUMERALS = "一二三四五六七八九十"


def new_document(*, demonstration: bool):
    """An empty document with page numbers; a demonstration says so at the top of every page."""
    document = Document()
    _set_margins(document)
    _set_default_type(document)
    # Page numbers stand on the outside: right on odd pages, left on even ones.
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _add_page_number(footer.paragraphs[0], side)
    for header in (section.header, section.even_page_header) if demonstration else ():
        header.paragraphs[0].alignment = CENTRED
        add_run(header.paragraphs[0], DEMONSTRATION, FOOT, SIZE_FOOT)
    return document


def _set_margins(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The number stands 7 mm below the text.
    section.footer_distance = Mm(23)


def _set_default_type(document) -> None:
    style = document.styles["Normal"]
    properties = style.element.get_or_add_rPr()
    for name, values in (
        ("w:spacing", {"val": TIGHTER}),
        ("w:lang", {"val": "en-US", "eastAsia": "zh-CN"}),
    ):
        element = OxmlElement(name)
        for key, value in values.items():
            element.set(qn(f"w:{key}"), value)
        properties.append(element)
    style.font.size, style.font.name = SIZE_BODY, BODY
    properties.rFonts.set(qn("w:eastAsia"), BODY)


def _add_page_number(footer: Paragraph, side) -> None:
    """The number as a field, one character in from the edge on `side`."""
    footer.alignment = side
    footer.paragraph_format.left_indent = SIZE_FOOT if side == LEFT else None
    footer.paragraph_format.right_indent = SIZE_FOOT if side == RIGHT else None
    add_run(footer, "— ", FOOT, SIZE_FOOT)
    run = add_run(footer, "", FOOT, SIZE_FOOT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    add_run(footer, " —", FOOT, SIZE_FOOT)


def red_head(document, issuer: str, year: int) -> None:
    """The issuer in red, the space where the office writes the number, and the line below both."""
    head = paragraph(document, align=CENTRED, line=LINE_HEAD)
    add_run(head, issuer, TITLE, SIZE_HEAD).font.color.rgb = RED
    paragraph(document)
    number = paragraph(document, align=CENTRED)
    add_run(number, f"　　　　〔{year}〕　　号", BODY, SIZE_BODY)
    line_below = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", str(RED))):
        line_below.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(line_below)
    number._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")
    paragraph(document)


def title(document, *lines: str) -> None:
    """The title of the document, one centred paragraph a line."""
    for words in lines:
        add_run(paragraph(document, align=CENTRED), words, TITLE, SIZE_TITLE)


def chapter(document, words: str, sentences: Iterable[str] | None = None) -> None:
    """A heading of the first level and its paragraphs.

    `sentences`: empty: the text says that there is nothing; None: the caller adds the text.
    """
    _add_heading(document, words, HEADING)
    if sentences is not None:
        for sentence in list(sentences) or ["没有。"]:
            write(document, sentence)


def subheading(document, words: str) -> None:
    """A heading of the second level."""
    _add_heading(document, words, SUBHEADING)


def _add_heading(document, words: str, font: str) -> None:
    heading = paragraph(document, indent=True)
    heading.paragraph_format.keep_with_next = True
    add_run(heading, words, font, SIZE_BODY)


def write(document, words: str, *, align=None) -> Paragraph:
    """A paragraph of the body, with its first line indented unless `align` is given."""
    body = paragraph(document, align=align, indent=align is None)
    add_run(body, words, BODY, SIZE_BODY)
    return body


def small_print(document, words: str) -> None:
    """A paragraph in the small type of tables."""
    add_run(paragraph(document, line=LINE_TABLE), words, FOOT, SIZE_TABLE)


def paragraph(container, *, align=None, indent=False, line=LINE) -> Paragraph:
    """An empty paragraph in a document or a cell; `line` is the exact line height."""
    return shape(container.add_paragraph(), align=align, indent=indent, line=line)


def shape(target: Paragraph, *, align=None, indent=False, line=LINE) -> Paragraph:
    """Gives a paragraph its alignment, indent of two characters and exact line height."""
    form = target.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.first_line_indent = SIZE_BODY * 2 if indent else None
    target.alignment = align
    return target


def add_run(target: Paragraph, words: str, font: str, size):
    """Appends text in a typeface and size, without signs that Word cannot hold."""
    run = target.add_run(UNWRITABLE.sub("", words))
    run.font.name, run.font.size = font, size
    # Word chooses the typeface of Chinese characters by this attribute.
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def table(
    document,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
    *,
    under_picture: bool = False,
) -> None:
    """A table whose head repeats on every page and whose rows are never split.

    `columns`: pairs of head and width in mm; `under_picture`: the whole table stays on the page of
    the picture above it, and each number is centred below its shape.
    """
    grid = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    # Centred, because a table at the left sticks out of the text by the padding of its cells.
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, (_, width) in zip(grid.columns, columns, strict=True):
        column.width = Mm(width)
    _fill_row(grid.rows[0], [head for head, _ in columns], HEADING)
    _set_row_property(grid.rows[0], "w:tblHeader")
    for words in rows:
        _fill_row(grid.add_row(), words, BODY)
    for row in grid.rows:
        _set_row_property(row, "w:cantSplit")
        for cell, (_, width) in zip(row.cells, columns, strict=True):
            cell.width = Mm(width)
    for row in grid.rows[:-1] if under_picture else grid.rows[:1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in grid.rows if under_picture else []:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = CENTRED


def picture(document, image: BytesIO, words: str) -> None:
    """A picture as wide as the text, on the page of what follows it; `words`:
    its alternative text.
    """
    container = document.add_paragraph()
    container.paragraph_format.space_before = container.paragraph_format.space_after = Pt(0)
    # An exact line height would cut the picture off.
    container.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    container.paragraph_format.keep_with_next = True
    inline = container.add_run().add_picture(image, width=WIDTH)._inline
    inline.docPr.set("descr", UNWRITABLE.sub("", words))
    # Without these, some programs leave an eighth of an inch at each side.
    for side in ("distL", "distR", "distT", "distB"):
        inline.set(side, "0")


def caption(document, words: str) -> None:
    """A line above a picture, on the page of the picture."""
    line = paragraph(document, line=LINE)
    line.paragraph_format.keep_with_next = True
    add_run(line, words, HEADING, SIZE_TABLE)


def _fill_row(row, words: Sequence[str], font: str) -> None:
    for cell, text in zip(row.cells, words, strict=True):
        add_run(shape(cell.paragraphs[0], line=LINE_TABLE), text, font, SIZE_TABLE)


def _set_row_property(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def save(document, name: str) -> BytesIO:
    """The document as a file, titled `name`, with the owner of the site as its author."""
    document.core_properties.title, document.core_properties.author = name, settings.SITE["owner"]
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file
