"""Word in the layout of official documents (GB/T 9704-2012): A4, 22 lines of 28 characters, every part in its face.

A red head and a place for the number are drawn on a real site only; a seal never.
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

TITLE, BODY, HEADING, SECOND, FOOT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
# 二号, 三号, 四号, and small enough for a table of six columns.
SIZE_HEAD, SIZE_TITLE, SIZE_BODY, SIZE_FOOT, SIZE_TABLE = Pt(36), Pt(22), Pt(16), Pt(14), Pt(11)
LINE, LINE_HEAD, LINE_TABLE = Pt(28), Pt(48), Pt(16)
WIDTH = Mm(210 - 28 - 26)
# A quarter of a point less than the type is wide, or the 28th character of a line would not fit into 156 mm.
TIGHTER = "-5"
RED = RGBColor(0xC0, 0x00, 0x00)
LEFT, CENTRED, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
DEMONSTRATION = "演示数据，不是真实情况"
# Of the chapters of a circular.
NUMERALS = "一二三四五六七八九十"


def new_paper(*, demonstration: bool):
    """An empty sheet; a demonstration says so at the top of every page."""
    paper = Document()
    _edges(paper)
    _plain_type(paper)
    # Outside: right on odd pages, left on even ones, one character in from the edge.
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    for foot, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(foot.paragraphs[0], side)
    for top in (section.header, section.even_page_header) if demonstration else ():
        top.paragraphs[0].alignment = CENTRED
        say(top.paragraphs[0], DEMONSTRATION, FOOT, SIZE_FOOT)
    return paper


def _edges(paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The number stands 7 mm below the text.
    section.footer_distance = Mm(23)


def _plain_type(paper) -> None:
    plain = paper.styles["Normal"]
    rules = plain.element.get_or_add_rPr()
    for name, values in (("w:spacing", {"val": TIGHTER}), ("w:lang", {"val": "en-US", "eastAsia": "zh-CN"})):
        rule = OxmlElement(name)
        for key, value in values.items():
            rule.set(qn(f"w:{key}"), value)
        rules.append(rule)
    plain.font.size, plain.font.name = SIZE_BODY, BODY
    rules.rFonts.set(qn("w:eastAsia"), BODY)


def _page_number(foot: Paragraph, side) -> None:
    foot.alignment = side
    foot.paragraph_format.left_indent = SIZE_FOOT if side == LEFT else None
    foot.paragraph_format.right_indent = SIZE_FOOT if side == RIGHT else None
    say(foot, "— ", FOOT, SIZE_FOOT)
    run = say(foot, "", FOOT, SIZE_FOOT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    say(foot, " —", FOOT, SIZE_FOOT)


def red_head(paper, issuer: str, year: int) -> None:
    """Whose paper it is, the place where the office writes its number, and the line below both."""
    head = paragraph(paper, align=CENTRED, line=LINE_HEAD)
    say(head, issuer, TITLE, SIZE_HEAD).font.color.rgb = RED
    paragraph(paper)
    number = paragraph(paper, align=CENTRED)
    say(number, f"　　　　〔{year}〕　　号", BODY, SIZE_BODY)
    edge = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", str(RED))):
        edge.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(edge)
    number._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")
    paragraph(paper)


def title(paper, *lines: str) -> None:
    for words in lines:
        say(paragraph(paper, align=CENTRED), words, TITLE, SIZE_TITLE)


def chapter(paper, words: str, sentences: Iterable[str] | None = None) -> None:
    """A head of the first level; of what there is none, that is said."""
    _head(paper, words, HEADING)
    if sentences is not None:
        for sentence in list(sentences) or ["没有。"]:
            write(paper, sentence)


def second(paper, words: str) -> None:
    _head(paper, words, SECOND)


def _head(paper, words: str, font: str) -> None:
    heading = paragraph(paper, indent=True)
    heading.paragraph_format.keep_with_next = True
    say(heading, words, font, SIZE_BODY)


def write(paper, words: str, *, align=None) -> Paragraph:
    written = paragraph(paper, align=align, indent=align is None)
    say(written, words, BODY, SIZE_BODY)
    return written


def small(paper, words: str) -> None:
    say(paragraph(paper, line=LINE_TABLE), words, FOOT, SIZE_TABLE)


def paragraph(place, *, align=None, indent=False, line=LINE) -> Paragraph:
    return shape(place.add_paragraph(), align=align, indent=indent, line=line)


def shape(written: Paragraph, *, align=None, indent=False, line=LINE) -> Paragraph:
    form = written.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.first_line_indent = SIZE_BODY * 2 if indent else None
    written.alignment = align
    return written


def say(written: Paragraph, words: str, font: str, size):
    run = written.add_run(UNWRITABLE.sub("", words))
    run.font.name, run.font.size = font, size
    # Word chooses the face of Chinese characters by this one.
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def table(
    paper, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]], *, under_picture: bool = False
) -> None:
    """`columns` are pairs of head and width in mm; the head repeats on every page, no row is torn.

    `under_picture`: all of it on the page of the picture, and each number in the middle below its shape.
    """
    drawn = paper.add_table(rows=1, cols=len(columns), style="Table Grid")
    # As wide as the text, and no wider: at the left a table would stand out by the room inside its cells.
    drawn.autofit, drawn.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, (_, width) in zip(drawn.columns, columns, strict=True):
        column.width = Mm(width)
    _fill(drawn.rows[0], [head for head, _ in columns], HEADING)
    _mark(drawn.rows[0], "w:tblHeader")
    for words in rows:
        _fill(drawn.add_row(), words, BODY)
    for row in drawn.rows:
        _mark(row, "w:cantSplit")
        for cell, (_, width) in zip(row.cells, columns, strict=True):
            cell.width = Mm(width)
    for row in drawn.rows[:-1] if under_picture else drawn.rows[:1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in drawn.rows if under_picture else []:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = CENTRED


def picture(paper, image: BytesIO, words: str) -> None:
    """As wide as the text, never parted from what stands under it; `words` are for those who cannot see it."""
    held = paper.add_paragraph()
    held.paragraph_format.space_before = held.paragraph_format.space_after = Pt(0)
    # A fixed line height would cut it off.
    held.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    held.paragraph_format.keep_with_next = True
    drawn = held.add_run().add_picture(image, width=WIDTH)._inline
    drawn.docPr.set("descr", UNWRITABLE.sub("", words))
    # Unsaid, some programs leave an eighth of an inch at each side.
    for side in ("distL", "distR", "distT", "distB"):
        drawn.set(side, "0")


def caption(paper, words: str) -> None:
    """Above a picture, on its page."""
    written = paragraph(paper, line=LINE)
    written.paragraph_format.keep_with_next = True
    say(written, words, HEADING, SIZE_TABLE)


def _fill(row, words: Sequence[str], font: str) -> None:
    for cell, text in zip(row.cells, words, strict=True):
        say(shape(cell.paragraphs[0], line=LINE_TABLE), text, font, SIZE_TABLE)


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def saved(paper, name: str) -> BytesIO:
    paper.core_properties.title, paper.core_properties.author = name, settings.SITE["owner"]
    file = BytesIO()
    paper.save(file)
    file.seek(0)
    return file
