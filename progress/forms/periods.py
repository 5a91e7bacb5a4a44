"""The form to close a reporting period before its due day is over."""

from django import forms

from common.ui.form_fields import PlainForm
from progress.forms.parts import lines


class EarlyClosingForm(PlainForm):
    reason = forms.CharField(
        label="为什么提前截止",
        help_text="留在系统内，督查员、发布员和区领导可以看到。",
        error_messages={"required": "提前截止请写明理由。"},
        **lines(3),
    )
