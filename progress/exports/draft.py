"""报审稿 as a Word file in the layout of GB/T 9704-2012, for the leader who signs it.

No red head, number or seal: it is a paper on its way to be approved, not an issued document.
"""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.utils.timezone import localtime
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from progress.models import Release, ReportingPeriod
from progress.overview.release import Preview, PreviewLine
from yantian_portal.lib.sheets import UNWRITABLE
from yantian_portal.lib.wording import cn_date

TITLE, BODY, HEADING, FOOT = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
# 二号, 三号, 四号, and small enough for six columns.
SIZE_TITLE, SIZE_BODY, SIZE_FOOT, SIZE_TABLE = Pt(22), Pt(16), Pt(14), Pt(11)
LINE, LINE_TABLE = Pt(28), Pt(16)
COLUMNS = [("序号", 12), ("任务", 52), ("公开状态", 28), ("单位自评", 21), ("督查核定", 21), ("报送", 22)]
CENTRED = WD_ALIGN_PARAGRAPH.CENTER
DEMONSTRATION = "演示数据，不是真实情况"
SIGNED = "签字：               年   月   日"


def draft_of(period: ReportingPeriod, release: Release | None, shown: Preview, *, at: datetime) -> BytesIO:
    """The file, from the very lines the page shows."""
    paper = Document()
    _lay_out(paper)
    _head(paper, period, release, at)
    _write(paper, shown.counted)
    _chapter(paper, "一、未报送的", [f"{_name(line)}：{line.owner}" for line in shown.silent])
    _chapter(paper, "二、经批准延期报送的", [_extended(line) for line in shown.extended])
    _chapter(paper, "三、退回修改中的", [_returned(line) for line in shown.returned])
    withheld = [
        f"{_name(line)}：依据{line.shown.withheld_basis}{_review_day(release, line)}" for line in shown.withheld
    ]
    _chapter(paper, "四、依法暂不公开的", withheld)
    _chapter(paper, "五、各项将要公布的状态")
    _table(paper, shown.lines)
    _signatures(paper, release)
    paper.core_properties.title = f"{period.plan.name}{period.label}进展公报（报审稿）"
    paper.core_properties.author = settings.SITE["owner"]
    file = BytesIO()
    paper.save(file)
    file.seek(0)
    return file


def _name(line: PreviewLine) -> str:
    return f"第{line.task.number}项 {line.task.title}（{line.task.code}）"


def _extended(line: PreviewLine) -> str:
    return f"{_name(line)}：{line.owner}，延期至{cn_date(line.shown.extended_to)}"


def _returned(line: PreviewLine) -> str:
    filed = line.shown.first_filed_at
    return f"{_name(line)}：{line.owner}{f'，{cn_date(filed)}首次报送' if filed else ''}"


def _review_day(release: Release | None, line: PreviewLine) -> str:
    found = release.clearances.filter(task=line.task).first() if release else None
    return f"，{cn_date(found.review_on)}复核" if found else ""


def _lay_out(paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    plain = paper.styles["Normal"]
    plain.font.size, plain.font.name = SIZE_BODY, BODY
    plain.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTRED
    _say(foot, "— ", FOOT, SIZE_FOOT)
    _page_number(foot)
    _say(foot, " —", FOOT, SIZE_FOOT)


def _page_number(foot: Paragraph) -> None:
    run = _say(foot, "", FOOT, SIZE_FOOT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _head(paper, period: ReportingPeriod, release: Release | None, at: datetime) -> None:
    demo = "【演示】" if period.demonstration else ""
    if demo:
        top = paper.sections[0].header.paragraphs[0]
        top.alignment = CENTRED
        _say(top, DEMONSTRATION, FOOT, SIZE_FOOT)
    for words in (f"{demo}{period.plan.name}", f"{period.label}进展公报（报审稿）"):
        _say(_paragraph(paper, align=CENTRED), words, TITLE, SIZE_TITLE)
    made = settings.SITE["owner"] if release else "预览，尚未准备报审稿"
    _write(paper, f"{made}，{localtime(at):%Y-%m-%d %H:%M}生成", align=CENTRED)


def _chapter(paper, title: str, sentences: Iterable[str] | None = None) -> None:
    heading = _paragraph(paper, indent=True)
    heading.paragraph_format.keep_with_next = True
    _say(heading, title, HEADING, SIZE_BODY)
    if sentences is not None:
        for sentence in list(sentences) or ["没有。"]:
            _write(paper, sentence)


def _write(paper, words: str, *, align=None) -> None:
    _say(_paragraph(paper, align=align, indent=align is None), words, BODY, SIZE_BODY)


def _paragraph(place, *, align=None, indent=False, line=LINE) -> Paragraph:
    return _set(place.add_paragraph(), align=align, indent=indent, line=line)


def _set(paragraph: Paragraph, *, align=None, indent=False, line=LINE) -> Paragraph:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.first_line_indent = SIZE_BODY * 2 if indent else None
    paragraph.alignment = align
    return paragraph


def _say(paragraph: Paragraph, words: str, font: str, size):
    run = paragraph.add_run(UNWRITABLE.sub("", words))
    run.font.name, run.font.size = font, size
    # Word chooses the face of Chinese characters by this one.
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _table(paper, lines: list[PreviewLine]) -> None:
    table = paper.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for column, (_, width) in zip(table.columns, COLUMNS, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0], [title for title, _ in COLUMNS], HEADING)
    _mark(table.rows[0], "w:tblHeader")
    for line in lines:
        _fill(table.add_row(), _cells(line), BODY)
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, (_, width) in zip(row.cells, COLUMNS, strict=True):
            cell.width = Mm(width)


def _cells(line: PreviewLine) -> list[str]:
    row = line.shown
    return [
        str(line.task.number),
        f"{line.task.title}（{line.task.code}）",
        " ".join(filter(None, [line.part.chip.label, line.part.chip.note])),
        row.get_self_pace_display() or "没有自评",
        row.get_assessment_pace_display() or ("待核查" if row.self_pace else "没有核定"),
        row.get_reporting_display(),
    ]


def _fill(row, words: list[str], font: str) -> None:
    for cell, text in zip(row.cells, words, strict=True):
        _say(_set(cell.paragraphs[0], line=LINE_TABLE), text, font, SIZE_TABLE)


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _signatures(paper, release: Release | None) -> None:
    prepared = f"{release.prepared_by}（{cn_date(release.prepared_at)}）" if release else ""
    _write(paper, "")
    for words in (f"准备人：{prepared}", SIGNED, "批准人：", SIGNED):
        _write(paper, words)
    for paragraph in paper.paragraphs[-4:-1]:
        paragraph.paragraph_format.keep_with_next = True
