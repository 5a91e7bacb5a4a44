"""What stands beside a field of the form: when a promise is due, which value is printed."""

from collections.abc import Iterable

from common.text.wording import QUARTERS, cn_quarter
from progress.choices import Pace, TargetBasis
from progress.requirements.items import RequiredCommitment, RequiredNumber, annual_target
from progress.rules.verdicts import OVERALL_RULE
from tasks.choices import Measurability
from tasks.models import Target


def hint(question: RequiredCommitment) -> str:
    commitment = question.commitment
    said = ["本季到期" if question.due else "尚未到期"]
    said += ["上次没有完成，继续跟进"] if question.flagged else []
    said += [f"文中条件：{commitment.condition}"] if commitment.condition else []
    said += [commitment.get_measurable_display()] if commitment.measurable == Measurability.NO else []
    return " · ".join(said)


def needs_words(paces: Iterable[Pace]) -> str:
    """With which verdicts the words beside them may not be left out."""
    return f"选{'、'.join(f'“{pace.label}”' for pace in paces)}时，须写明情况。"


def overall_rule() -> str:
    """How the overall word follows from the single ones, in one sentence; the rule itself is in verdicts."""
    alike = [when for when, pace, _ in OVERALL_RULE if when == f"全部{pace.label}"]
    steps = [f"{when}，为“{pace.label}”" for when, pace, _ in OVERALL_RULE if when not in alike]
    return f"逐条自评{'、'.join(alike)}的，总体相同；否则{'；'.join(steps)}。"


def printed(number: RequiredNumber, year: int) -> str:
    """The value printed for this quarter, beside the field that is held against it; else the year's."""
    counted = f"计数方式：{number.indicator.get_mode_display()}。"
    if number.target:
        return f"{target_words(number.target, number.indicator.unit)}，{counted}"
    if number.node:
        when = cn_quarter(number.node.year, number.node.quarter)
        return f"{when}应达到 {number.node.said}（{TargetBasis.BREAKDOWN.label}），{counted}"
    annual = annual_target(number.indicator, year)
    said = f"文件未公布本季目标；{target_words(annual, number.indicator.unit)}" if annual else "文件未公布目标值"
    return f"{said}，{counted}"


def target_words(target: Target, unit: str) -> str:
    when = QUARTERS[target.quarter] if target.quarter else "全年"
    source = f"原文“{target.quote}”" if target.quote else "由本平台合计" if target.derived else "已调整"
    return f"{when}目标：{target.get_direction_display()} {target.amount} {unit}（{source}）"
