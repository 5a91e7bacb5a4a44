"""A few plain sentences about a task: how it ended, what was promised and reached, who says so."""

import json
from decimal import Decimal
from itertools import groupby

from common.text.wording import cn_date, first_sentence, number
from progress.choices import Method, State
from progress.rules.verdicts import ON_PATH_FROM
from public.read_models.comparisons import UNFILLED, Comparison, is_share
from publishing.models import Publication, YearEnd
from publishing.read_models.public_status import (
    NOT_COLLECTED,
    WITHOUT_WORDS,
    extended_until,
    missing_word,
)
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models import Plan, Target

NAMED_AT_MOST = 3
# After these the unit's words of an earlier quarter are still worth reading.
SILENT = [State.NOT_REPORTED, State.CLOSED_EARLY, State.RETURNED, State.EXTENDED]
SUMMED_BY_US = "（合计由本平台计算）"


def answer(
    plan: Plan,
    comparisons: list[Comparison],
    promises: int,
    published: list[Publication],
    verdict: YearEnd | None,
) -> list[str]:
    """The sentences about a task of the plan.

    `published` are its publications, oldest first, with their readings; `verdict` is its newest
    published year-end conclusion; `promises` is the number of its commitments.
    """
    without_numbers = f"文件写明{promises}条承诺内容，没有可以逐季对照的数字"
    sentences = [
        _concluded(verdict, published),
        _compared(comparisons),
        _reported(plan, published),
        "" if comparisons else without_numbers,
    ]
    return [f"{sentence}。" for sentence in sentences if sentence]


def _concluded(verdict: YearEnd | None, published: list[Publication]) -> str:
    """The conclusion of the year; empty once a later year has been published."""
    if verdict is None or (published and published[-1].period.year > verdict.year):
        return ""
    reason = first_sentence(verdict.reason)
    why = f"（{reason}）" if reason else ""
    return f"{verdict.year}年年终结论：{verdict.get_verdict_display()}{why}"


def _compared(comparisons: list[Comparison]) -> str:
    """The promised numbers with what was reached of each; those with a number come first."""
    in_order = sorted(comparisons, key=lambda each: each.value is None)
    named = [each for each in in_order if each.says_anything][:NAMED_AT_MOST]
    if not named:
        return ""
    groups = [list(alike) for _, alike in groupby(named, key=_alike)]
    phrases = [phrase for alike in groups for phrase in _phrases(alike)]
    if left := len(comparisons) - len(named):
        phrases.append(f"另有{left}项数字列在下面")
    summed = SUMMED_BY_US if any(each.holds_a_sum for each in named) else ""
    return f"{'；'.join(phrases)}{summed}"


def _alike(comparison: Comparison) -> tuple[bool, str, str]:
    return comparison.value is None, _promise(comparison), comparison.missing


def _phrases(alike: list[Comparison]) -> list[str]:
    """A phrase for each number; one for all where none has a number."""
    if alike[0].value is not None:
        return [compared_in_words(each) for each in alike]
    promised = f"{_promise(alike[0])}{'、'.join(map(_promised, alike))}"
    return ["，".join(filter(None, [promised, _missing_in_words(alike[0])]))]


def compared_in_words(comparison: Comparison) -> str:
    """One promised number with what was reached of it.

    A year's value alone is called a promise: 承诺厕所40座，到第三季度累计填报28座，还差12座.
    """
    head = f"{_promise(comparison)}{_promised(comparison)}"
    return f"{head}，{_reached(comparison)}"


def compared_without_name(comparison: Comparison) -> str:
    """The same below the name of the indicator: 承诺不少于40座，四个季度填报合计38座，差2座."""
    return f"{_promise(comparison)}{_value_promised(comparison)}，{_reached(comparison)}"


def _promised(comparison: Comparison) -> str:
    return f"{comparison.indicator.name}{_value_promised(comparison)}"


def _value_promised(comparison: Comparison) -> str:
    indicator, target = comparison.indicator, comparison.target
    amount = f"{target.amount}{indicator.unit}{_former_value(comparison)}" if target else ""
    return f"{comparison.promised_word}{amount}"


def _promise(comparison: Comparison) -> str:
    """承诺 before a printed value of the whole year, with the year in a plan of several.

    Where the document only strives for the value, its own word (力争) stands there.
    """
    plan, target = comparison.plan, comparison.target
    if target is None or not comparison.is_printed_for_the_year:
        return ""
    is_one_year = plan.starts_on.year == plan.ends_on.year
    word = comparison.striving or "承诺"
    return word if is_one_year else f"{target.year}年{word}"


def _former_value(comparison: Comparison) -> str:
    """The first value of a changed target, which is always named beside the new one."""
    indicator, target = comparison.indicator, comparison.target
    if target is None:
        return ""
    when = (target.year, target.quarter)
    alike = [row for row in indicator.targets.all() if (row.year, row.quarter) == when]
    former = next((row for row in alike if row != target), None)
    return f"（原为{former.amount}{indicator.unit}，经批准调整）" if former else ""


def _reached(comparison: Comparison) -> str:
    value = f"{_filed_when(comparison)}{number(comparison.value)}{comparison.indicator.unit}"
    parts = filter(None, [value, comparison.lacks_in_words, standing(comparison)])
    since = [comparison.done_since_in_words, comparison.later_in_words]
    return "；".join(filter(None, ["，".join(parts), *since]))


