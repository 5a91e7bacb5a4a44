import re
import secrets
from base64 import b64decode, b64encode

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from feedback.models import Rating, Ticket
from tasks.models import Task
from yantian_portal.lib.canonical import digest
from yantian_portal.lib.crypto import ALPHABET, CODE_LENGTH
from yantian_portal.lib.fields import PhotoField, PlainForm
from yantian_portal.lib.text import fold

# Changes with the words of templates/feedback/notice.html; which one a person saw stays with the ticket.
NOTICE_VERSION = "2026-11-26"
TOKEN = signing.TimestampSigner(salt="feedback.form")
TOKEN_AGE = 24 * 3600
PHOTO = signing.Signer(salt="feedback.photo")
KINDS = [
    ("enquiry", "咨询：我想问一件事"),
    ("complaint", "投诉：有事没有办好"),
    ("suggestion", "建议：我有一个主意"),
]
HANDED_IN = "来信人给的照片，或纸质来信的扫描图。一张，JPG 或 PNG，不超过 15 MB。只有受理和办理的人能看。"
NUMERALS = "一二三四五六七八九"


class Words(forms.CharField):
    """What a person writes at length: everywhere with the same limit and warning; needed where `wanted` asks for it."""

    MOST = 2000

    def __init__(self, label: str, wanted: str = "", rows: int = 4, also: str = ""):
        super().__init__(
            label=label,
            required=bool(wanted),
            max_length=self.MOST,
            widget=forms.Textarea(attrs={"rows": rows}),
            help_text=f"请不要写身份证号、银行卡号、病情。最多{self.MOST}字。{also}",
            error_messages={
                "required": wanted,
                "max_length": "写了%(show_value)d字，最多%(limit_value)d字，请缩短一些。",
            },
        )

    def widget_attrs(self, widget) -> dict:
        """No maxlength: a browser would cut off what is pasted and not say so."""
        return {}

    def to_python(self, value):
        """A browser sends every new line as two characters; nobody counts them so."""
        return super().to_python(value).replace("\r\n", "\n")


def new_token() -> str:
    """Made when a form is shown, so that it tells how long the person had it; good for one letter."""
    return TOKEN.sign(secrets.token_urlsafe(24))


