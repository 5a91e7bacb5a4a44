"""Forms of supervision slips (督办单): issue one, reply, and the steps that end or prolong it."""

from collections.abc import Iterable, Mapping

from django import forms

from common.ui.form_fields import CheckedFiles, PlainForm, offer_choices
from progress.forms.parts import prose
from supervision.actions.slips import MAX_DAYS
from supervision.models import SupervisionSlip
from supervision.read_models.slip_drafts import SlipDraft
from supervision.rules.slip_levels import SlipLevel, higher_levels, slip_levels
from tasks.models import Task

WRONG_DAYS = f"请写 1 到 {MAX_DAYS} 个工作日，例如 5。"


def level_field() -> forms.ChoiceField:
    """The field in which a level is chosen; the form says which levels are offered."""
    return forms.ChoiceField(
        label="级别",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择督办级别。", "invalid_choice": "请选择列出的级别。"},
    )


def level_choices(levels: list[SlipLevel]) -> list[tuple[str, str]]:
    return [(level.key, level.word) for level in levels]


def days_field() -> forms.IntegerField:
    """The field for the working days that a unit has to reply."""
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), WRONG_DAYS)
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label="几个工作日内回复",
        min_value=1,
        max_value=MAX_DAYS,
        widget=widget,
        error_messages=messages,
    )


class SlipForm(PlainForm):
    """A slip to issue, prefilled from the facts for a supervisor to check and confirm."""

    level = level_field()
    demand = prose(
        "督办要求",
        empty="请写明督办要求，责任单位会看到。",
        help_text="责任单位会看到，不对外公开。",
    )
    days = days_field()
    basis = prose("督办依据", empty="请写明督办依据。", rows=3)

    def __init__(self, draft: SlipDraft, data: Mapping[str, object] | None = None) -> None:
        initial = {
            "level": draft.level,
            "demand": draft.demand,
            "days": draft.days,
            "basis": draft.basis.words,
        }
        super().__init__(data, initial=initial)
        offer_choices(self, "level", level_choices(slip_levels()))


class ChooseTaskForm(PlainForm):
    """The task about which a slip is issued."""

    task = forms.ChoiceField(
        label="督办哪一项任务", error_messages={"required": "请选择一项任务。"}
    )

    def __init__(self, tasks: Iterable[Task]) -> None:
        super().__init__()
        task_choices = [(task.code, f"{task.code} {task.title}") for task in tasks]
        offer_choices(self, "task", [("", "请选择"), *task_choices])


class SlipReplyForm(PlainForm):
    """The unit's reply with its evidence."""

    words = prose(
        "办理情况",
        empty="请写明办理情况。",
        rows=6,
        help_text="对照督办要求逐条回复。发出单位会看到，不对外公开。",
    )
    # Django takes declared fields out of the class, so that the files of the form stay reachable.
    files = CheckedFiles(label="佐证材料")  # type: ignore[assignment]


class CloseForm(PlainForm):
    """How it was verified that the demand is met.

    The page shows several forms at once, so each has a prefix for its field names.
    """

    prefix = "close"

    note = prose("销号说明", empty="销号请写明核实的情况。", rows=3, help_text="怎么核实的。")


class SendBackForm(PlainForm):
    """Why the unit has to reply again, and in how many working days."""

    prefix = "back"

    reason = prose(
        "退回理由",
        empty="退回重办请写明理由，责任单位会看到。",
        rows=3,
        help_text="责任单位会看到，请写明还差什么。",
    )
    days = days_field()


class WithdrawForm(PlainForm):
    """Why a slip that was issued in error is withdrawn."""

    prefix = "withdraw"

    reason = prose(
        "撤销的理由",
        empty="撤销请写明理由，责任单位会看到。",
        rows=3,
        help_text="责任单位会看到。发错了才撤销；事情办完的请销号。",
    )


class RaiseForm(PlainForm):
    """The higher level, why, and in how many working days the unit has to reply."""

    prefix = "raise"

    level = level_field()
    reason = prose(
        "提高级别的理由",
        empty="提高级别请写明理由，责任单位会看到。",
        rows=3,
        help_text="责任单位会看到。",
    )
    days = days_field()

    def __init__(
        self,
        slip: SupervisionSlip,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object],
    ) -> None:
        super().__init__(data, initial=initial)
        offer_choices(self, "level", level_choices(higher_levels(slip.level)))
