"""The forms of the staff on a letter's page, one for each action."""

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate

from common.text.folding import fold
from common.text.wording import cn_date
from common.ui.form_fields import DayField, PhotoField, PlainForm
from departments.models import Department
from feedback.actions.extensions import latest_day
from feedback.choices import Adoption, NotificationOutcome, ReviewOutcome, TicketChannel, TicketKind
from feedback.forms.parts import HANDED_IN
from feedback.forms.submission import task_field
from feedback.forms.tracking import RateForm, SupplementForm
from feedback.models import Ticket
from feedback.subjects import subjects, unit_for
from publishing.models import Publication

CHANNELS = ["12345政务服务热线", "信访部门", "12388纪检监察举报"]


def words(label: str, missing: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A required field for sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, widget=widget, help_text=help_text, error_messages={"required": missing}
    )


def day(label: str, missing: str, **words) -> DayField:
    """A required day."""
    return DayField(label=label, error_messages={"required": missing}, **words)


def units() -> QuerySet[Department]:
    """The units there are today."""
    return Department.objects.current()


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


class ActionForm(PlainForm):
    """What one action asks about one letter.

    `consequence`: what follows, where no field says it.
    """

    consequence = ""

    def __init__(self, data=None, files=None, *, ticket: Ticket, **kwargs):
        self.ticket = ticket
        super().__init__(
            data, files, initial=self.get_initial() if data is None else None, **kwargs
        )
        self.adapt_fields()

    def get_initial(self) -> dict:
        """The values filled in beforehand."""
        return {}

    def adapt_fields(self) -> None:
        """Adapts the fields to the letter; called at the end of `__init__`."""


SUBJECT_WANTED = "请选择主题或有关承诺；没有合适的，主题选“都不合适”。"


class AcceptForm(ActionForm):
    kind = forms.ChoiceField(label="类别", choices=TicketKind)
    task = task_field()
    subject = forms.ChoiceField(
        label="主题",
        choices=subject_choices,
        required=False,
        help_text="有承诺的，可以不选。转办时按主题先填主办单位，可以改。来信公开时，主题也公开。",
    )
    subject.mark = ""
    # Required even where no unit is meant: an unmarked complaint would show its writer to that
    # unit.
    about_department = forms.ChoiceField(
        label="反映的是哪个单位",
        choices=about_choices,
        help_text="选定后，该单位的人只能看到交办内容，而且要在转给它以后。",
        error_messages={"required": "请选择反映的是哪个单位；不针对某个单位的，也请选明。"},
    )
    handling_text = words("交办内容", "请写下交办内容。", "写清要办的事，不写来信人是谁。", rows=5)

    def get_initial(self):
        """The words of a complaint are never proposed for forwarding."""
        initial = {
            "kind": self.ticket.kind,
            "subject": self.ticket.subject,
            "task": self.ticket.task,
        }
        if self.ticket.is_complaint:
            return initial
        return initial | {"about_department": "none", "handling_text": self.ticket.text}

    def adapt_fields(self):
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


class AskMoreForm(ActionForm):
    question = words("请来信人补充什么", "请写明要补充什么。", "来信人会看到。补充之前，期限停算。")


class ResumeForm(ActionForm):
    consequence = "等不到补充时用。期限从明天起接着算，还剩几个工作日不变。"


class MergeTicketForm(ActionForm):
    into = forms.CharField(
        label="并入哪一件",
        max_length=30,
        help_text="填主件的登记编号，主件须已受理。主件的答复也会发给这位来信人，答复里请不要写来信人是谁。",
        error_messages={"required": "请填写主件的登记编号。"},
    )

    def clean_into(self) -> str:
        return fold(self.cleaned_data["into"]).upper()


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

    def get_initial(self):
        """Proposes the unit that answered before, else the lead of the task, else the subject's
        unit; never the unit complained of.
        """
        ticket = self.ticket
        responsibilities = ticket.task and ticket.task.responsibilities.in_force().order_by("order")
        first = responsibilities and responsibilities.select_related("department").first()
        unit = ticket.answered_by or (first.department if first else unit_for(ticket.subject))
        if unit and unit.valid_to:
            unit = Department.objects.successor_lookup()(unit)
        return {"lead": unit.pk if unit and unit.pk != ticket.about_department_id else None}


class ReassignForm(AssignForm):
    reason = words(
        "为什么改派", "请写明为什么改派。", "新的主办单位会看到，来信人看不到。期限不变。"
    )

    def get_initial(self):
        return {"supporting": self.ticket.supporting_departments.values_list("pk", flat=True)}

    def adapt_fields(self):
        self.fields["lead"].help_text = f"现在由{self.ticket.lead_department}主办。"


class TakeForm(ActionForm):
    consequence = "接收以后由您单位办理和答复。不该由您单位办的，请在下面退回。"


class HandBackTicketForm(ActionForm):
    reason = words("退回理由", "请写明退回理由。", "只能退回一次。受理员会看到理由，来信人看不到。")


class AskExtensionForm(ActionForm):
    until = day("申请延期至", "请填写申请延期到哪一天。")
    reason = words("延期理由", "请写明延期理由。", "答复延期的人会看到，来信人看不到。")

    def adapt_fields(self):
        self.fields["until"].help_text = f"最晚到{cn_date(latest_day(self.ticket))}。"


