"""The forms of a mail set aside: it is a letter after all, or was dealt with otherwise."""

from django import forms

from common.mail.parsing import MOST_TEXT
from common.ui.form_fields import PlainForm


class RegisterMailForm(PlainForm):
    """The letter as the desk reads it in the mail."""

    text = forms.CharField(
        label="来信内容",
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="照原件填写。来信人的邮箱从原件里取；本平台能发邮件的，会把编号和查询码发过去。",
        error_messages={
            "required": "请写下来信内容。",
            "max_length": f"来信内容最多{MOST_TEXT}字。",
        },
    )


class SettleMailForm(PlainForm):
    """What was done with a mail that is no letter."""

    note = forms.CharField(
        label="怎样处理的",
        max_length=200,
        help_text="例如：退信，已打电话核对邮箱；广告，不用办理。",
        error_messages={"required": "请写明怎样处理的。", "max_length": "最多200字。"},
    )
