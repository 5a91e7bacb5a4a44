"""报审稿 as a Word file in the layout of GB/T 9704-2012, for the leader who signs it.

No red head, number or seal: it is a paper on its way to be approved, not an issued document.
"""

from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.utils.timezone import localtime
from docx.document import Document

from common.office.word import (
    CENTRED,
    NUMERALS,
    chapter,
    new_document,
    save,
    table,
    title,
    write,
)
from common.text.wording import cn_date
from progress.models import ReportingPeriod
from publishing.models import Release
from tasks.read_models.titles import name_of
from workspace.read_models.release import Preview, PreviewLine

COLUMNS = [
    ("序号", 12),
    ("任务", 52),
    ("公开状态", 28),
    ("单位自评", 21),
    ("督查核定", 21),
    ("报送", 22),
]
SIGNED = "签字：               年   月   日"


def release_draft(
    period: ReportingPeriod,
    release: Release | None,
    preview: Preview,
    *,
    at: datetime,
) -> BytesIO:
    """The Word file of the lines the page shows; it says if no release is prepared yet."""
    paper = new_document(demonstration=period.demonstration)
    _head(paper, period, release, at)
    write(paper, preview.counted)
    chapters: list[tuple[str, list[str] | None]] = [
        ("未报送的", [_named(line) for line in preview.silent])
    ]
    # The period was closed early, or its day is not over: there are these only then.
    if preview.closed_early:
        due = f"原定{cn_date(period.due_on)}截止，提前截止"
        lines = [f"{_named(line)}，{due}" for line in preview.closed_early]
        chapters.append(("提前截止时未报送的", lines))
    if preview.awaited:
        chapters.append(("待报送的", [_awaited(line) for line in preview.awaited]))
    chapters += [
        ("经批准延期报送的", [_extended(line) for line in preview.extended]),
        ("退回修改中的", [_returned(line) for line in preview.returned]),
        ("依法暂不公开的", [_withheld(release, line) for line in preview.withheld]),
        ("各项将要公布的状态", None),
    ]
    for numeral, (words, sentences) in zip(NUMERALS, chapters, strict=False):
        chapter(paper, f"{numeral}、{words}", sentences)
    table(paper, COLUMNS, map(_cells, preview.lines))
    _signatures(paper, release)
    return save(paper, f"{period.plan.name}{period.label}进展公报（报审稿）")


def _named(line: PreviewLine) -> str:
    return f"{name_of(line.task)}：{line.owner}"


def _awaited(line: PreviewLine) -> str:
    return f"{_named(line)}，{cn_date(line.publication.period.due_on)}截止"


def _extended(line: PreviewLine) -> str:
    return f"{_named(line)}，延期至{cn_date(line.publication.extended_to)}"


def _returned(line: PreviewLine) -> str:
    filed = line.publication.first_filed_at
    return f"{_named(line)}{f'，{cn_date(filed)}首次报送' if filed else ''}"


def _withheld(release: Release | None, line: PreviewLine) -> str:
    clearance = release.clearances.filter(task=line.task).first() if release else None
    again = f"，{cn_date(clearance.review_on)}再审查" if clearance else ""
    return f"{name_of(line.task)}：依据{line.publication.withheld_basis}{again}"


def _head(paper: Document, period: ReportingPeriod, release: Release | None, at: datetime) -> None:
    demo = "【演示】" if period.demonstration else ""
    title(paper, f"{demo}{period.plan.name}", f"{period.label}进展公报（报审稿）")
    made = settings.SITE["owner"] if release else "预览，尚未准备报审稿"
    write(paper, f"{made}，{localtime(at):%Y-%m-%d %H:%M}生成", align=CENTRED)


def _cells(line: PreviewLine) -> list[str]:
    row = line.publication
    missing_part = f"未收到{row.silent_units}部分" if row.silent_units else ""
    return [
        str(line.task.number),
        f"{line.task.title}（{line.task.code}）",
        " ".join(filter(None, [line.part.chip.label, line.part.chip.note, missing_part])),
        row.get_self_pace_display() or "没有自评",
        row.get_assessment_pace_display() or ("待核查" if row.self_pace else "没有核定"),
        row.get_reporting_display(),
    ]


def _signatures(paper: Document, release: Release | None) -> None:
    prepared = f"{release.prepared_by}（{cn_date(release.prepared_at)}）" if release else ""
    write(paper, "")
    for words in (f"准备人：{prepared}", SIGNED, "批准人：", SIGNED):
        write(paper, words)
    for paragraph in paper.paragraphs[-4:-1]:
        paragraph.paragraph_format.keep_with_next = True
