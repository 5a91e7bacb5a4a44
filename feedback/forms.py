import re
import secrets

from django import forms
from django.core import signing
from django.db.models import QuerySet

from departments.models import Department
from feedback.models import Ticket
from tasks.models import Task
from yantian_portal.lib.fields import PlainForm
from yantian_portal.lib.text import fold

# Changes with the words of templates/feedback/notice.html; which one a person saw stays with the ticket.
NOTICE_VERSION = "2026-11"
TOKEN = signing.TimestampSigner(salt="feedback.form")
TOKEN_AGE = 24 * 3600
KINDS = [
    ("enquiry", "咨询：我想问一件事"),
    ("complaint", "投诉：有事没有办好"),
    ("suggestion", "建议：我有一个主意"),
]
CHANNELS = ["12345政务服务热线", "信访部门", "12388纪检监察举报"]


def new_token() -> str:
    return TOKEN.sign(secrets.token_urlsafe(24))


class LetterForm(PlainForm):
    WANTS_NUMBER = "要打电话或发短信给您，请留下号码。"
    task = forms.ModelChoiceField(
        Task.objects.published(), to_field_name="code", required=False, widget=forms.HiddenInput
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="您要", choices=KINDS, widget=forms.RadioSelect, error_messages={"required": "请选择咨询、投诉或建议。"}
    )
    text = forms.CharField(
        label="您想说什么",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="请不要写身份证号、银行卡号、病情。最多2000字。",
        error_messages={"required": "请写下您想说的话。", "max_length": "最多2000字，请缩短一些。"},
    )
    place = forms.CharField(
        label="地点",
        max_length=100,
        required=False,
        help_text="例如路名、小区、公园。",
        error_messages={"max_length": "地点最多100字。"},
    )
    contact = forms.CharField(
        label="怎样联系您",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        help_text="手机号、座机或电子邮箱，填一个就行。不填也可以，凭查询码自己查答复。",
        error_messages={"max_length": "联系方式最多100字。"},
    )
    reply_by = forms.ChoiceField(
        label="怎样答复您", choices=Ticket.ReplyBy, initial="web", required=False, widget=forms.RadioSelect
    )
    consent = forms.BooleanField(
        label="我同意公开这个问题和答复。公开前会隐去个人信息，不同意也照样办理。", required=False
    )
    # A trap for machines: people neither see it nor reach it with the keyboard.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean_contact(self) -> str:
        contact = fold(self.cleaned_data["contact"])
        digits = re.sub(r"[\s-]", "", contact)
        return digits if digits.isdigit() else contact

    def clean_reply_by(self) -> str:
        return self.cleaned_data["reply_by"] or Ticket.ReplyBy.WEB

    def clean(self):
        answers = super().clean()
        by_phone = answers.get("reply_by") in {"telephone", "sms"}
        if by_phone and len(re.findall(r"\d", answers.get("contact", ""))) < 7:
            self.add_error("contact", self.WANTS_NUMBER)
        if answers.get("website"):
            self.add_error(None, "有一栏应当留空，请把它清空后再试。")
        self._renew_stale_token()
        return answers

    def _renew_stale_token(self) -> None:
        try:
            self.cleaned_data["token"] = TOKEN.unsign(self.cleaned_data.get("token", ""), max_age=TOKEN_AGE)
        except signing.BadSignature:
            self.data = self.data.copy()
            self.data["token"] = new_token()
            self.add_error(None, "页面打开太久了。写的内容还在，请再按一次按钮。")

    def letter(self) -> dict:
        """The answers as `receive` takes them."""
        answers = {name: value for name, value in self.cleaned_data.items() if name not in {"token", "website"}}
        return answers | {"form_token": self.cleaned_data["token"], "notice_version": NOTICE_VERSION}


