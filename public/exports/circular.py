"""督查通报 as a Word file: the released quarter for those who answer for it, from the very rows of the bulletin."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from common.office.word import (
    NUMERALS,
    RIGHT,
    caption,
    chapter,
    new_paper,
    picture,
    red_head,
    saved,
    second,
    small,
    table,
    title,
    write,
)
from common.text.wording import cn_date, cn_quarter, number, stamp
from common.time.quarters import Quarter
from common.ui.chart_images import png
from common.ui.charts import HEADS
from progress.choices import TargetBasis
from public.exports.chart_tables import RULES_OF_PICTURES, chart_notes, chart_rows, chart_title
from public.read_models.bulletin import RULES, Bulletin, BulletinPart
from public.read_models.bulletin_lines import NOBODY_CONFIRMED, BulletinLine, NumberLine, RevisionLine
from public.read_models.circular import Circular
from public.read_models.trajectories import TrajectoryPath
from supervision.read_models.slips import OpenSlip
from tasks.read_models.titles import name_of

NUMBERS = [("任务", 38), ("指标（计数方式）", 36), ("当季目标", 24), ("实际", 20), ("差距", 18), ("数字进度", 20)]
SLIPS = [("督办单号", 30), ("任务", 38), ("主送单位", 20), ("级别", 20), ("要求回复日期", 28), ("是否回复", 20)]
NO_PAPER = "本件由演示数据生成，不是公文，没有文号，不加盖印章。"
LONGEST = 160
# Of the paper, in mm.
ACROSS = 156


def circular_name(found: Bulletin) -> str:
    return f"{'演示-' if found.demonstration else ''}{cn_quarter(found.year, found.quarter)}督查通报"


def circular_of(made: Circular) -> BytesIO:
    paper = new_paper(demonstration=made.bulletin.demonstration)
    _head(paper, made)
    for numeral, (words, content) in zip(NUMERALS, _chapters(made), strict=True):
        chapter(paper, f"{numeral}、{words}", None if callable(content) else content)
        if callable(content):
            content(paper, made)
    _foot(paper, made.bulletin)
    return saved(paper, circular_name(made.bulletin))


def _head(paper, made: Circular) -> None:
    found = made.bulletin
    if not found.demonstration:
        red_head(paper, _issuer(), timezone.localtime(made.at).year)
    mark = "【演示】" if found.demonstration else ""
    title(paper, f"{mark}关于{cn_quarter(found.year, found.quarter)}", "工作落实情况的督查通报")
    write(paper, "")
    write(paper, f"现将{cn_quarter(found.year, found.quarter)}各项公开承诺的落实情况通报如下。{_basis(made)}")


def _issuer() -> str:
    return settings.SITE["supervisor"] or settings.SITE["owner"]


def _basis(made: Circular) -> str:
    return f"数据截至{cn_date(made.bulletin.as_of)}，内容以{cn_date(made.at)}为止公布的各版为准。"


def _chapters(made: Circular) -> list[tuple[str, list[str] | Callable]]:
    """(head, its sentences or who writes what stands under it)."""
    found = made.bulletin
    revised = [_revised(*row) for part in found.parts for row in part.revised]
    return [
        ("总体情况", [f"{part.plan.name}：{part.counted}" for part in found.parts] + RULES[:3]),
        (_counted("落后的事项", found, "behind"), _behind),
        (_counted("逾期报送的", found, "late"), _each(found, "late", _late)),
        (_counted("未报送和退回修改中的", found, "silent"), _each(found, "silent", _silent)),
        (f"没有销号的督办单（{len(made.slips)}件）", _slips),
        (_counted("经批准延期报送的", found, "granted"), _each(found, "granted", _granted)),
        (_counted("单位自评与督查核定不一致的", found, "disagreeing"), _each(found, "disagreeing", _voices)),
        (_counted("依法暂不公开的", found, "withheld"), _each(found, "withheld", _withheld)),
        (_counted("公布以后的更正和补充", found, "revised"), revised),
        (_counted("指标完成情况", found, "numbers"), _numbers),
    ]


def _counted(words: str, found: Bulletin, name: str) -> str:
    return f"{words}（{sum(len(getattr(part, name)) for part in found.parts)}项）"


def _each(found: Bulletin, name: str, sentence) -> list[str]:
    return [sentence(line) for part in found.parts for line in getattr(part, name)]


def _behind(paper, made: Circular) -> None:
    lines = [line for part in made.bulletin.parts for line in part.behind]
    for line in lines:
        second(paper, name_of(line.task))
        write(paper, f"{_units(line)}。{_said(line)}。")
        for speaker, words in line.why:
            write(paper, f"{speaker}：{_short(words)}" if speaker else f"原因：{words}。")
    if not lines:
        write(paper, "没有。")


def _units(line: BulletinLine) -> str:
    return "、".join(line.units) or NOBODY_CONFIRMED


def _whose(line: BulletinLine) -> str:
    return f"{name_of(line.task)}：{_units(line)}"


def _said(line: BulletinLine) -> str:
    differ = "，两者不一致" if line.publication.voices_disagree else ""
    return f"单位自评{line.self_word}，督查核定{line.assessed_word}{differ}"


def _short(words: str) -> str:
    """One paragraph of bearable length; the whole stands in the bulletin."""
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST else f"{joined[:LONGEST]}……（全文见公报）"


def _late(line: BulletinLine) -> str:
    filed = cn_date(line.publication.first_filed_at)
    return f"{_whose(line)}，应于{cn_date(line.due_on)}前报送，{filed}首次报送，逾期{line.days_late}天。"


def _silent(line: BulletinLine) -> str:
    return f"{_whose(line)}，{line.publication.get_headline_display()}。"


def _slips(paper, made: Circular) -> None:
    write(paper, f"截至{cn_date(made.at)}发出而没有销号的。" if made.slips else "没有。")
    if made.slips:
        table(paper, SLIPS, map(_slip, made.slips))


def _slip(found: OpenSlip) -> list[str]:
    slip = found.slip
    mark = "【演示】" if slip.demonstration else ""
    unit, level = slip.department.short_name, found.line.level.label
    return [f"{mark}{slip.serial}", name_of(slip.task), unit, level, cn_date(found.asked_by), found.answer]


def _granted(line: BulletinLine) -> str:
    row = line.publication
    return (
        f"{_whose(line)}，原定{cn_date(row.period.due_on)}，经批准延期至{cn_date(row.extended_to)}，"
        f"{row.get_reporting_display()}。"
    )


def _voices(line: BulletinLine) -> str:
    return f"{_whose(line)}，单位自评{line.self_word}，督查核定{line.assessed_word}。"


def _withheld(line: BulletinLine) -> str:
    return f"{name_of(line.task)}：依据{line.publication.withheld_basis}。"


def _revised(line: BulletinLine, revision: RevisionLine) -> str:
    row, turned = revision.row, ""
    if revision.old.label != revision.new.label:
        turned = f"，公开状态由“{revision.old.label}”改为“{revision.new.label}”"
    return f"{name_of(line.task)}：{cn_date(row.published_at)}第{row.revision}版{turned}。{_ended(revision.why)}"


def _ended(words: str) -> str:
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def _numbers(paper, made: Circular) -> None:
    rows = [_number(line) for part in made.bulletin.parts for line in part.numbers]
    write(paper, RULES[3] if rows else "没有。")
    if rows:
        table(paper, NUMBERS, rows)
    if made.drawn:
        second(paper, f"各季度的计划和实际（{len(made.drawn)}个指标）")
    for words in RULES_OF_PICTURES if made.drawn else []:
        write(paper, words)
    for each in made.drawn:
        _draw(paper, each, Quarter(made.bulletin.year, made.bulletin.quarter))


def _draw(paper, each: TrajectoryPath, quarter: Quarter) -> None:
    """The columns of the table are those of the picture, so that each number stands under its shape."""
    chart = each.series[0].chart
    caption(paper, chart_title(each))
    picture(paper, png(chart), f"{chart.title}。{chart.desc}")
    heads, *rows = chart_rows(each)
    first = ACROSS * HEADS / 100
    widths = [first, *[(ACROSS - first) / len(chart.points)] * len(chart.points)]
    table(paper, list(zip(heads, widths, strict=True)), rows, under_picture=True)
    if words := chart_notes(each, quarter):
        small(paper, words)


def _number(line: NumberLine) -> list[str]:
    row = line.reading
    return [
        name_of(line.task),
        f"{row.indicator.name}（{line.counted}）",
        _plan(line),
        f"{number(row.value)}{row.indicator.unit}",
        line.gap_in_words or "不推算",
        line.standing,
    ]


def _plan(line: NumberLine) -> str:
    if not line.plan:
        return "没有"
    row = line.reading
    basis = "" if row.target_basis == TargetBasis.PRINTED else f"（{row.get_target_basis_display()}）"
    return f"{line.plan}{row.indicator.unit}{basis}"


def _foot(paper, found: Bulletin) -> None:
    """On one page: a digest alone on its page would be nobody's."""
    start = len(paper.paragraphs)
    write(paper, "")
    if found.demonstration:
        write(paper, NO_PAPER)
    else:
        # Signed and dated by hand, four characters in from the edge.
        for words in (_issuer(), "　　年　　月　　日"):
            write(paper, f"{words}　　　　", align=RIGHT)
    write(paper, "")
    for part in found.parts:
        small(paper, _digest(part))
    for written in paper.paragraphs[start:-1]:
        written.paragraph_format.keep_with_next = True


def _digest(part: BulletinPart) -> str:
    released = f"{part.plan.name}{part.period.label}，{stamp(part.period.released_at)}公布"
    return f"{released}，本次发布的校验值（SHA-256）：{part.release.sha256 if part.release else '没有记录'}"
