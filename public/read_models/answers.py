"""One plain sentence about a task: what was promised, what was reported, who checked it."""

import json
from collections.abc import Iterator

from common.text.wording import cn_date, number
from progress.choices import Method, State
from publishing.models import Publication
from publishing.read_models.public_status import (
    NOT_COLLECTED,
    WITHOUT_WORDS,
    extended_until,
    missing_word,
)
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models import Indicator, Target, Task

DIRECTIONS: dict[str, str] = {
    TargetDirection.AT_LEAST: "不少于",
    TargetDirection.AT_MOST: "不超过",
    TargetDirection.ABOUT: "约",
    TargetDirection.MAINTAIN: "保持",
    TargetDirection.EXACTLY: "",
    TargetDirection.RANGE: "",
}
NAMED_AT_MOST = 3


def answer(
    task: Task, indicators: list[Indicator], promises: int, latest: Publication | None
) -> str:
    """The sentence about a task.

    `indicators` come with their targets fetched and `latest`, the newest publication, with its
    readings; `promises` is the number of commitments.
    """
    return f"{_promised(indicators, promises)}；{_reported(task, latest)}。"


def _promised(indicators: list[Indicator], promises: int) -> str:
    phrases = list(_promised_numbers(indicators))
    if not phrases:
        return f"文件写明{promises}条承诺内容，没有可以逐季对照的数字"
    more = f"等{len(phrases)}项数字" if len(phrases) > NAMED_AT_MOST else ""
    return f"承诺{'、'.join(phrases[:NAMED_AT_MOST])}{more}"


def _promised_numbers(indicators: list[Indicator]) -> Iterator[str]:
    for indicator in indicators:
        if target := yearly_target(indicator):
            yield _target(indicator, target)


def yearly_target(indicator: Indicator) -> Target | None:
    """The target in force for the whole year, else the last one printed, if any."""
    in_force = _in_force(indicator)
    whole = [target for target in in_force if target.quarter is None]
    return next(reversed(whole or in_force), None)


def _in_force(indicator: Indicator) -> list[Target]:
    return [target for target in indicator.targets.all() if target.valid_to is None]


def _target(indicator: Indicator, target: Target) -> str:
    amount = f"{DIRECTIONS[target.direction]}{target.amount}{indicator.unit}"
    return f"{indicator.name}{amount}{_former_value(indicator, target)}"


def _former_value(indicator: Indicator, target: Target) -> str:
    """The first value of a changed target, which is always named beside the new one."""
    quarter = (target.year, target.quarter)
    former = [
        row
        for row in indicator.targets.all()
        if (row.year, row.quarter) == quarter and row.pk != target.pk
    ]
    return f"（原为{former[0].amount}{indicator.unit}，经批准调整）" if former else ""


def _reported(task: Task, latest: Publication | None) -> str:
    if latest is None:
        untracked = missing_word(task.plan) == NOT_COLLECTED
        return "执行时本平台尚未启用，没有采集进展" if untracked else "进展尚未公布"
    if latest.headline in WITHOUT_WORDS:
        return f"{latest.period.label}{_without_report(latest)}"
    day = cn_date(latest.data_date)
    return f"到{day}，{_filed_by(latest)}填报{_numbers(latest)}{_assessment(latest)}"


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


def _filed_by(latest: Publication) -> str:
    units = json.loads(latest.content).get("narratives", [])
    names = [unit["unit"] for unit in units]
    return (
        "、".join(names[:NAMED_AT_MOST]) + ("等单位" if len(names) > NAMED_AT_MOST else "")
        or "责任单位"
    )


def _numbers(latest: Publication) -> str:
    rows = list(latest.readings.all())[:NAMED_AT_MOST]
    phrases = [
        f"{row.indicator.name}{_period_word(row.indicator)}{number(row.value)}{row.indicator.unit}"
        for row in rows
    ]
    overall = f"总体{latest.get_self_pace_display()}"
    return f"{'、'.join(phrases)}，{overall}" if phrases else overall


def _assessment(latest: Publication) -> str:
    if not latest.assessment_pace:
        return "，待核查"
    how = Method(latest.assessed_how).label if latest.assessed_how else "核查"
    if latest.voices_disagree:
        return f"，{latest.assessor_unit}{how}后认定{latest.get_assessment_pace_display()}"
    return f"，{latest.assessor_unit}已核查（{how}）"


def _period_word(indicator: Indicator) -> str:
    """Marks the number of one quarter, so that it does not read like the sum so far."""
    return "本季" if indicator.mode == IndicatorMode.PER_QUARTER else ""
