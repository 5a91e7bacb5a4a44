"""The help texts of the report form: when a commitment is due, which value is printed."""

from collections.abc import Iterable

from common.text.wording import QUARTERS, cn_quarter
from progress.choices import Pace, TargetBasis
from progress.requirements.items import RequiredCommitment, RequiredNumber, annual_target
from progress.rules.verdicts import OVERALL_RULE
from tasks.choices import Measurability
from tasks.models import Target


def commitment_hint(required: RequiredCommitment) -> str:
    """When the commitment is due, whether it is followed up, and its condition in the document."""
    commitment = required.commitment
    hints = ["本季到期" if required.due else "尚未到期"]
    hints += ["上次没有完成，继续跟进"] if required.flagged else []
    hints += [f"文中条件：{commitment.condition}"] if commitment.condition else []
    hints += (
        [commitment.get_measurable_display()] if commitment.measurable == Measurability.NO else []
    )
    return " · ".join(hints)


def note_hint(paces: Iterable[Pace]) -> str:
    """With which self-assessments the note may not be left out."""
    return f"选{'、'.join(f'“{pace.label}”' for pace in paces)}时，须写明情况。"


def overall_rule() -> str:
    """How the overall progress follows from the findings (`OVERALL_RULE`), in one sentence."""
    alike = [when for when, pace, _ in OVERALL_RULE if when == f"全部{pace.label}"]
    steps = [f"{when}，为“{pace.label}”" for when, pace, _ in OVERALL_RULE if when not in alike]
    return f"逐条自评{'、'.join(alike)}的，总体相同；否则{'；'.join(steps)}。"


def target_hint(number: RequiredNumber, year: int) -> str:
    """The value expected of this quarter, else that of the year, and how the indicator counts."""
    mode = f"计数方式：{number.indicator.get_mode_display()}。"
    if number.target:
        return f"{target_in_words(number.target, number.indicator.unit)}，{mode}"
    if number.node:
        when = cn_quarter(number.node.year, number.node.quarter)
        return f"{when}应达到 {number.node.content}（{TargetBasis.BREAKDOWN.label}），{mode}"
    annual = annual_target(number.indicator, year)
    if annual is None:
        return f"文件未公布目标值，{mode}"
    return f"文件未公布本季目标；{target_in_words(annual, number.indicator.unit)}，{mode}"


def target_in_words(target: Target, unit: str) -> str:
    """A target with its period, value and source; `unit`: what the indicator counts in."""
    when = QUARTERS[target.quarter] if target.quarter else "全年"
    source = (
        f"原文“{target.quote}”" if target.quote else "由本平台合计" if target.derived else "已调整"
    )
    return f"{when}目标：{target.get_direction_display()} {target.amount} {unit}（{source}）"
