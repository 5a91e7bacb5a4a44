"""How far a report is and what it still lacks, in words for the units that write it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from common.text.wording import cn_date
from departments.models import Department
from progress.choices import ExtensionState
from progress.requirements.deadlines import Deadline
from progress.requirements.report import MissingItem, ReportRequirements

MISSING_WORDS = {"c": "{} 条自评", "n": "{} 条说明", "r": "{} 项数据"}
MISSING_FIELDS = {
    "rest": "其余事项的确认",
    "narrative": "进展情况",
    "pace": "总体进展",
    "no_progress_reason": "无进展的原因",
    "pace_reason": "总体进展的理由",
    "contradiction_reason": "数字与自评不一致的说明",
}
# The state of the latest extension request, where it says more than the due day.
EXTENSION_WORDS: dict[str, str] = {
    ExtensionState.ASKED: "延期申请待答复",
    ExtensionState.REFUSED: "延期未获同意",
}


def state_in_words(requirements: ReportRequirements, units: set[int], today: date) -> str:
    """How far a report is, and what is missing, for somebody who writes for these units."""
    lead = requirements.lead
    if lead is None:
        return _lacks(requirements.missing_items(today))
    if lead.department_id not in units:
        return f"由{lead.department.short_name}牵头，还差本单位的部分"
    if requirements.report is None:
        return f"未开始，要填：{required_in_words(requirements)}"
    return _begun_in_words(requirements.missing_items(today), lead.department)


def _begun_in_words(missing_items: list[MissingItem], lead: Department) -> str:
    if any(item.blocks for item in missing_items):
        return _lacks(missing_items)
    done = "已填完，可以送审签" if lead.signs_reports else "已填完，可以报送"
    return f"{done}，会注明未收到{units_in_words(missing_items)}部分" if missing_items else done


def _lacks(missing_items: list[MissingItem]) -> str:
    return f"还差：{summary(item for item in missing_items if item.blocks)}"


def required_in_words(requirements: ReportRequirements) -> str:
    """What an untouched report asks for: 3 条自评、1 项数据、进展情况."""
    counts = {
        "条自评": len(requirements.required_commitments),
        "项数据": sum(number.required for number in requirements.numbers),
    }
    return "、".join([f"{count} {what}" for what, count in counts.items() if count] + ["进展情况"])


def summary(missing_items: Iterable[MissingItem]) -> str:
    """What is missing, counted by kind, units by name: 2 条自评、进展情况、文体局的部分."""
    items = list(missing_items)
    counted = Counter(_kind(item) for item in items if not item.unit)
    phrases = [
        MISSING_WORDS.get(kind, "").format(count) or MISSING_FIELDS.get(kind, "")
        for kind, count in counted.items()
    ]
    if units := units_in_words(items):
        phrases.append(f"{units}的部分")
    return "、".join(filter(None, phrases)) or "牵头单位，请联系督查室指定"


def units_in_words(missing_items: Iterable[MissingItem]) -> str:
    """The names of the units whose parts are missing; empty without any."""
    return "、".join(item.unit for item in missing_items if item.unit)


def _kind(item: MissingItem) -> str:
    """The letter of an answer that is numbered by what it belongs to, else the field's name."""
    return item.about[0] if item.about[1:].isdigit() else item.about


def term_in_words(deadline: Deadline, today: date) -> list[str]:
    """What changed the due day of the period, in phrases for a list."""
    phrases, unlock = [], deadline.running_unlock(today)
    if deadline.extension:
        original = cn_date(deadline.period.due_on)
        phrases.append(f"经批准延期至{cn_date(deadline.due_on)}（原定{original}）")
    if deadline.latest and deadline.latest.state in EXTENSION_WORDS:
        phrases.append(EXTENSION_WORDS[deadline.latest.state])
    if unlock:
        phrases.append(f"单项开放至{cn_date(unlock.expires_on)}")
    return phrases