class RegisterForm(LetterForm):
    """A call, a letter or a visit, entered by the clerk while the person is there."""

    WANTS_NUMBER = "来信人想要电话或短信答复，请写下号码；没有号码的，请选“来信人自己上网查”。"
    website = None
    # None chosen beforehand: whatever stood first would soon be where every letter came from.
    channel = forms.ChoiceField(
        label="来源",
        choices=[("telephone", "电话"), ("mail", "邮件"), ("counter", "窗口")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择来源。"},
    )
    field_order = ["channel"]
    # The same questions, put to the clerk.
    LABELS = {
        "kind": "类别",
        "text": "来信内容",
        "contact": "来信人的联系方式",
        "reply_by": "来信人希望怎样得到答复",
        "consent": "来信人同意公开这个问题和答复",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
        self.fields["kind"].choices = Ticket.Kind.choices
        self.fields["kind"].error_messages["required"] = "请选择类别。"
        self.fields["text"].error_messages["required"] = "请写下来信内容。"
        self.fields["contact"].help_text = "手机号、座机或电子邮箱，一个就行。"
        self.fields["reply_by"].choices = Ticket.ReplyBy.staff_choices()


class TrackForm(PlainForm):
    number = forms.CharField(label="登记编号", max_length=40, error_messages={"required": "请填写登记编号。"})
    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="回执上的16位字母和数字，大小写、空格都可以。",
        error_messages={"required": "请填写查询码。"},
    )

    def clean_number(self) -> str:
        return fold(self.cleaned_data["number"]).upper()

    def clean_code(self) -> str:
        return re.sub(r"[^A-Z0-9]", "", fold(self.cleaned_data["code"]).upper())


def units() -> QuerySet[Department]:
    return Department.objects.current()


def about_choices() -> list[tuple[str, str]]:
    return [("", "请选择"), ("none", "不针对某个单位"), *((str(unit.pk), unit.short_name) for unit in units())]


class AcceptForm(PlainForm):
    kind = forms.ChoiceField(label="类别", choices=Ticket.Kind)
    # Said in so many words even when none is meant: a complaint passed on unmarked shows its writer to the unit meant.
    about_department = forms.ChoiceField(
        label="反映的是哪个单位",
        choices=about_choices,
        help_text="选定后，该单位的人只能看到交办内容，而且要在转给它以后。",
        error_messages={"required": "请选择反映的是哪个单位；不针对某个单位的，也请选明。"},
    )
    handling_text = forms.CharField(
        label="交办内容",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写清要办的事，不写来信人是谁。",
        error_messages={"required": "请写下交办内容。"},
    )

    def clean_about_department(self) -> Department | None:
        about = self.cleaned_data["about_department"]
        return None if about == "none" else units().get(pk=about)


class DeclineForm(PlainForm):
    reason = forms.CharField(
        label="不予受理的理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="来信人会看到。",
        error_messages={"required": "请写明理由。"},
    )


class RedirectForm(PlainForm):
    channel = forms.ChoiceField(label="转往", choices=[(name, name) for name in CHANNELS])
    day = forms.DateField(
        label="转出日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写转出日期。", "invalid": "日期请写成 2017-09-30 的样子。"},
    )
    number = forms.CharField(label="对方编号", max_length=60, required=False)


class AssignForm(PlainForm):
    lead = forms.ModelChoiceField(
        units(), label="主办单位", empty_label="请选择", error_messages={"required": "请选择主办单位。"}
    )
    supporting = forms.ModelMultipleChoiceField(
        units(), label="协办单位", required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )


class HandBackForm(PlainForm):
    reason = forms.CharField(
        label="退回理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只能退回一次。受理员会看到理由，来信人看不到。",
        error_messages={"required": "请写明退回理由。"},
    )


class ReplyForm(PlainForm):
    text = forms.CharField(
        label="给来信人的答复",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="建议类请写明：采纳、部分采纳或不采纳，以及理由。",
        error_messages={"required": "请写下答复。"},
    )


class PublishForm(PlainForm):
    public_text = forms.CharField(
        label="公开的问题", widget=forms.Textarea(attrs={"rows": 5}), error_messages={"required": "请写下公开的问题。"}
    )
    public_reply = forms.CharField(
        label="公开的答复", widget=forms.Textarea(attrs={"rows": 6}), error_messages={"required": "请写下公开的答复。"}
    )
