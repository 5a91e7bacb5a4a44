import re
import secrets

from django import forms
from django.core import signing

from feedback.models import Rating, Ticket
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


class SupplementForm(PlainForm):
    text = forms.CharField(
        label="补充的内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="请不要写身份证号、银行卡号、病情。最多2000字。",
        error_messages={"required": "请写下要补充的内容。", "max_length": "最多2000字，请缩短一些。"},
    )


class RateForm(PlainForm):
    grade = forms.ChoiceField(
        label="您对这个答复",
        choices=Rating.Grade,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项评价。"},
    )
    words = forms.CharField(
        label="想说的话",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "最多500字，请缩短一些。"},
    )


class ReopenForm(PlainForm):
    reason = forms.CharField(
        label="哪里还没有解决",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写下哪里还没有解决。", "max_length": "最多2000字，请缩短一些。"},
    )
