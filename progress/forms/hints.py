"""What stands beside a field of the form: when a promise is due, which value is printed."""

from progress.asking import Number, Question, annual_target
from progress.models import TargetBasis
from tasks.models import Commitment, Target
from yantian_portal.lib.wording import QUARTERS, cn_quarter


def hint(question: Question) -> str:
    commitment = question.commitment
    said = ["本季到期" if question.due else "尚未到期"]
    said += ["上次没有完成，继续跟进"] if question.flagged else []
    said += [f"文中条件：{commitment.condition}"] if commitment.condition else []
    said += [commitment.get_measurable_display()] if commitment.measurable == Commitment.Measurable.NO else []
    return " · ".join(said)


def printed(number: Number, year: int) -> str:
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