def _missing_in_words(comparison: Comparison) -> str:
    """Why there is no number; nothing where the task has no publication, which is said once."""
    if not comparison.has_report:
        return ""
    unfilled = "没有填报数" if comparison.is_over else "还没有填报数"
    return unfilled if comparison.missing == UNFILLED else comparison.missing


def _filed_when(comparison: Comparison) -> str:
    """填报 with the time that the number counts: 到第三季度累计填报, 四个季度填报合计."""
    when = comparison.when
    if comparison.is_sum:
        return f"{when}填报合计"
    if comparison.is_of_that_quarter:
        return "填报"
    words: dict[str, str] = {
        IndicatorMode.PER_QUARTER: f"{when}填报",
        IndicatorMode.CUMULATIVE: f"到{when}累计填报",
        IndicatorMode.AT_END: f"{when}末填报",
    }
    return words[comparison.indicator.mode]


def standing(comparison: Comparison) -> str:
    """How far the number is from what was promised; empty where the two are not of a kind.

    A shortfall is not told once the commitment was done in a later quarter.
    """
    target = comparison.target
    if target is None or comparison.value is None or comparison.is_of_unlike:
        return ""
    if comparison.done_since:
        return ""
    return _as_published(comparison, _standing(comparison, comparison.value, target))


def _as_published(comparison: Comparison, found: str) -> str:
    """A sum with a gap may only be said to be enough."""
    return found if found == "达到" or not comparison.lacks else f"按已公布的{found}"


def _standing(comparison: Comparison, value: Decimal, target: Target) -> str:
    unit = "个百分点" if is_share(comparison.indicator) else comparison.indicator.unit
    if target.direction == TargetDirection.AT_MOST:
        over = value - target.value
        return f"超出{number(over)}{unit}" if over > 0 else "没有超过"
    about = "约" if target.direction == TargetDirection.ABOUT else ""
    if value < target.value:
        if about and comparison.is_over and value >= target.value * ON_PATH_FROM:
            return "大致相符"
        still = "" if comparison.is_over else "还"
        return f"{still}差{about}{number(target.value - value)}{unit}"
    return _enough(value, target, unit)


def _within(value: Decimal, target: Target, unit: str) -> str:
    """In words, whether a number that is not below a range is within it."""
    over = value - (target.value if target.value_max is None else target.value_max)
    return f"超出{number(over)}{unit}" if over > 0 else "在范围内"


def _enough(value: Decimal, target: Target, unit: str) -> str:
    """In words, that a number is not below its target."""
    if target.direction == TargetDirection.RANGE:
        return _within(value, target, unit)
    over = value - target.value
    has_its_measure = target.direction in (TargetDirection.EXACTLY, TargetDirection.ABOUT)
    return f"多{number(over)}{unit}" if over and has_its_measure else "达到"


def _reported(plan: Plan, published: list[Publication]) -> str:
    if not published:
        untracked = missing_word(plan) == NOT_COLLECTED
        return "执行时本平台尚未启用，没有采集进展" if untracked else "进展尚未公布"
    latest = published[-1]
    if latest.headline in WITHOUT_WORDS:
        silence = f"{latest.period.label}{_without_report(latest)}"
        return silence + (_said_before(published) if latest.headline in SILENT else "")
    said = "" if latest.numbers else _said(latest)
    voice = f"{said}，自评" if said else f"{_filed_by(latest)}填报"
    overall = f"{voice}总体{latest.get_self_pace_display()}{_assessment(latest)}"
    return f"到{cn_date(latest.data_date)}，{overall}"


def _without_report(latest: Publication) -> str:
    words: dict[str, str] = {
        State.EXTENDED: f"的进展经批准延期{extended_until(latest)}报送",
        State.NOT_REPORTED: "没有报送进展",
        State.CLOSED_EARLY: "的填报提前截止，截止时没有报送进展",
        State.RETURNED: "的填报已退回修改",
        State.ENDED: "起不再要求报送（已终止）",
        State.SUCCEEDED: "起不再要求报送（由其他任务承接）",
        State.WITHHELD: f"的进展依法暂不公开（{latest.withheld_basis}）",
    }
    return words[latest.headline]


def _said_before(published: list[Publication]) -> str:
    """What the unit wrote in the newest quarter that has its words."""
    for earlier in reversed(published):
        if said := _said(earlier):
            return f"；此前{earlier.period.label}{said}"
    return ""


def _narratives(publication: Publication) -> list[dict[str, str]]:
    return json.loads(publication.content).get("narratives", [])


def _said(publication: Publication) -> str:
    """The first sentence of the unit's own words with its name; empty without words.

    Where several units wrote, those of the first, and how many more there are.
    """
    narratives = _narratives(publication)
    if not narratives:
        return ""
    others = f"（另有{len(narratives) - 1}个单位填报）" if len(narratives) > 1 else ""
    words = first_sentence(narratives[0]["text"])
    return f"{narratives[0]['unit']}填报：“{words}”{others}"


def _filed_by(latest: Publication) -> str:
    names = [unit["unit"] for unit in _narratives(latest)]
    return (
        "、".join(names[:NAMED_AT_MOST]) + ("等单位" if len(names) > NAMED_AT_MOST else "")
        or "责任单位"
    )


def _assessment(latest: Publication) -> str:
    if not latest.assessment_pace:
        return "，待核查"
    how = Method(latest.assessed_how).label if latest.assessed_how else "核查"
    if latest.voices_disagree:
        return f"，{latest.assessor_unit}{how}后认定{latest.get_assessment_pace_display()}"
    return f"，{latest.assessor_unit}核查后认同（{how}）"
