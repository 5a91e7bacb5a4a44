"""Forms of objections (复核申请): file one, decide one."""

from django import forms

from common.ui.form_fields import PlainForm
from progress.forms.parts import lines
from publishing.choices import ObjectionState


class ObjectionForm(PlainForm):
    """Why a unit objects to a published verdict."""

    text = forms.CharField(
        label="申请复核的理由",
        help_text="写明核定的哪一点与事实不符，依据是什么。只给督查人员看，不公开。",
        error_messages={"required": "请写明申请复核的理由。"},
        **lines(8),
    )


class ObjectionAnswerForm(PlainForm):
    """The outcome of an objection, and the reason that the unit reads."""

    HINTS = {
        ObjectionState.UPHELD: "采纳：核定有误，接着提出更正",
        ObjectionState.PARTLY: "部分采纳：一部分有误，接着提出更正",
        ObjectionState.REJECTED: "维持：核定不变",
    }

    outcome = forms.ChoiceField(
        label="复核结论",
        choices=list(HINTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择复核结论。"},
    )
    decision = forms.CharField(
        label="复核意见",
        help_text="申请单位会看到；公众只看到结论和日期。",
        error_messages={"required": "请写明复核意见，申请单位会看到。"},
        **lines(6),
    )
