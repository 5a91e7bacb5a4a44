"""The forms a writer fills in with number and code: to look the letter up, and for each action."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache

from common.security.crypto import ALPHABET, CODE_LENGTH
from common.text.canonical import digest
from common.text.folding import fold
from common.ui.form_fields import PlainForm
from feedback.choices import RatingGrade
from feedback.forms.parts import (
    TOKEN_AGE,
    LongTextField,
    PhotoForm,
    TokenForm,
    UnmarkedLongTextField,
    unsigned,
)

# Characters of a number or a code, with all the blanks and dashes people type.
LONGEST_NUMBER = 40


def plain_number(typed: str) -> str:
    """The number as it is stored, from whatever dashes, blanks or missing letters were typed."""
    folded, prefix = fold(typed).upper(), settings.SITE["ticket_prefix"]
    bare = re.sub(r"[\W_]", "", folded).removeprefix(prefix)
    return (
        f"{prefix}-{bare[:4]}-{int(bare[4:]):06d}" if re.fullmatch(r"[0-9]{5,16}", bare) else folded
    )


CODE = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "data-code": "",
}


class TrackForm(TokenForm):
    """Number and code of a letter."""

    number = forms.CharField(
        label="登记编号", max_length=LONGEST_NUMBER, error_messages={"required": "请填写登记编号。"}
    )
    code = forms.CharField(
        label="查询码",
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs=CODE),
        help_text=f"回执上的{CODE_LENGTH}个字母和数字，大写小写、有没有空格都行。",
        error_messages={"required": "请填写查询码。"},
    )

    def clean_number(self) -> str:
        return plain_number(self.cleaned_data["number"])

    def clean_answer(self) -> str:
        """Each sum is good for one attempt."""
        solved, seed = super().clean_answer(), unsigned(self.token_shown)
        if not seed or not cache.add(f"sum:{digest(seed)}", "used", TOKEN_AGE):
            self.renew()
            raise forms.ValidationError("每道题只能用一次，请算这一道。")
        return solved

    def clean(self) -> dict[str, Any]:
        if self.errors or not unsigned(self.token_shown):
            self.renew()
        super().clean()
        return self.cleaned_data

    def clean_code(self) -> str:
        """A malformed code is refused before the number is looked up,
        so the message tells nothing about it.
        """
        code = re.sub(r"[^A-Z0-9]", "", fold(self.cleaned_data["code"]).upper())
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                f"查询码是{CODE_LENGTH}个字母和数字，这里有{len(code)}个，请对照回执。"
            )
        if not set(code) <= set(ALPHABET):
            raise forms.ValidationError(
                "查询码里没有0、1和字母O、I，请对照回执看是不是别的字母或数字。"
            )
        return code


class BaseSupplementForm(PhotoForm):
    """Words in a field `text`, or a photo; one of them is needed."""

    MISSING = ""

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not (answers["photo"] or answers.get("text") or {"photo", "text"} & set(self.errors)):
            self.add_error("text", self.MISSING)
        return answers


class SupplementForm(BaseSupplementForm):
    """What the writer adds."""

    MISSING = "请写下要补充的内容，或者附一张照片。"
    text = UnmarkedLongTextField("补充的内容", also="只附照片，可以不写。")
    field_order = ["text", "without", "photo"]


class RateForm(PlainForm):
    """A rating on five levels."""

    grade = forms.ChoiceField(
        label="对这个答复是否满意",
        choices=RatingGrade,
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
    """Why the work should be done again."""

    reason = LongTextField("哪里还没有解决", "请写下哪里还没有解决。")
