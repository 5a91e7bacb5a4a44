"""Fields and base forms of the public forms: long text, the one-time token with its sum,
a photo.
"""

import secrets
from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from common.text.folding import fold
from common.ui.form_fields import PhotoField, PlainForm

TOKEN = signing.TimestampSigner(salt="feedback.form")
TOKEN_AGE = 24 * 3600
PHOTO = signing.Signer(salt="feedback.photo")
HANDED_IN = (
    "来信人给的照片，或纸质来信的扫描图。一张，JPG、PNG 或 WebP，不超过 15 MB。"
    "只有受理和办理的人能看。"
)
NUMERALS = "一二三四五六七八九"


class LongTextField(forms.CharField):
    """A long text with the same limit and warning everywhere; required where `missing` says why."""

    MOST = 2000

    def __init__(self, label: str, missing: str = "", rows: int = 4, also: str = ""):
        super().__init__(
            label=label,
            required=bool(missing),
            max_length=self.MOST,
            widget=forms.Textarea(attrs={"rows": rows}),
            help_text=f"请不要写身份证号、银行卡号、病情。最多{self.MOST}字。{also}",
            error_messages={
                "required": missing,
                "max_length": "写了%(show_value)d字，最多%(limit_value)d字，请缩短一些。",
            },
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut a pasted text off without saying so."""
        return {}

    def to_python(self, value: object) -> str:
        """Counts a new line, which a browser sends as two characters, as one."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class UnmarkedLongTextField(LongTextField):
    """A long text that is not marked 选填: it may be empty where a photo is given."""

    mark = ""


class UnmarkedCharField(forms.CharField):
    """A text that is not marked 选填: it may be empty only where something else is filled in."""

    mark = ""


class UnmarkedChoiceField(forms.ChoiceField):
    """A choice that is not marked 选填: it may be left open only where something else says it."""

    mark = ""


def change_data(form: forms.BaseForm, **values: str) -> None:
    """Changes what was posted, in a copy: the data of a request itself cannot be changed."""
    data = form.data.copy() if isinstance(form.data, dict) else dict(form.data)
    for name, value in values.items():
        data[name] = value
    form.data = data


def new_token() -> str:
    """A token made when a form is shown; it dates the form and is good for one letter."""
    return TOKEN.sign(secrets.token_urlsafe(24))


def unsigned(signed: str) -> str:
    """The token without its signature; "" where we did not sign it, or too long ago."""
    try:
        return TOKEN.unsign(signed, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return ""


def summands(token: str) -> tuple[int, int]:
    """The two numbers of the sum for this token: nothing is stored,
    and another form asks another sum.
    """
    first, second = salted_hmac("feedback.sum", token, algorithm="sha256").digest()[:2]
    return first % 9 + 1, second % 9 + 1


class TokenForm(PlainForm):
    """A form with a one-time token, and with a sum to solve where `challenge`
    gives the text for it.
    """

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        label="",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请把这道题的得数写上。"},
    )

    def __init__(self, *args: Any, challenge: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        answer = self.fields.pop("answer")
        if challenge:
            answer.help_text = challenge
            self.fields["answer"] = answer
            self._set_question()

    @property
    def token_shown(self) -> str:
        """The token in the form, as it was posted or made for it; "" without one."""
        return self["token"].value() or ""

    def _set_question(self) -> None:
        first, second = summands(self.token_shown)
        self["answer"].label = f"请算一算：{NUMERALS[first - 1]}加{NUMERALS[second - 1]}等于几？"

    def clean_answer(self) -> str:
        if fold(self.cleaned_data["answer"]) != str(sum(summands(self.token_shown))):
            raise forms.ValidationError("得数不对，请再算一次。")
        return self.cleaned_data["answer"]

    def renew(self) -> None:
        """Sets another token, and with it another sum."""
        change_data(self, token=new_token())
        if "answer" in self.fields:
            change_data(self, answer="")
            self._set_question()


class PhotoForm(PlainForm):
    """A form with one photo.

    A browser sends a file only once, so until the form is accepted the photo travels in it, signed.
    """

    photo = PhotoField(
        label="照片",
        help_text="一张，JPG、PNG 或 WebP，不超过 15 MB。请不要拍到别人的脸、车牌和证件。"
        "只有受理和办理的人能看。",
    )
    carried = forms.CharField(
        required=False, widget=forms.HiddenInput, max_length=settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    without = forms.BooleanField(
        label="不附这张照片了",
        required=False,
        help_text="照片已附上，不用再选；再选一张就换成新的。",
    )

    def visible_fields(self) -> list[forms.BoundField]:
        """The box to leave the photo out is shown only where one is attached."""
        return [
            field
            for field in super().visible_fields()
            if field.name != "without" or self["carried"].value()
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        answers = self.cleaned_data
        carried = answers.pop("carried", "")
        is_left_out = answers.pop("without", False)
        photo = None if is_left_out else answers.get("photo") or _unsealed(carried)
        answers["photo"] = photo
        signed = PHOTO.sign(b64encode(photo).decode()) if photo else ""
        change_data(self, without="", carried=signed)
        return answers


def _unsealed(carried: str) -> bytes | None:
    """The photo carried by the form, which was checked and reduced in size before."""
    try:
        return b64decode(PHOTO.unsign(carried))
    except signing.BadSignature:
        return None
