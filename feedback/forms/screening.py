"""The forms of the desk for a letter that comes in: accept or turn it away, merge and assign it."""

from typing import Any

from django import forms
from django.utils.timezone import localdate

from common.security.personal_data import without_personal_data
from common.text.folding import fold
from departments.models import Department
from feedback.choices import TicketKind
from feedback.forms.action_form import ActionForm, day, units, words
from feedback.forms.parts import UnmarkedChoiceField
from feedback.forms.submission import task_field
from feedback.models import Ticket
from feedback.subjects import subjects, unit_for

CHANNELS = ["12345政务服务热线", "信访部门", "12388纪检监察举报"]


def about_choices() -> list[tuple[str, str]]:
    """The units a letter can be about, and none of them as an answer of its own."""
    return [
        ("", "请选择"),
        ("none", "不针对某个单位"),
        *((str(unit.pk), unit.short_name) for unit in units()),
    ]


def subject_choices() -> list[tuple[str, str]]:
    """The subjects of the site, and none of them as an answer of its own."""
    return [
        ("", "请选择"),
        ("none", "都不合适"),
        *((subject.key, subject.name) for subject in subjects().values()),
    ]


SUBJECT_WANTED = "请选择主题或有关承诺；没有合适的，主题选“都不合适”。"


class AcceptForm(ActionForm):
    kind = forms.ChoiceField(label="类别", choices=TicketKind)
    task = task_field()
    subject = UnmarkedChoiceField(
        label="主题",
        choices=subject_choices,
        required=False,
        help_text="有承诺的，可以不选。转办时按主题先填主办单位，可以改。来信公开时，主题也公开。",
    )
    # Required even where no unit is meant: an unmarked complaint would show its writer to that
    # unit.
    about_department = forms.ChoiceField(
        label="反映的是哪个单位",
        choices=about_choices,
        help_text="选定后，该单位的人只能看到交办内容，而且要在转给它以后。",
        error_messages={"required": "请选择反映的是哪个单位；不针对某个单位的，也请选明。"},
    )
    handling_text = words("交办内容", "请写下交办内容。", "写清要办的事，不写来信人是谁。", rows=5)

    def get_initial(self) -> dict[str, Any]:
        """The words of a complaint are never proposed for forwarding, nor is what looks like
        personal data in any other letter.
        """
        initial = {
            "kind": self.ticket.kind,
            "subject": self.ticket.subject,
            "task": self.ticket.task,
        }
        if self.ticket.is_complaint:
            return initial
        proposed = without_personal_data(self.ticket.text)
        return initial | {"about_department": "none", "handling_text": proposed}

    def adapt_fields(self) -> None:
        """Without a list of subjects the site asks for none."""
        if not subjects():
            del self.fields["subject"]

    def clean_subject(self) -> str:
        """A letter about a promise finds its unit by that; any other needs a subject."""
        subject = self.cleaned_data["subject"]
        if not subject and not self.cleaned_data.get("task"):
            raise forms.ValidationError(SUBJECT_WANTED)
        return "" if subject == "none" else subject

    def clean_about_department(self) -> Department | None:
        about = self.cleaned_data["about_department"]
        return None if about == "none" else units().get(pk=about)


class SpamForm(ActionForm):
    consequence = "只用于广告和与办事无关的内容。不再办理，不能改回；来信人会看到。"


class DeclineForm(ActionForm):
    reason = words("不予受理的理由", "请写明理由。", "来信人会看到。")


class RedirectForm(ActionForm):
    channel = forms.ChoiceField(label="转往", choices=[(name, name) for name in CHANNELS])
    day = day("转出日期", "请填写转出日期。", initial=localdate)
    number = forms.CharField(label="对方编号", max_length=60, required=False)


class MergeTicketForm(ActionForm):
    into = forms.CharField(
        label="并入哪一件",
        max_length=30,
        help_text="填主件的登记编号，主件须已受理。主件的答复也会发给这位来信人，答复里请不要写来信人是谁。",
        error_messages={"required": "请填写主件的登记编号。"},
    )

    def clean_into(self) -> str:
        return fold(self.cleaned_data["into"]).upper()


def _proposed_lead(ticket: Ticket) -> Department | None:
    """The unit that answered before, else the lead of the task, else the subject's unit;
    a closed one stands for its successor.
    """
    unit = ticket.answered_by or _first_responsible(ticket) or unit_for(ticket.subject)
    if unit and unit.valid_to:
        return Department.objects.successor_lookup()(unit)
    return unit


def _first_responsible(ticket: Ticket) -> Department | None:
    """The unit that the task names first; None without a task or a responsible unit."""
    if ticket.task is None:
        return None
    in_force = ticket.task.responsibilities.in_force().order_by("order")
    first = in_force.select_related("department").first()
    return first.department if first else None


class AssignForm(ActionForm):
    lead = forms.ModelChoiceField(
        units(),
        label="主办单位",
        empty_label="请选择",
        help_text="有关承诺的先填牵头单位，其余的按主题先填；都可以改。",
        error_messages={"required": "请选择主办单位。"},
    )
    supporting = forms.ModelMultipleChoiceField(
        units(), label="协办单位", required=False, widget=forms.CheckboxSelectMultiple
    )

    def get_initial(self) -> dict[str, Any]:
        """Proposes the unit that answered before, else the lead of the task, else the subject's
        unit; never the unit complained of.
        """
        unit = _proposed_lead(self.ticket)
        if unit is None or unit.pk == self.ticket.about_department_id:
            return {"lead": None}
        return {"lead": unit.pk}


class ReassignForm(AssignForm):
    reason = words(
        "为什么改派", "请写明为什么改派。", "新的主办单位会看到，来信人看不到。期限不变。"
    )

    def get_initial(self) -> dict[str, Any]:
        return {"supporting": self.ticket.supporting_departments.values_list("pk", flat=True)}

    def adapt_fields(self) -> None:
        self.fields["lead"].help_text = f"现在由{self.ticket.lead_department}主办。"
