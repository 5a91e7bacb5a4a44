"""Forms of coordination items (需协调事项): one for each step."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from common.text.wording import cn_date
from common.ui.form_fields import DayField, PlainForm
from departments.models import Department
from progress.forms.parts import prose
from progress.requirements.report import lead_of
from supervision.models import CoordinationItem

# Calendar days that the form proposes for carrying out a decision.
USUAL_TIME = timedelta(days=14)
# Prefilled for a leader, who may decide without a meeting; a supervisor names the meeting instead.
WITHOUT_MEETING = "没有开会，直接决定"


class CoordinationForm(PlainForm):
    """What needs coordination."""

    text = prose(
        "需要协调什么", empty="请写明需要协调什么。", help_text="卡在哪里、希望谁来定什么。不公开。"
    )


class DecisionForm(PlainForm):
    """What was decided, where and when, and which unit carries it out by which day."""

    decision = prose("决定了什么", empty="请写明决定了什么。", rows=3)
    owner = forms.ModelChoiceField(
        label="落实单位",
        queryset=Department.objects.current(),
        empty_label="请选择",
        error_messages={
            "required": "请选择由哪个单位落实。",
            "invalid_choice": "请从列出的单位中选择。",
        },
    )
    due_on = DayField(label="落实期限", error_messages={"required": "请写明落实期限。"})
    meeting = forms.CharField(
        label="在什么会上决定的",
        max_length=120,
        help_text=f"没有开会的，写“{WITHOUT_MEETING}”“现场办公”“专题批示”等。",
        error_messages={"required": "请写明在什么会上决定的。"},
    )
    decided_on = DayField(label="决定日期", error_messages={"required": "请写明决定日期。"})

    def __init__(
        self,
        item: CoordinationItem,
        today: date,
        data: Mapping[str, object] | None = None,
        *,
        meeting: str = "",
    ) -> None:
        lead = lead_of(item.task)
        initial = {
            "decided_on": today,
            "due_on": today + USUAL_TIME,
            "owner": lead.department_id if lead else None,
            "meeting": meeting,
        }
        super().__init__(data, initial=initial, auto_id="decide_%s")
        self.today = today

    def clean_decided_on(self) -> date:
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(f"决定日期不晚于今天（{cn_date(self.today)}）。")
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if (
            "due_on" in cleaned
            and "decided_on" in cleaned
            and cleaned["due_on"] < cleaned["decided_on"]
        ):
            self.add_error("due_on", "落实期限不早于决定日期。")
        return cleaned


class InstructionForm(PlainForm):
    """A leader's instruction and its day."""

    text = prose("批示内容", empty="请写明批示内容。", rows=3)
    day = DayField(label="批示日期", error_messages={"required": "请写明批示日期。"})

    def __init__(self, today: date, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"day": today}, auto_id="instruct_%s")
        self.today = today

    def clean_day(self) -> date:
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError(f"批示日期不晚于今天（{cn_date(self.today)}）。")
        return self.cleaned_data["day"]


class CoordinationReplyForm(PlainForm):
    """What the owner unit has done so far."""

    text = prose(
        "落实情况", empty="请写明落实情况。", help_text="做了什么、还差什么。批示也在这里一并答复。"
    )


class OutcomeForm(PlainForm):
    """What became of the item, with which it is closed."""

    outcome = prose(
        "落实结果", empty="请写明落实结果。", rows=3, help_text="事情后来怎样了。写明后办结。"
    )
