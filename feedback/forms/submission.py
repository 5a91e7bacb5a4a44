"""The form of a letter, for its writer and for the clerk who registers it."""

import re
from typing import Any, TypedDict

from django import forms
from django.conf import settings
from django.core import signing

from common.text.folding import fold
from common.text.telephones import is_telephone_number
from common.ui.form_fields import PhotoField
from feedback.choices import ReplyMethod, TicketChannel, TicketKind
from feedback.forms.parts import (
    HANDED_IN,
    TOKEN,
    LongTextField,
    PhotoForm,
    TokenForm,
    UnmarkedCharField,
    UnmarkedChoiceField,
    unsigned,
)
from tasks.models import Task

# Changes with the words of templates/feedback/notice.html; the letter keeps which one was shown.
NOTICE_VERSION = "2026-11-26"
KINDS = [
    (TicketKind.ENQUIRY, "咨询：我想问一件事"),
    (TicketKind.COMPLAINT, "投诉：有事没有办好"),
    (TicketKind.SUGGESTION, "建议：我有一个主意"),
]

TELEPHONE = {"autocomplete": "tel", "inputmode": "tel"}
CONTACT_TOO_LONG = {"max_length": "联系方式最多100字。"}


class LetterAnswers(TypedDict):
    """The answers as the action `register` takes them."""

    form_token: str
    kind: str
    text: str
    notice_version: str
    task: Task | None
    location: str
    contact: str
    photo: bytes | None
    reply_by: str
    channel: str
    consent: bool


class BaseLetterForm(TokenForm, PhotoForm):
    """What the forms of a letter share, whoever fills them in."""

    WANTS_NUMBER = ""
    HOW_TO_CORRECT = ""
    location = forms.CharField(
        label="地点",
        max_length=100,
        required=False,
        help_text="例如路名、小区、公园。",
        error_messages={"max_length": "地点最多100字。"},
    )
    # Asked only about a number that looks mistyped; no rule here knows every number there is.
    number_is_right = forms.BooleanField(label="号码没有写错，就用这个", required=False)
    field_order = [
        *("kind", "text", "location", "without", "photo"),
        *("reply_by", "contact", "number_is_right", "consent"),
    ]

    def clean_contact(self) -> str:
        """A mobile number without blanks; in others the hyphen tells where an extension begins."""
        contact = fold(self.cleaned_data["contact"])
        digits = re.sub(r"[\s-]", "", contact)
        return digits if re.fullmatch(r"1\d{10}", digits) else contact

    def clean_reply_by(self) -> str:
        return self.cleaned_data["reply_by"] or ReplyMethod.WEB

    @property
    def wants_a_call(self) -> bool:
        """Whether the writer is to be called or sent a message."""
        return self.cleaned_data.get("reply_by") in {ReplyMethod.TELEPHONE, ReplyMethod.SMS}

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if self.wants_a_call and "contact" not in self.errors:
            self._check_number(answers["contact"])
        self.cleaned_data["token"] = unsigned(answers.get("token", ""))
        if not self.cleaned_data["token"]:
            self.renew()
            self.add_error(None, "页面打开太久了。写的内容还在，请再按一次按钮。")
        return answers

    def _check_number(self, contact: str) -> None:
        """Asks once more about a number that cannot be one; whoever ticks that it is may go on."""
        if not re.search(r"\d", contact):
            self.add_error("contact", self.WANTS_NUMBER)
        elif not (self.cleaned_data["number_is_right"] or is_telephone_number(contact)):
            self.add_error(
                "number_is_right",
                f"“{contact}”像是不全，或者写错了：请改正上面的号码。没有写错的，请在这里打勾。",
            )

    @property
    def asks_about_number(self) -> bool:
        """Whether the tick belongs on the page: the number was doubted, now or before."""
        bound = self["number_is_right"]
        return bool(bound.errors or bound.value())

    def say_already_registered(self, number: str) -> None:
        """Tells that the form was used, and makes a new one of it, with everything typed."""
        self.renew()
        self.add_error(None, f"这封信已经登记为 {number}，这次改的没有存下。{self.HOW_TO_CORRECT}")

    def letter(self) -> LetterAnswers:
        """The answers of a valid form; a form without a choice of channel is that of the web."""
        answers = self.cleaned_data
        return LetterAnswers(
            form_token=answers["token"],
            kind=answers["kind"],
            text=answers["text"],
            notice_version=NOTICE_VERSION,
            task=answers["task"],
            location=answers["location"],
            contact=answers["contact"],
            photo=answers["photo"],
            reply_by=answers["reply_by"],
            channel=answers.get("channel", TicketChannel.WEB),
            consent=answers["consent"],
        )


