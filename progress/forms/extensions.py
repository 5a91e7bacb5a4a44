"""The forms to request and answer an extension, and to unlock a report."""

from collections.abc import Mapping

from django import forms

from common.text.wording import cn_date
from common.ui.form_fields import PlainForm, offer_choices
from progress.forms.parts import lines
from progress.models import ExtensionRequest
from progress.requirements.report import ReportRequirements


def day_field(label: str, *, empty: str) -> forms.DateField:
    """A required day; `empty`: the error message when it is left out."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": empty, "invalid": "请写成 2026-10-20 这样的日期。"},
    )


class ExtensionForm(PlainForm):
    """A unit's request for more time."""

    requested_until = day_field("申请延期到哪一天", empty="请写明延期到哪一天。")
    reason = forms.CharField(
        label="延期理由", error_messages={"required": "请写明延期理由。"}, **lines(4)
    )
    progress_so_far = forms.CharField(
        label="目前进展",
        help_text="已经做到哪一步，哪些已经填好。",
        error_messages={"required": "请写明目前进展。"},
        **lines(4),
    )

    def __init__(
        self, requirements: ReportRequirements, data: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data)
        self.fields[
            "requested_until"
        ].help_text = f"现在的报送截止日是{cn_date(requirements.due_on)}。"


class ExtensionAnswerForm(PlainForm):
    """The supervisor's answer: granting needs a day, refusing (`refusing`) a reason instead."""

    granted_until = day_field("批准延期到哪一天", empty="请写明批准延期到哪一天。")
    note = forms.CharField(
        label="答复说明",
        required=False,
        help_text="不同意时须写明理由；申请单位会看到。",
        **lines(3),
    )

    def __init__(
        self,
        extension: ExtensionRequest,
        data: Mapping[str, object] | None = None,
        *,
        refusing: bool = False,
    ) -> None:
        super().__init__(data, initial={"granted_until": extension.requested_until})
        release_on = cn_date(extension.period.release_on)
        self.fields[
            "granted_until"
        ].help_text = f"计划公布日是{release_on}；晚于它报送的，公布之后补充公布。"
        if refusing:
            self.fields["granted_until"].required = False
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "不同意延期请写明理由。"


class UnlockForm(PlainForm):
    """Which report of a closed period to unlock, and why; `selected`: a task code to begin with."""

    task = forms.ChoiceField(label="开放哪一项", error_messages={"required": "请选择一项。"})
    reason = forms.CharField(
        label="开放理由",
        help_text="填报单位会看到。",
        error_messages={"required": "单项开放请写明理由。"},
        **lines(3),
    )

    def __init__(
        self,
        requirements_list: list[ReportRequirements],
        data: Mapping[str, object] | None = None,
        *,
        selected: str = "",
    ) -> None:
        super().__init__(data, initial={"task": selected})
        self.requirements_by_code = {
            requirements.task.code: requirements for requirements in requirements_list
        }
        choices = [
            (code, f"{code} {row.task.title}") for code, row in self.requirements_by_code.items()
        ]
        offer_choices(self, "task", [("", "请选择"), *choices])

    @property
    def requirements(self) -> ReportRequirements:
        """The requirements of the task that was chosen."""
        return self.requirements_by_code[self.cleaned_data["task"]]
