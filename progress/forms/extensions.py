from django import forms

from common.text.wording import cn_date
from common.ui.form_fields import PlainForm
from progress.forms.parts import lines
from progress.models import ExtensionRequest
from progress.requirements.report import ReportRequirements


def day(label: str, *, empty: str, **kwargs) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": empty, "invalid": "请写成 2026-10-20 这样的日期。"},
        **kwargs,
    )


class ExtensionForm(PlainForm):
    """What a unit asks for; the day is the unit's proposal."""

    requested_until = day("申请延期到哪一天", empty="请写明延期到哪一天。")
    reason = forms.CharField(label="延期理由", error_messages={"required": "请写明延期理由。"}, **lines(4))
    progress_so_far = forms.CharField(
        label="目前进展",
        help_text="已经做到哪一步，哪些已经填好。",
        error_messages={"required": "请写明目前进展。"},
        **lines(4),
    )

    def __init__(self, requirements: ReportRequirements, data=None):
        super().__init__(data)
        self.fields["requested_until"].help_text = f"现在的报送截止日是{cn_date(requirements.due_on)}。"


class ExtensionAnswerForm(PlainForm):
    """One form for two actions: a day is needed to grant, a reason to refuse."""

    granted_until = day("批准延期到哪一天", empty="请写明批准延期到哪一天。")
    note = forms.CharField(
        label="答复说明", required=False, help_text="不同意时须写明理由；申请单位会看到。", **lines(3)
    )

    def __init__(self, extension: ExtensionRequest, data=None, *, refusing: bool = False):
        super().__init__(data, initial={"granted_until": extension.requested_until})
        release_on = cn_date(extension.period.release_on)
        self.fields["granted_until"].help_text = f"计划公布日是{release_on}；晚于它报送的，公布之后补充公布。"
        if refusing:
            self.fields["granted_until"].required = False
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "不同意延期请写明理由。"


class UnlockForm(PlainForm):
    task = forms.ChoiceField(label="开放哪一项", error_messages={"required": "请选择一项。"})
    reason = forms.CharField(
        label="开放理由",
        help_text="填报单位会看到。",
        error_messages={"required": "单项开放请写明理由。"},
        **lines(3),
    )

    def __init__(self, requirements_list: list[ReportRequirements], data=None, *, asked: str = ""):
        super().__init__(data, initial={"task": asked})
        self.requirements_list = {requirements.task.code: requirements for requirements in requirements_list}
        named = [(code, f"{code} {requirements.task.title}") for code, requirements in self.requirements_list.items()]
        self.fields["task"].choices = [("", "请选择"), *named]

    @property
    def requirements(self) -> ReportRequirements:
        return self.requirements_list[self.cleaned_data["task"]]
