"""One plain sentence about a task, built from rows: what was promised, what was reported, who checked."""

import json

from common.text.wording import cn_date, number
from progress.choices import Method, State
from publishing.models import Publication
from publishing.read_models.public_status import NOT_COLLECTED, WITHOUT_WORDS, extended_until, missing_word
from tasks.choices import IndicatorMode, TargetDirection
from tasks.models import Indicator, Target, Task

SPOKEN = {
    TargetDirection.AT_LEAST: "不少于",
    TargetDirection.AT_MOST: "不超过",
    TargetDirection.ABOUT: "约",
    TargetDirection.MAINTAIN: "保持",
    TargetDirection.EXACTLY: "",
    TargetDirection.RANGE: "",
}
NAMED_AT_MOST = 3


def answer(task: Task, indicators: list[Indicator], promises: int, latest: Publication | None) -> str:
    """`indicators` with their targets fetched; `promises` counts the 承诺内容; `latest` with its readings."""
    return f"{_promised(indicators, promises)}；{_reported(task, latest)}。"


def _promised(indicators: list[Indicator], promises: int) -> str:
    aims = [(indicator, yearly(indicator)) for indicator in indicators]
    spoken = [_aim(indicator, target) for indicator, target in aims if target]
    if not spoken:
        return f"文件写明{promises}条承诺内容，没有可以逐季对照的数字"
    more = f"等{len(spoken)}项数字" if len(spoken) > NAMED_AT_MOST else ""
    return f"承诺{'、'.join(spoken[:NAMED_AT_MOST])}{more}"


def yearly(indicator: Indicator) -> Target | None:
    """The value for the whole year, or the last one printed."""
    in_force = [target for target in indicator.targets.all() if target.valid_to is None]
    whole = [target for target in in_force if target.quarter is None]
    return (whole or in_force or [None])[-1]


def _aim(indicator: Indicator, target: Target) -> str:
    return f"{indicator.name}{SPOKEN[target.direction]}{target.amount}{indicator.unit}{_formerly(indicator, target)}"


def _formerly(indicator: Indicator, target: Target) -> str:
    """A changed target never stands alone: what was first promised is said with it."""
    place = (target.year, target.quarter)
    first = [each for each in indicator.targets.all() if (each.year, each.quarter) == place and each.pk != target.pk]
    return f"（原为{first[0].amount}{indicator.unit}，经批准调整）" if first else ""


def _reported(task: Task, latest: Publication | None) -> str:
    if latest is None:
        untracked = missing_word(task.plan) == NOT_COLLECTED
        return "执行时本平台尚未启用，没有采集进展" if untracked else "进展尚未公布"
    if latest.headline in WITHOUT_WORDS:
        return f"{latest.period.label}{_silence(latest)}"
    day = cn_date(latest.data_date)
    return f"到{day}，{_filed_by(latest)}填报{_numbers(latest)}{_checked(latest)}"


def _silence(latest: Publication) -> str:
    words = {
        State.EXTENDED: f"的进展经批准延期{extended_until(latest)}报送",
        State.NOT_REPORTED: "没有报送进展",
        State.RETURNED: "的填报已退回修改",
        State.ENDED: "起不再要求报送（已终止）",
        State.SUCCEEDED: "起不再要求报送（由其他任务承接）",
        State.WITHHELD: f"的进展依法暂不公开（{latest.withheld_basis}）",
    }
    return words[latest.headline]


def _filed_by(latest: Publication) -> str:
    units = json.loads(latest.content).get("narratives", [])
    names = [unit["unit"] for unit in units]
    return "、".join(names[:NAMED_AT_MOST]) + ("等单位" if len(names) > NAMED_AT_MOST else "") or "责任单位"


def _numbers(latest: Publication) -> str:
    rows = list(latest.readings.all())[:NAMED_AT_MOST]
    spoken = [f"{row.indicator.name}{_span(row.indicator)}{number(row.value)}{row.indicator.unit}" for row in rows]
    said = f"总体{latest.get_self_pace_display()}"
    return f"{'、'.join(spoken)}，{said}" if spoken else said


def _checked(latest: Publication) -> str:
    if not latest.assessment_pace:
        return "，待核查"
    how = Method(latest.assessed_how).label if latest.assessed_how else "核查"
    if latest.voices_disagree:
        return f"，{latest.assessor_unit}{how}后认定{latest.get_assessment_pace_display()}"
    return f"，{latest.assessor_unit}已核查（{how}）"


def _span(indicator: Indicator) -> str:
    """A number of one quarter must not read like the sum so far."""
    return "本季" if indicator.mode == IndicatorMode.PER_QUARTER else ""