class ExtendTicketForm(ActionForm):
    until = day("延期至", "请填写延期到哪一天。")
    note = words("为什么延期", "请写明为什么延期。", "来信人会看到。")

    def get_initial(self):
        return {"until": self.ticket.extension_asked_until}

    def adapt_fields(self):
        help_text = f"最晚到{cn_date(latest_day(self.ticket))}。来信人会看到原来的期限和新的期限。"
        self.fields["until"].help_text = help_text


class RefuseExtensionForm(ActionForm):
    reason = words("不同意的理由", "请写明不同意的理由。", "主办单位会看到，来信人看不到。")


# What a reply begins with; the unit writes on from there.
TEMPLATES = {
    TicketKind.ENQUIRY: "您好，您的来信收悉。关于您问的事，答复如下：\n",
    TicketKind.COMPLAINT: "您好，您的来信收悉。经核实：\n处理结果：\n",
    TicketKind.SUGGESTION: "您好，您的建议收悉。经研究：\n理由：\n",
}


class TicketReplyForm(ActionForm):
    adoption = forms.ChoiceField(
        label="这条建议",
        choices=Adoption,
        widget=forms.RadioSelect,
        help_text="部分采纳、不采纳的，请在答复里写明理由。",
        error_messages={"required": "请选择采纳、部分采纳或不采纳。"},
    )
    text = words("给来信人的答复", "请写下答复。", "开头可以改。", rows=8)

    def get_initial(self):
        """A returned reply is continued by its unit;
        otherwise the reply begins as the kind of letter does.
        """
        last = self.ticket.replies.filter(department=self.ticket.lead_department_id).last()
        if last and last.return_reason:
            return {"text": last.text, "adoption": last.adoption}
        return {"text": TEMPLATES[self.ticket.kind]}

    def adapt_fields(self):
        if self.ticket.kind != TicketKind.SUGGESTION:
            del self.fields["adoption"]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if any(text == beginning.strip() for beginning in TEMPLATES.values()):
            raise forms.ValidationError("这还只是开头，请写下答复。")
        return text


class PassReplyForm(ActionForm):
    consequence = "请看上面的答复。通过后马上发给来信人，不能收回。"


class ReturnReplyForm(ActionForm):
    reason = words("哪里要改", "请写明哪里要改。", "主办单位会看到，来信人看不到。")


def heard_by() -> forms.ChoiceField:
    """How the writer reached the clerk; none is chosen beforehand."""
    channels = TicketChannel.heard_by_staff()
    missing = {"required": "请选择来信人怎样告诉您的。"}
    note = "请先核对对方就是来信人。登记的人和方式会记下来，来信人也会看到。"
    return forms.ChoiceField(
        label="来信人怎样告诉您的",
        choices=channels,
        widget=forms.RadioSelect,
        error_messages=missing,
        help_text=note,
    )


class NoteDownForm(SupplementForm, ActionForm):
    MISSING = "请写下来信人补充的内容，或者附一张照片。"
    channel = heard_by()
    text = forms.CharField(
        label="来信人补充的内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="照来信人的原话写；只附照片，可以不写。",
    )
    text.mark = ""
    photo = PhotoField(label="照片或扫描图", help_text=HANDED_IN)
    field_order = ["channel", "text", "without", "photo"]


class NoteRatingForm(RateForm, ActionForm):
    channel = heard_by()
    field_order = ["channel"]


class TellForm(ActionForm):
    outcome = forms.ChoiceField(
        label="来信人要您告知，结果怎样",
        choices=NotificationOutcome,
        widget=forms.RadioSelect,
        help_text="请先告知，再登记。说明事情和答复就行，不用念查询码。",
        error_messages={"required": "请选择告知的结果。"},
    )


class FollowUpForm(ActionForm):
    result = words("回访的结果", "请写明回访的结果。", "来信人会看到。写明核实了什么，怎样改进。")


class DisputeForm(ActionForm):
    publication = forms.ModelChoiceField(
        Publication.objects.current()
        .select_related("period__plan")
        .order_by("-period__year", "-period__index"),
        label="反映哪一期公布的进展不实",
        empty_label="请选择",
        help_text="督查员会核实，结论公开。来信照常办理。",
        error_messages={"required": "请选择哪一期。"},
    )

    def adapt_fields(self):
        field = self.fields["publication"]
        field.queryset = field.queryset.filter(task=self.ticket.task_id)
        field.label_from_instance = lambda row: f"{row.period.label}，第 {row.revision} 版"


class DecideReviewForm(ActionForm):
    outcome = forms.ChoiceField(
        label="公布的进展不实，是否属实",
        choices=ReviewOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核实结论。"},
    )
    note = words(
        "理由",
        "请写明理由。",
        "会公开。请不要写来信人是谁，也不要引用来信。公布的内容要改的，另提更正。",
    )


class TakeDownTicketForm(ActionForm):
    reason = forms.CharField(
        label="撤下的依据和理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会公开。撤下以后不能再公开，编号、日期和理由留在原来的网址。",
        error_messages={"required": "请写明依据和理由。", "max_length": "最多200字。"},
    )

    def clean_reason(self) -> str:
        """Without its full stop: the reason stands inside sentences of the page."""
        reason = self.cleaned_data["reason"].rstrip("。")
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason


class PublishForm(ActionForm):
    consequence = "会放到公开的问答页。请先隐去姓名、住址、号码。"
    public_text = words("公开的问题", "请写下公开的问题。", rows=5)
    public_reply = words("公开的答复", "请写下公开的答复。", rows=6)

    def get_initial(self):
        return {
            "public_text": self.ticket.handling_text,
            "public_reply": self.ticket.replies.sent().last().text,
        }