def _is_hasty(signed: str) -> bool:
    """Whether the token was made too few seconds ago for a person to have read the form."""
    try:
        TOKEN.unsign(signed, max_age=settings.LETTER_SECONDS)
    except signing.BadSignature:
        return False
    return settings.LETTER_SECONDS > 0


class LetterForm(BaseLetterForm):
    """A letter as its writer fills it in."""

    WANTS_NUMBER = "要打电话或发短信给您，请留下号码。"
    HOW_TO_CORRECT = (
        "更正请凭编号和查询码到“查办理进度”，用“提交补充”；要另写一封，请再按一次按钮。"
    )
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
    # One of the three is always chosen, and a number is needed where it is asked for.
    reply_by = UnmarkedChoiceField(
        label="怎样答复您",
        choices=ReplyMethod.on_the_form(),
        initial=ReplyMethod.WEB,
        required=False,
        widget=forms.RadioSelect,
        help_text="答复都可以凭登记编号和查询码上网看；选打电话或发短信的，才需要留号码。",
    )
    contact = UnmarkedCharField(
        label="您的号码",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=TELEPHONE),
        help_text="手机号或座机。加密保存，只用来答复这一件。",
        error_messages=CONTACT_TOO_LONG,
    )
    consent = forms.BooleanField(
        label="我同意公开这个问题和答复。公开前会隐去个人信息，不同意也照样办理。", required=False
    )
    # A trap for machines: people neither see it nor reach it with the keyboard.
    website = forms.CharField(
        label="这一栏请留空",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, signed_in: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.signed_in = signed_in

    def clean(self) -> dict[str, Any]:
        # Whoever has signed in is no machine, however fast.
        answers = super().clean()
        if not self.signed_in and _is_hasty(self.token_shown):
            self.add_error(None, "提交得太快了，像是机器。写的内容还在，请等几秒再按一次按钮。")
        # Without a call or a message no number is needed, so none is kept.
        if not self.wants_a_call:
            answers["contact"] = ""
        if answers.get("website"):
            self.fields["website"].widget.attrs.pop("tabindex")
            self.add_error("website", "有一栏应当留空，请把它清空后再试。")
        return answers


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


class RegisterForm(BaseLetterForm):
    """A call, a letter or a visit, entered by the clerk while the writer is there: the same
    questions, put to the clerk.
    """

    WANTS_NUMBER = "来信人想要电话或短信答复，请写下号码；没有号码的，请选“来信人自己上网查”。"
    HOW_TO_CORRECT = "要更正，请打开那一件记下补充；要另登记一封，请再按一次按钮。"
    WANTS_ADDRESS = "来信人想要邮件答复，请写下电子邮箱。"
    task = task_field()
    kind = forms.ChoiceField(
        label="类别",
        choices=TicketKind,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择类别。"},
    )
    text = LongTextField("来信内容", "请写下来信内容。", rows=6)
    reply_by = UnmarkedChoiceField(
        label="来信人希望怎样得到答复",
        choices=ReplyMethod.staff_choices(),
        initial=ReplyMethod.WEB,
        required=False,
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label="来信人的联系方式",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=TELEPHONE),
        help_text="手机号、座机或电子邮箱，一个就行。",
        error_messages=CONTACT_TOO_LONG,
    )
    consent = forms.BooleanField(label="来信人同意公开这个问题和答复", required=False)
    # No channel is chosen beforehand: a default would soon be the channel of every letter.
    channel = forms.ChoiceField(
        label="来源",
        choices=TicketChannel.heard_by_staff(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择来源。"},
    )
    photo = PhotoField(label="照片或扫描图", help_text=HANDED_IN)
    field_order = ["channel", *BaseLetterForm.field_order]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("reply_by") == ReplyMethod.MAIL and "@" not in answers.get("contact", ""):
            self.add_error("contact", self.WANTS_ADDRESS)
        return answers