def _opened(signed: str) -> str:
    """What was signed; "" if it was not by us, or too long ago."""
    try:
        return TOKEN.unsign(signed, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return ""


def summands(token: str) -> tuple[int, int]:
    """The sum asked with this token: nothing has to be stored, and the next form asks another one."""
    one, other = salted_hmac("feedback.sum", token, algorithm="sha256").digest()[:2]
    return one % 9 + 1, other % 9 + 1


class TokenForm(PlainForm):
    """Carries a one-time token; past the brake's first mark, `way_round` says how to go on without the sum it asks."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        label="",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请把这道题的得数写上。"},
    )

    def __init__(self, *args, way_round="", **kwargs):
        super().__init__(*args, **kwargs)
        answer = self.fields.pop("answer")
        if way_round:
            answer.help_text = way_round
            self.fields["answer"] = answer
            self._pose()

    def _pose(self) -> None:
        one, other = summands(self["token"].value() or "")
        self["answer"].label = f"请算一算：{NUMERALS[one - 1]}加{NUMERALS[other - 1]}等于几？"

    def clean_answer(self) -> str:
        if fold(self.cleaned_data["answer"]) != str(sum(summands(self["token"].value() or ""))):
            raise forms.ValidationError("得数不对，请再算一次。")
        return self.cleaned_data["answer"]

    def renew(self) -> None:
        """Another token, and with it another sum."""
        self.data = self.data.copy()
        self.data["token"] = new_token()
        if "answer" in self.fields:
            self.data["answer"] = ""
            self._pose()


class PhotoForm(PlainForm):
    """Asks for one photo. A browser sends a file only once: until the form goes through, it travels along, sealed."""

    photo = PhotoField(
        label="照片",
        help_text="一张，JPG 或 PNG，不超过 15 MB。请不要拍到别人的脸、车牌和证件。只有受理和办理的人能看。",
    )
    carried = forms.CharField(required=False, widget=forms.HiddenInput)
    without = forms.BooleanField(
        label="不附这张照片了", required=False, help_text="照片已附上，不用再选；再选一张就换成新的。"
    )

    def visible_fields(self):
        """Whether to leave it out is asked only where one is attached."""
        return [one for one in super().visible_fields() if one.name != "without" or self["carried"].value()]

    def clean(self):
        answers = super().clean()
        kept = answers.pop("carried", "")
        answers["photo"] = None if answers.pop("without", False) else answers.get("photo") or _unsealed(kept)
        self.data = self.data.copy()
        self.data["without"] = ""
        self.data["carried"] = PHOTO.sign(b64encode(answers["photo"]).decode()) if answers["photo"] else ""
        return answers


def _unsealed(carried: str) -> bytes | None:
    """What was checked and made small already."""
    try:
        return b64decode(PHOTO.unsign(carried))
    except signing.BadSignature:
        return None


class LetterForm(TokenForm, PhotoForm):
    WANTS_NUMBER = "要打电话或发短信给您，请留下号码。"
    field_order = ["kind", "text", "place", "without", "photo", "reply_by", "contact", "consent"]
    # Whoever looks up the answer is asked for no number, and none is kept.
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
    text = Words("您想说什么", "请写下您想说的话。", rows=6)
    place = forms.CharField(
        label="地点",
        max_length=100,
        required=False,
        help_text="例如路名、小区、公园。",
        error_messages={"max_length": "地点最多100字。"},
    )
    reply_by = forms.ChoiceField(
        label="怎样答复您",
        choices=Ticket.ReplyBy.on_the_form(),
        initial="web",
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
        return self.cleaned_data["reply_by"] or Ticket.ReplyBy.WEB

    def clean(self):
        answers = super().clean()
        by_phone = answers.get("reply_by") in {"telephone", "sms"}
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
        self.cleaned_data["token"] = _opened(signed)
        if not self.cleaned_data["token"]:
            self.renew()
            self.add_error(None, "页面打开太久了。写的内容还在，请再按一次按钮。")
        elif _is_younger(signed, settings.LETTER_SECONDS):
            self.add_error(None, "提交得太快了，像是机器。写的内容还在，请等几秒再按一次按钮。")

    def letter(self) -> dict:
        """The answers as `receive` takes them."""
        inner = {"token", "website", "answer"}
        answers = {name: value for name, value in self.cleaned_data.items() if name not in inner}
        return answers | {"form_token": self.cleaned_data["token"], "notice_version": NOTICE_VERSION}


def _is_younger(signed: str, seconds: int) -> bool:
    try:
        TOKEN.unsign(signed, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return seconds > 0


def task_field() -> forms.ModelChoiceField:
    """Which promise a letter is about, as the staff choose it."""
    return forms.ModelChoiceField(
        Task.objects.published(),
        to_field_name="code",
        required=False,
        label="有关哪项承诺",
        empty_label="与承诺无关，或还不清楚",
        help_text="选了的，答复公开以后也会出现在这项承诺的页面上。",
    )


class RegisterForm(LetterForm):
    """A call, a letter or a visit, entered by the clerk while the person is there."""

    WANTS_NUMBER = "来信人想要电话或短信答复，请写下号码；没有号码的，请选“来信人自己上网查”。"
    WANTS_ADDRESS = "来信人想要邮件答复，请写下电子邮箱。"
    KEEPS_CONTACT = True
    website = None
    task = task_field()
    # None chosen beforehand: whatever stood first would soon be where every letter came from.
    channel = forms.ChoiceField(
        label="来源",
        choices=Ticket.Channel.heard_by_staff(),
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
        self.fields["kind"].choices = Ticket.Kind.choices
        self.fields["kind"].error_messages["required"] = "请选择类别。"
        self.fields["text"].error_messages["required"] = "请写下来信内容。"
        self.fields["reply_by"].help_text = ""
        self.fields["contact"].help_text = "手机号、座机或电子邮箱，一个就行。"
        self.fields["contact"].mark = "选填"
        self.fields["reply_by"].mark = ""
        self.fields["reply_by"].choices = Ticket.ReplyBy.staff_choices()

    def clean(self):
        answers = super().clean()
        if answers.get("reply_by") == "mail" and "@" not in answers.get("contact", ""):
            self.add_error("contact", self.WANTS_ADDRESS)
        return answers


def plain_number(typed: str) -> str:
    """The number as it is kept, with whatever dashes and blanks or without its letters it was typed."""
    folded, prefix = fold(typed).upper(), settings.SITE["ticket_prefix"]
    bare = re.sub(r"[\W_]", "", folded).removeprefix(prefix)
    return f"{prefix}-{bare[:4]}-{int(bare[4:]):06d}" if re.fullmatch(r"[0-9]{5,16}", bare) else folded


CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-code": ""}


class TrackForm(TokenForm):
    number = forms.CharField(label="登记编号", max_length=40, error_messages={"required": "请填写登记编号。"})
    code = forms.CharField(
        label="查询码",
        max_length=40,
        widget=forms.TextInput(attrs=CODE),
        help_text=f"回执上的{CODE_LENGTH}个字母和数字，大写小写、有没有空格都行。",
        error_messages={"required": "请填写查询码。"},
    )

    def clean_number(self) -> str:
        return plain_number(self.cleaned_data["number"])

    def clean_answer(self) -> str:
        """Each sum lets one try through."""
        solved, seed = super().clean_answer(), _opened(self["token"].value() or "")
        if not seed or not cache.add(f"sum:{digest(seed)}", True, TOKEN_AGE):
            self.renew()
            raise forms.ValidationError("每道题只能用一次，请算这一道。")
        return solved

    def clean(self):
        if self.errors or not _opened(self["token"].value() or ""):
            self.renew()
        return super().clean()

    def clean_code(self) -> str:
        """What cannot be a code is said, whatever number it was typed for: nothing is learnt from that."""
        code = re.sub(r"[^A-Z0-9]", "", fold(self.cleaned_data["code"]).upper())
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(f"查询码是{CODE_LENGTH}个字母和数字，这里有{len(code)}个，请对照回执。")
        if not set(code) <= set(ALPHABET):
            raise forms.ValidationError("查询码里没有0、1和字母O、I，请对照回执看是不是别的字母或数字。")
        return code


class SupplementForm(PhotoForm):
    """Words or a photo: one of them will do."""

    MISSING = "请写下要补充的内容，或者附一张照片。"
    text = Words("补充的内容", also="只附照片，可以不写。")
    # Not 选填: without a photo it is needed.
    text.mark = ""
    field_order = ["text", "without", "photo"]

    def clean(self):
        answers = super().clean()
        if not (answers["photo"] or answers.get("text") or {"photo", "text"} & set(self.errors)):
            self.add_error("text", self.MISSING)
        return answers


class RateForm(PlainForm):
    grade = forms.ChoiceField(
        label="对这个答复是否满意",
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
    reason = Words("哪里还没有解决", "请写下哪里还没有解决。")
