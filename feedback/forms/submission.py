"""The form of a letter, for its writer and for the clerk who registers it."""

import re

from django import forms
from django.conf import settings
from django.core import signing

from common.text.folding import fold
from common.ui.form_fields import PhotoField
from feedback.choices import ReplyMethod, TicketChannel, TicketKind
from feedback.forms.parts import HANDED_IN, TOKEN, LongTextField, PhotoForm, TokenForm, unsigned
from tasks.models import Task

# Changes with the words of templates/feedback/notice.html; the letter keeps which one was shown.
NOTICE_VERSION = "2026-11-26"
KINDS = [
    (TicketKind.ENQUIRY, "咨询：我想问一件事"),
    (TicketKind.COMPLAINT, "投诉：有事没有办好"),
    (TicketKind.SUGGESTION, "建议：我有一个主意"),
]


class LetterForm(TokenForm, PhotoForm):
    """A letter as its writer fills it in."""

    WANTS_NUMBER = "要打电话或发短信给您，请留下号码。"
    field_order = ["kind", "text", "location", "without", "photo", "reply_by", "contact", "consent"]
    # Without a call or a message no number is needed, so none is kept.
    KEEPS_CONTACT = False
    task = forms.ModelChoiceField(
        Task.objects.published(), to_field_name="code", required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        label="您要提的是",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择咨询、投诉或建议。"},
    )
    text = LongTextField("您想说什么", "请写下您想说的话。", rows=6)
    location = forms.CharField(
        label="地点",
        max_length=100,
        required=False,
        help_text="例如路名、小区、公园。",
        error_messages={"max_length": "地点最多100字。"},
    )
    reply_by = forms.ChoiceField(
        label="怎样答复您",
        choices=ReplyMethod.on_the_form(),
        initial=ReplyMethod.WEB,
        required=False,
        widget=forms.RadioSelect,
        help_text="答复都可以凭登记编号和查询码上网看；选打电话或发短信的，才需要留号码。",
    )
    contact = forms.CharField(
        label="您的号码",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text="手机号或座机。加密保存，只用来答复这一件。",
        error_messages={"max_length": "联系方式最多100字。"},
    )
    # Not 选填: one of the three is always chosen, and a number is needed where it is asked for.
    reply_by.mark = contact.mark = ""
    consent = forms.BooleanField(
        label="我同意公开这个问题和答复。公开前会隐去个人信息，不同意也照样办理。", required=False
    )
    # A trap for machines: people neither see it nor reach it with the keyboard.
    website = forms.CharField(
        label="这一栏请留空",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_contact(self) -> str:
        contact = fold(self.cleaned_data["contact"])
        digits = re.sub(r"[\s-]", "", contact)
        return digits if digits.isdigit() else contact

    def clean_reply_by(self) -> str:
        return self.cleaned_data["reply_by"] or ReplyMethod.WEB

    def clean(self):
        answers = super().clean()
        by_phone = answers.get("reply_by") in {ReplyMethod.TELEPHONE, ReplyMethod.SMS}
        if by_phone and len(re.findall(r"\d", answers.get("contact", ""))) < 7:
            self.add_error("contact", self.WANTS_NUMBER)
        if not by_phone and not self.KEEPS_CONTACT:
            answers["contact"] = ""
        if answers.get("website"):
            self.fields["website"].widget.attrs.pop("tabindex")
            self.add_error("website", "有一栏应当留空，请把它清空后再试。")
        self._check_age()
        return answers

    def _check_age(self) -> None:
        signed = self.cleaned_data.get("token", "")
        self.cleaned_data["token"] = unsigned(signed)
        if not self.cleaned_data["token"]:
            self.renew()
            self.add_error(None, "页面打开太久了。写的内容还在，请再按一次按钮。")
        elif _is_younger(signed, settings.LETTER_SECONDS):
            self.add_error(None, "提交得太快了，像是机器。写的内容还在，请等几秒再按一次按钮。")

    def letter(self) -> dict:
        """The answers as the action `register` takes them."""
        internal = {"token", "website", "answer"}
        answers = {name: value for name, value in self.cleaned_data.items() if name not in internal}
        return answers | {
            "form_token": self.cleaned_data["token"],
            "notice_version": NOTICE_VERSION,
        }


def _is_younger(signed: str, seconds: int) -> bool:
    try:
        TOKEN.unsign(signed, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return seconds > 0


def task_field() -> forms.ModelChoiceField:
    """The promise a letter is about, as the staff choose it."""
    return forms.ModelChoiceField(
        Task.objects.published(),
        to_field_name="code",
        required=False,
        label="有关哪项承诺",
        empty_label="与承诺无关，或还不清楚",
        help_text="选了的，答复公开以后也会出现在这项承诺的页面上。",
    )


class RegisterForm(LetterForm):
    """A call, a letter or a visit, entered by the clerk while the writer is there."""

    WANTS_NUMBER = "来信人想要电话或短信答复，请写下号码；没有号码的，请选“来信人自己上网查”。"
    WANTS_ADDRESS = "来信人想要邮件答复，请写下电子邮箱。"
    KEEPS_CONTACT = True
    website = None
    task = task_field()
    # No channel is chosen beforehand: a default would soon be the channel of every letter.
    channel = forms.ChoiceField(
        label="来源",
        choices=TicketChannel.heard_by_staff(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择来源。"},
    )
    photo = PhotoField(label="照片或扫描图", help_text=HANDED_IN)
    field_order = ["channel", *LetterForm.field_order]
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
        self.fields["kind"].choices = TicketKind.choices
        self.fields["kind"].error_messages["required"] = "请选择类别。"
        self.fields["text"].error_messages["required"] = "请写下来信内容。"
        self.fields["reply_by"].help_text = ""
        self.fields["contact"].help_text = "手机号、座机或电子邮箱，一个就行。"
        self.fields["contact"].mark = "选填"
        self.fields["reply_by"].mark = ""
        self.fields["reply_by"].choices = ReplyMethod.staff_choices()

    def clean(self):
        answers = super().clean()
        if answers.get("reply_by") == ReplyMethod.MAIL and "@" not in answers.get("contact", ""):
            self.add_error("contact", self.WANTS_ADDRESS)
        return answers
