"""督查通报 as a Word file, from the same rows as the bulletin of its quarter."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.utils import timezone
from docx.document import Document

from common.office.word import (
    NUMERALS,
    RIGHT,
    caption,
    chapter,
    new_document,
    picture,
    red_head,
    save,
    small_print,
    subheading,
    table,
    title,
    write,
)
from common.text.wording import cn_date, cn_quarter, number, stamp
from common.time.quarters import Quarter
from common.ui.chart_images import png
from common.ui.charts import HEADS
from progress.choices import TargetBasis
from public.exports.chart_tables import CHART_RULES, chart_notes, chart_rows, chart_title
from public.read_models.bulletin import RULES, Bulletin, BulletinPart
from public.read_models.bulletin_lines import (
    NO_CONFIRMED_UNIT,
    BulletinLine,
    NumberLine,
    RevisionLine,
)
from public.read_models.circular import Circular
from public.read_models.trajectories import TrajectoryPath
from supervision.read_models.slips import OpenSlip
from tasks.read_models.titles import name_of

NUMBERS = [
    ("任务", 38),
    ("指标（计数方式）", 36),
    ("当季目标", 24),
    ("实际", 20),
    ("差距", 18),
    ("数字进度", 20),
]
SLIPS = [
    ("督办单号", 30),
    ("任务", 38),
    ("主送单位", 20),
    ("级别", 20),
    ("要求回复日期", 28),
    ("是否回复", 20),
]
Writer = Callable[[Document, Circular], None]
NOT_OFFICIAL = "本件由演示数据生成，不是公文，没有文号，不加盖印章。"
LONGEST_NOTE = 160
TEXT_WIDTH_MM = 156


def circular_name(bulletin: Bulletin) -> str:
    """The file name without its ending."""
    mark = "演示-" if bulletin.demonstration else ""
    return f"{mark}{cn_quarter(bulletin.year, bulletin.quarter)}督查通报"


def write_circular(circular: Circular) -> BytesIO:
    """The Word file of a circular."""
    document = new_document(demonstration=circular.bulletin.demonstration)
    _write_head(document, circular)
    chapters = _chapters(circular)
    for numeral, (words, content) in zip(NUMERALS[: len(chapters)], chapters, strict=True):
        chapter(document, f"{numeral}、{words}", None if callable(content) else content)
        if callable(content):
            content(document, circular)
    _write_foot(document, circular.bulletin)
    return save(document, circular_name(circular.bulletin))


def _write_head(document: Document, circular: Circular) -> None:
    bulletin = circular.bulletin
    if not bulletin.demonstration:
        red_head(document, _issuer(), timezone.localtime(circular.at).year)
    mark = "【演示】" if bulletin.demonstration else ""
    title(
        document,
        f"{mark}关于{cn_quarter(bulletin.year, bulletin.quarter)}",
        "工作落实情况的督查通报",
    )
    write(document, "")
    write(
        document,
        f"现将{cn_quarter(bulletin.year, bulletin.quarter)}各项公开承诺的落实情况通报如下。"
        f"{_basis(circular)}",
    )


def _issuer() -> str:
    return settings.SITE["supervisor"] or settings.SITE["owner"]


def _basis(circular: Circular) -> str:
    return (
        f"数据截至{cn_date(circular.bulletin.dates.as_of)}，"
        f"内容以{cn_date(circular.at)}为止公布的各版为准。"
    )


def _chapters(
    circular: Circular,
) -> list[tuple[str, list[str] | Writer]]:
    """(head, its sentences or the function that writes its content)."""
    bulletin = circular.bulletin
    revised = [_revision(*row) for part in bulletin.parts for row in part.revised]
    return [
        ("总体情况", [*map(_summary, bulletin.parts), *RULES[:3]]),
        (_head_with_count("落后的事项", bulletin, "behind"), _write_behind),
        (
            _head_with_count("逾期报送的", bulletin, "late"),
            _sentences(bulletin, "late", _late_report),
        ),
        (
            _head_with_count("未报送的", bulletin, "unreported"),
            _sentences(bulletin, "unreported", _missing_report),
        ),
        (
            _head_with_count("退回修改中的", bulletin, "returned"),
            _sentences(bulletin, "returned", _returned_report),
        ),
        (
            _head_with_count("提前截止时未报送的", bulletin, "closed_early"),
            _sentences(bulletin, "closed_early", _cut_short),
        ),
        *_silent_partners(bulletin),
        (f"没有销号的督办单（{len(circular.slips)}件）", _write_slips),
        (
            _head_with_count("经批准延期报送的", bulletin, "granted"),
            _sentences(bulletin, "granted", _extension),
        ),
        (
            _head_with_count("单位自评与督查核定不一致的", bulletin, "disagreeing"),
            _sentences(bulletin, "disagreeing", _disagreement),
        ),
        (
            _head_with_count("依法暂不公开的", bulletin, "withheld"),
            _sentences(bulletin, "withheld", _withholding),
        ),
        (_head_with_count("公布以后的更正和补充", bulletin, "revised"), revised),
        (_head_with_count("指标完成情况", bulletin, "numbers"), _write_numbers),
    ]


def _summary(part: BulletinPart) -> str:
    return f"{part.plan.name}：{part.summary}{part.year_end_summary}"


def _head_with_count(words: str, bulletin: Bulletin, name: str) -> str:
    return f"{words}（{sum(len(getattr(part, name)) for part in bulletin.parts)}项）"


def _sentences(bulletin: Bulletin, name: str, sentence: Callable[[BulletinLine], str]) -> list[str]:
    return [sentence(line) for part in bulletin.parts for line in getattr(part, name)]


def _write_behind(document: Document, circular: Circular) -> None:
    lines = [line for part in circular.bulletin.parts for line in part.behind]
    for line in lines:
        _write_behind_line(document, line)
    if not lines:
        write(document, "没有。")


def _write_behind_line(document: Document, line: BulletinLine) -> None:
    subheading(document, _name(line))
    write(document, f"{_units(line)}。{_voices_in_words(line)}。")
    for speaker, words in line.why:
        write(document, f"{speaker}：{_shortened(words)}" if speaker else f"原因：{words}。")


def _name(line: BulletinLine) -> str:
    """The name of the task, with its year-end conclusion once that is published."""
    return f"{name_of(line.task)}（{line.year_end}）" if line.year_end else name_of(line.task)


def _units(line: BulletinLine) -> str:
    return "、".join(line.units) or NO_CONFIRMED_UNIT


def _task_and_units(line: BulletinLine) -> str:
    return f"{_name(line)}：{_units(line)}"


def _voices_in_words(line: BulletinLine) -> str:
    differ = "，两者不一致" if line.publication.voices_disagree else ""
    return f"单位自评{line.self_word}，{line.assessed_phrase}{differ}"


def _shortened(words: str) -> str:
    """A note as one paragraph, cut off where it is long; the bulletin has the whole text."""
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST_NOTE else f"{joined[:LONGEST_NOTE]}……（全文见公报）"


def _late_report(line: BulletinLine) -> str:
    filed = cn_date(line.publication.first_filed_at)
    return (
        f"{_task_and_units(line)}，应于{cn_date(line.due_on)}前报送，{filed}首次报送，"
        f"逾期{line.days_late}天。"
    )


def _missing_report(line: BulletinLine) -> str:
    return f"{_task_and_units(line)}，应于{cn_date(line.due_on)}前报送，未报送。"


def _returned_report(line: BulletinLine) -> str:
    filed = line.publication.first_filed_at
    came = f"{cn_date(filed)}首次报送，" if filed else ""
    return f"{_task_and_units(line)}，{came}退回修改中。"


def _cut_short(line: BulletinLine) -> str:
    return f"{_task_and_units(line)}，原定{cn_date(line.due_on)}截止，提前截止时未报送。"


def _silent_partners(bulletin: Bulletin) -> list[tuple[str, list[str] | Writer]]:
    """The chapter on partners who filed no part; none where there are none."""
    head = _head_with_count("牵头单位已报送、未收到配合单位部分的", bulletin, "without_parts")
    sentences = _sentences(bulletin, "without_parts", _silent_partner)
    return [(head, sentences)] if sentences else []


def _silent_partner(line: BulletinLine) -> str:
    return f"{_task_and_units(line)}，未收到{line.publication.silent_units}部分。"


def _write_slips(document: Document, circular: Circular) -> None:
    write(document, f"截至{cn_date(circular.at)}发出而没有销号的。" if circular.slips else "没有。")
    if circular.slips:
        table(document, SLIPS, map(_slip, circular.slips))


def _slip(open_slip: OpenSlip) -> list[str]:
    slip = open_slip.slip
    mark = "【演示】" if slip.demonstration else ""
    unit, level = slip.department.short_name, open_slip.line.level.label
    return [
        f"{mark}{slip.serial}",
        name_of(slip.task),
        unit,
        level,
        cn_date(open_slip.reply_due_on),
        open_slip.answer,
    ]


def _extension(line: BulletinLine) -> str:
    row = line.publication
    return (
        f"{_task_and_units(line)}，原定{cn_date(row.period.due_on)}，"
        f"经批准延期至{cn_date(row.extended_to)}，"
        f"{row.get_reporting_display()}。"
    )


def _disagreement(line: BulletinLine) -> str:
    return f"{_task_and_units(line)}，单位自评{line.self_word}，{line.assessed_phrase}。"


def _withholding(line: BulletinLine) -> str:
    return f"{_name(line)}：依据{line.publication.withheld_basis}。"


def _revision(line: BulletinLine, revision: RevisionLine) -> str:
    row, change = revision.row, ""
    if revision.old.label != revision.new.label:
        change = f"，公开状态由“{revision.old.label}”改为“{revision.new.label}”"
    return (
        f"{_name(line)}：{cn_date(row.published_at)}第{row.revision}版{change}。"
        f"{_as_sentence(revision.why)}"
    )


def _as_sentence(words: str) -> str:
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def _write_numbers(document: Document, circular: Circular) -> None:
    rows = [_number(line) for part in circular.bulletin.parts for line in part.numbers]
    write(document, RULES[3] if rows else "没有。")
    if rows:
        table(document, NUMBERS, rows)
    if circular.trajectories:
        _write_charts(document, circular)


def _write_charts(document: Document, circular: Circular) -> None:
    subheading(document, f"各季度的计划和实际（{len(circular.trajectories)}个指标）")
    for words in CHART_RULES:
        write(document, words)
    for path in circular.trajectories:
        _write_chart(document, path, Quarter(circular.bulletin.year, circular.bulletin.quarter))


def _write_chart(document: Document, path: TrajectoryPath, quarter: Quarter) -> None:
    """A chart and its table, with equal columns, so that each number stands under its shape."""
    chart = path.series[0].chart
    caption(document, chart_title(path))
    picture(document, png(chart), f"{chart.title}。{chart.desc}")
    heads, *rows = chart_rows(path)
    first = TEXT_WIDTH_MM * HEADS / 100
    widths = [first, *[(TEXT_WIDTH_MM - first) / len(chart.points)] * len(chart.points)]
    table(document, list(zip(heads, widths, strict=True)), rows, under_picture=True)
    if words := chart_notes(path, quarter):
        small_print(document, words)


def _number(line: NumberLine) -> list[str]:
    row = line.reading
    return [
        name_of(line.task),
        f"{row.indicator.name}（{line.mode_label}）",
        _plan(line),
        f"{number(row.value)}{row.indicator.unit}",
        line.deviation_label or "不推算",
        line.trajectory_label,
    ]


def _plan(line: NumberLine) -> str:
    if not line.plan:
        return "没有"
    row = line.reading
    basis = (
        "" if row.target_basis == TargetBasis.PRINTED else f"（{row.get_target_basis_display()}）"
    )
    return f"{line.plan}{row.indicator.unit}{basis}"


def _write_foot(document: Document, bulletin: Bulletin) -> None:
    """The signature and digests, kept on one page: a digest alone would belong to nothing."""
    start = len(document.paragraphs)
    write(document, "")
    if bulletin.demonstration:
        write(document, NOT_OFFICIAL)
    else:
        # Signed and dated by hand, four characters in from the edge.
        for words in (_issuer(), "　　年　　月　　日"):
            write(document, f"{words}　　　　", align=RIGHT)
    write(document, "")
    for part in bulletin.parts:
        small_print(document, _digest(part))
    for paragraph in document.paragraphs[start:-1]:
        paragraph.paragraph_format.keep_with_next = True


def _digest(part: BulletinPart) -> str:
    released = f"{part.plan.name}{part.period.label}，{stamp(part.period.released_at)}公布"
    words = (
        f"{released}，"
        f"本次发布的校验值（SHA-256）：{part.release.sha256 if part.release else '没有记录'}"
    )
    return f"{words}。公开{part.witness}" if part.witness else words
