"""The bulletin of a quarter as a workbook: every line and number of the page, with its rules."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from django.http import FileResponse

from common.office.worksheets import OverflowText, Picture, Worksheet, download
from common.text.wording import cn_date, stamp
from common.time.quarters import Quarter
from common.ui.chart_images import png
from common.ui.charts import HEADS
from public.exports.chart_tables import CHART_RULES, chart_notes, chart_rows, chart_title
from public.exports.circular import circular_name
from public.read_models.bulletin import RULES, Bulletin, BulletinPart
from public.read_models.bulletin_lines import BulletinLine, NumberLine, RevisionLine
from public.read_models.trajectories import TrajectoryPath
from publishing.models import Publication
from publishing.read_models.public_status import headline_voice
from supervision.read_models.slips import PublicSlip

DEMO = ("演示", 8)
COUNTS = [
    ("文件", 30),
    ("全部承诺", 10),
    ("公布了进展", 12),
    ("已完成", 10),
    ("在推进或还没有启动", 20),
    ("落后", 8),
]
COUNTS += [("逾期报送", 10), ("未报送", 10), ("退回修改中", 12), ("提前截止时未报送", 18)]
COUNTS += [("经批准延期报送", 16), ("两者不一致", 12)]
COUNTS += [("依法暂不公开", 14), ("曾批准延期", 12), ("不再要求报送", 14), ("公布以后的版次", 16)]
LINES = [
    ("编号", 12),
    ("文件", 24),
    ("序号", 6),
    ("任务", 36),
    ("责任单位", 24),
    ("公开状态", 14),
    ("状态出处", 18),
    ("年终结论", 14),
]
LINES += [
    ("落后", 6),
    ("单位自评", 12),
    ("督查核定", 12),
    ("两者不一致", 12),
    ("说明", 60),
    ("报送", 18),
]
LINES += [
    ("应报送", 14),
    ("首次报送", 18),
    ("逾期天数", 10),
    ("经批准延期至", 14),
    ("暂不公开依据", 30),
]
LINES += [("数据截至", 14), ("版次", 6), ("校验值 SHA-256", 66), DEMO]
NUMBERS = [
    ("编号", 12),
    ("任务", 36),
    ("指标", 24),
    ("单位", 8),
    ("计数方式", 12),
    ("当季目标", 16),
]
NUMBERS += [("目标依据", 18), ("实际", 12), ("差距", 12), ("数字进度", 24), ("说明", 30), DEMO]
REVISIONS = [
    ("编号", 12),
    ("任务", 36),
    ("公布时间", 18),
    ("版次", 6),
    ("原状态", 14),
    ("现状态", 14),
    ("原因", 60),
    DEMO,
]
SLIPS = [("编号", 12), ("任务", 36), ("级别", 16), DEMO]
# How many rows a chart covers.
CHART_ROWS = 8


def bulletin_workbook(
    bulletin: Bulletin, trajectories: list[TrajectoryPath], *, day: date | None = None, at: datetime
) -> FileResponse:
    """The workbook of a bulletin, exported at the moment `at`.

    `trajectories` are drawn as charts; `day` is the past day as of which the bulletin was read, or
    None for now.
    """
    parts = bulletin.parts
    sheets = [
        Worksheet("总数", COUNTS, map(_counts, parts)),
        Worksheet("各项", LINES, _rows_of(parts, _lines)),
        Worksheet("督办", SLIPS, _rows_of(parts, _slips)),
        Worksheet("指标", NUMBERS, _rows_of(parts, _numbers)),
        _charts(bulletin, trajectories),
        Worksheet("更正和补充", REVISIONS, _rows_of(parts, _revisions)),
        Worksheet("说明", [("项目", 22), ("内容", 90)], _notes(bulletin, day, at)),
    ]
    mark = f"（{cn_date(day)}）" if day else ""
    return download(sheets, f"{circular_name(bulletin)}{mark}.xlsx")


Row = list[object]


def _rows_of(
    parts: list[BulletinPart], rows_of_part: Callable[[BulletinPart], Iterable[Row]]
) -> list[Row]:
    """The rows of every part, one below the other."""
    return [row for part in parts for row in rows_of_part(part)]


def _lines(part: BulletinPart) -> list[Row]:
    return [_line(part, line) for line in _behind_first(part)]


def _slips(part: BulletinPart) -> list[Row]:
    return [_slip(slip) for slip in part.slips or []]


def _numbers(part: BulletinPart) -> list[Row]:
    return [_number(line) for line in part.numbers]


def _revisions(part: BulletinPart) -> list[Row]:
    return [_revision(*row) for row in part.revised]


def _slip(slip: PublicSlip) -> Row:
    return [slip.task.code, slip.task.title, slip.chip.label, "演示" if slip.chip.demo else ""]


def _charts(bulletin: Bulletin, trajectories: list[TrajectoryPath]) -> Worksheet:
    """The charts one below the other, each with its title above and its rows and notes below."""
    rows: list[list[object]] = []
    pictures = []
    for path in trajectories:
        rows += [[OverflowText(chart_title(path))], *([] for _ in range(CHART_ROWS))]
        # The first row is the head of the sheet.
        pictures.append(
            Picture(
                png(path.series[0].chart),
                len(chart_rows(path)[0]),
                len(rows) + 1 - CHART_ROWS,
                len(rows) + 1,
            )
        )
        rows += [
            *(list[object](row) for row in chart_rows(path)),
            [OverflowText(chart_notes(path, Quarter(bulletin.year, bulletin.quarter)))],
            [],
        ]
    most = max((len(path.series[0].steps) for path in trajectories), default=0)
    return Worksheet(
        "计划和实际",
        [("计划和实际", HEADS), *[("", (100 - HEADS) // 4)] * most],
        rows,
        pictures=pictures,
    )


def _counts(part: BulletinPart) -> Row:
    lists = (
        part.done,
        part.under_way,
        part.behind,
        part.late,
        part.unreported,
        part.returned,
        part.closed_early,
        part.extended,
        part.disagreeing,
        part.withheld,
    )
    counted = [len(lines) for lines in (*lists, part.granted, part.ended, part.revised)]
    return [part.plan.name, len(part.lines), part.reported, *counted]


def _behind_first(part: BulletinPart) -> list[BulletinLine]:
    behind = part.behind
    return [*behind, *(line for line in part.lines if line not in behind)]


def _line(part: BulletinPart, line: BulletinLine) -> Row:
    row = line.publication
    why = "\n".join(_in_words(*reason) for reason in line.why) if row.self_pace else ""
    return [
        *(
            line.task.code,
            part.plan.name,
            line.task.number,
            line.task.title,
            "、".join(line.units) or "待确认",
        ),
        *(row.get_headline_display(), headline_voice(row)),
        line.conclusion.get_verdict_display() if line.conclusion else None,
        _yes(line in part.behind),
        *(
            row.get_self_pace_display(),
            row.get_assessment_pace_display(),
            _yes(row.voices_disagree),
        ),
        *(
            why,
            row.get_reporting_display(),
            cn_date(line.due_on),
            stamp(row.first_filed_at),
            line.days_late or None,
        ),
        *(
            cn_date(row.extended_to),
            row.withheld_basis,
            cn_date(row.data_date),
            row.revision,
            row.sha256,
        ),
        _demo(row),
    ]


def _yes(holds: object) -> str:
    return "是" if holds else ""


def _in_words(speaker: str, words: str) -> str:
    return f"{speaker}：{words}" if speaker else words


def _number(line: NumberLine) -> Row:
    row = line.reading
    return [
        *(
            line.task.code,
            line.task.title,
            row.indicator.name,
            row.indicator.unit,
            line.mode_label,
            line.plan,
        ),
        *(
            row.get_target_basis_display(),
            row.value,
            line.deviation,
            line.trajectory_label,
            row.note,
            _demo(row.publication),
        ),
    ]


def _revision(line: BulletinLine, revision: RevisionLine) -> Row:
    row = revision.row
    cells = [line.task.code, line.task.title, stamp(row.published_at), row.revision]
    return [*cells, revision.old.label, revision.new.label, revision.why, _demo(row)]


def _demo(row: Publication) -> str:
    return "演示" if row.demonstration else ""


def _notes(bulletin: Bulletin, day: date | None, at: datetime) -> list[tuple[str, str]]:
    notes = [("数据截至", cn_date(bulletin.dates.as_of)), ("导出时间", stamp(at))]
    if day:
        words = f"{cn_date(day)}结束时公布的内容，不含督办和计划与实际的图"
        notes.append(("过去的情况", words))
    if bulletin.demonstration:
        notes.append(("演示", "演示数据，不是真实情况。"))
    for part in bulletin.parts:
        notes += _notes_on_part(part, is_past=day is not None)
    rules = [*RULES, *CHART_RULES, "空格表示没有，不是零。"]
    return notes + [("口径", rule) for rule in rules]


def _notes_on_part(part: BulletinPart, *, is_past: bool) -> Iterator[tuple[str, str]]:
    yield "公布时间", f"{part.plan.name} {stamp(part.period.released_at)}"
    yield "合计", part.summary
    if part.release:
        yield "校验值 SHA-256", part.release.sha256
    if part.witness:
        yield "公开记录", str(part.witness)
    if part.slips is None and not is_past:
        yield "督办", f"{part.plan.name}的督办单不公开。"
