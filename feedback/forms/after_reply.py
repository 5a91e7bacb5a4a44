"""The forms for what the writer said or did since, for reviews, and for the public page."""

from typing import Any

from django import forms

from common.security.personal_data import without_personal_data
from common.ui.form_fields import PhotoField
from feedback.choices import NotificationOutcome, ReviewOutcome, TicketChannel
from feedback.forms.action_form import ActionForm, words
from feedback.forms.parts import HANDED_IN, UnmarkedCharField
from feedback.forms.tracking import BaseSupplementForm, RateForm
from publishing.models import Publication


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


class NoteDownForm(BaseSupplementForm, ActionForm):
    MISSING = "请写下来信人补充的内容，或者附一张照片。"
    channel = heard_by()
    text = UnmarkedCharField(
        label="来信人补充的内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="照来信人的原话写；只附照片，可以不写。",
    )
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


class PublicationField(forms.ModelChoiceField):
    """A choice among the published lines of one task."""

    def label_from_instance(self, row: Publication) -> str:
        return f"{row.period.label}，第 {row.revision} 版"


class DisputeForm(ActionForm):
    def adapt_fields(self) -> None:
        """Offers the current lines of the letter's task, the newest first."""
        lines = Publication.objects.current().filter(task=self.ticket.task_id)
        newest_first = lines.order_by("-period__year", "-period__index")
        self.fields["publication"] = PublicationField(
            newest_first.select_related("period__plan"),
            label="反映哪一期公布的进展不实",
            empty_label="请选择",
            help_text="督查员会核实，结论公开。来信照常办理。",
            error_messages={"required": "请选择哪一期。"},
        )


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

    def get_initial(self) -> dict[str, Any]:
        return {
            "public_text": without_personal_data(self.ticket.handling_text),
            "public_reply": self.ticket.replies.sent().latest("pk").text,
        }
