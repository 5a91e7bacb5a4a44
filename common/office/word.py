"""Word documents in the layout of GB/T 9704-2012: A4, 22 lines of 28 characters, fixed typefaces.

The callers draw the red head and the space for the number on a real site only; a seal never.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain

from django.conf import settings
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

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
NUMERALS = (*"一二三四五六七八九十", "十一", "十二", "十三")


def new_document(*, demonstration: bool) -> WordDocument:
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


def _set_margins(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The number stands 7 mm below the text.
    section.footer_distance = Mm(23)


def _set_default_type(document: WordDocument) -> None:
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


def _add_page_number(footer: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """The number as a field, one character in from the edge on `side`."""
    footer.alignment = side
    footer.paragraph_format.left_indent = SIZE_FOOT if side == LEFT else None
    footer.paragraph_format.right_indent = SIZE_FOOT if side == RIGHT else None
    add_run(footer, "— ", FOOT, SIZE_FOOT)
    run = add_run(footer, "", FOOT, SIZE_FOOT)
    run.element.append(_field_boundary("begin"))
    instruction = OxmlElement("w:instrText")
    instruction.text = "PAGE"
    run.element.append(instruction)
    run.element.append(_field_boundary("end"))
    add_run(footer, " —", FOOT, SIZE_FOOT)


def _field_boundary(kind: str) -> BaseOxmlElement:
    """Where a computed text begins or ends, as `kind` says."""
    boundary = OxmlElement("w:fldChar")
    boundary.set(qn("w:fldCharType"), kind)
    return boundary


def red_head(document: WordDocument, issuer: str, year: int) -> None:
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
    number.paragraph_format.element.get_or_add_pPr().insert_element_before(
        borders, "w:spacing", "w:ind", "w:jc"
    )
    paragraph(document)


def title(document: WordDocument, *lines: str) -> None:
    """The title of the document, one centred paragraph a line."""
    for words in lines:
        add_run(paragraph(document, align=CENTRED), words, TITLE, SIZE_TITLE)


def chapter(document: WordDocument, words: str, sentences: Iterable[str] | None = None) -> None:
    """A heading of the first level and its paragraphs.

    `sentences`: empty: the text says that there is nothing; None: the caller adds the text.
    """
    _add_heading(document, words, HEADING)
    if sentences is not None:
        for sentence in list(sentences) or ["没有。"]:
            write(document, sentence)


def subheading(document: WordDocument, words: str) -> None:
    """A heading of the second level."""
    _add_heading(document, words, SUBHEADING)


def _add_heading(document: WordDocument, words: str, font: str) -> None:
    heading = paragraph(document, indent=True)
    heading.paragraph_format.keep_with_next = True
    add_run(heading, words, font, SIZE_BODY)


def write(
    document: WordDocument, words: str, *, align: WD_ALIGN_PARAGRAPH | None = None
) -> Paragraph:
    """A paragraph of the body, with its first line indented unless `align` is given."""
    body = paragraph(document, align=align, indent=align is None)
    add_run(body, words, BODY, SIZE_BODY)
    return body


def small_print(document: WordDocument, words: str) -> None:
    """A paragraph in the small type of tables."""
    add_run(paragraph(document, line=LINE_TABLE), words, FOOT, SIZE_TABLE)


def paragraph(
    container: WordDocument | _Cell,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = False,
    line: Length = LINE,
) -> Paragraph:
    """An empty paragraph in a document or a cell; `line` is the exact line height."""
    return shape(container.add_paragraph(), align=align, indent=indent, line=line)


def shape(
    target: Paragraph,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = False,
    line: Length = LINE,
) -> Paragraph:
    """Gives a paragraph its alignment, indent of two characters and exact line height."""
    form = target.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.first_line_indent = Length(SIZE_BODY * 2) if indent else None
    if align is not None:
        target.alignment = align
    return target


def add_run(target: Paragraph, words: str, font: str, size: Length) -> Run:
    """Appends text in a typeface and size, without signs that Word cannot hold."""
    run = target.add_run(UNWRITABLE.sub("", words))
    run.font.name, run.font.size = font, size
    # Word chooses the typeface of Chinese characters by this attribute.
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def table(
    document: WordDocument,
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
    _fill_row(grid.rows[0], [head for head, _ in columns], HEADING)
    for words in rows:
        _fill_row(grid.add_row(), words, BODY)
    _set_widths(grid, [Mm(width) for _, width in columns])
    _repeat_head_and_keep_rows_whole(document.element.body.tbl_lst[-1])
    _keep_with_next(grid.rows[:-1] if under_picture else grid.rows[:1])
    if under_picture:
        _centre_numbers(grid)


def _fill_row(row: _Row, words: Sequence[str], font: str) -> None:
    for cell, text in zip(row.cells, words, strict=True):
        add_run(shape(cell.paragraphs[0], line=LINE_TABLE), text, font, SIZE_TABLE)


def _repeat_head_and_keep_rows_whole(grid: CT_Tbl) -> None:
    """Sets two properties of rows for which the library has no names of its own."""
    head, *others = grid.tr_lst
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in (head, *others):
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _set_widths(grid: Table, widths: Sequence[Length]) -> None:
    """Sets them on columns and cells, because programs differ in which of both they heed."""
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _keep_with_next(rows: Sequence[_Row]) -> None:
    """Keeps each row on the page of the row below it."""
    for cell in chain.from_iterable(row.cells for row in rows):
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _centre_numbers(grid: Table) -> None:
    """Centres all cells but the head of each row."""
    for cell in chain.from_iterable(row.cells[1:] for row in grid.rows):
        cell.paragraphs[0].alignment = CENTRED


def picture(document: WordDocument, image: BytesIO, words: str) -> None:
    """A picture as wide as the text, on the page of what follows it.

    `words`: its alternative text.
    """
    container = document.add_paragraph()
    container.paragraph_format.space_before = container.paragraph_format.space_after = Pt(0)
    # An exact line height would cut the picture off.
    container.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    container.paragraph_format.keep_with_next = True
    run = container.add_run()
    run.add_picture(image, width=WIDTH)
    inline = run.element.xpath(".//wp:inline")[0]
    inline.docPr.set("descr", UNWRITABLE.sub("", words))
    # Without these, some programs leave an eighth of an inch at each side.
    for side in ("distL", "distR", "distT", "distB"):
        inline.set(side, "0")


def caption(document: WordDocument, words: str) -> None:
    """A line above a picture, on the page of the picture."""
    line = paragraph(document, line=LINE)
    line.paragraph_format.keep_with_next = True
    add_run(line, words, HEADING, SIZE_TABLE)


def save(document: WordDocument, name: str) -> BytesIO:
    """The document as a file, titled `name`, with the owner of the site as its author."""
    document.core_properties.title, document.core_properties.author = name, settings.SITE["owner"]
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file
