"""Forms of releases and of withheld content: clear, approve, lift, extend and take down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from common.ui.form_fields import CheckedFileField, DayField, PlainForm
from progress.forms.parts import lines
from publishing.actions.releases import Withheld
from publishing.rules.citations import HINT, citation_refusal_reason
from tasks.models import Task


class BasisField(forms.CharField):
    """A legal basis, which names a law by its title and article."""

    def __init__(
        self,
        *,
        label: str,
        help_text: str,
        required: bool = True,
        error_messages: dict[str, str] | None = None,
    ) -> None:
        super().__init__(
            max_length=200,
            label=label,
            help_text=help_text,
            required=required,
            error_messages={"max_length": "依据最多200字。"} | (error_messages or {}),
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (refusal := citation_refusal_reason(value)):
            raise forms.ValidationError(refusal)


class ClearanceForm(PlainForm):
    """保密审查: a law and a review day for each withheld task, and one box for all the others."""

    rest_public = forms.BooleanField(required=False)

    def __init__(
        self, tasks: list[Task], today: date, data: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data)
        self.tasks, self.today = tasks, today
        self.fields[
            "rest_public"
        ].label = f"其余各项主动公开（共 {len(tasks)} 项，写明暂不公开依据的除外）"
        for task in tasks:
            self.fields[f"w{task.pk}"] = BasisField(
                label="依法暂不公开的依据", required=False, help_text=HINT
            )
            self.fields[f"d{task.pk}"] = DayField(
                label="再审查日期",
                required=False,
                help_text="到这一天再看能不能公开。写了依据就要写。",
            )

    def fields_for(self, task: Task) -> list[forms.BoundField]:
        return [self[f"w{task.pk}"], self[f"d{task.pk}"]]

    def has_input_for(self, task: Task) -> bool:
        """Whether a field is filled in or has an error, so that the page unfolds the task."""
        return any(field.value() or field.errors for field in self.fields_for(task))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for task in self.tasks:
            basis, day = cleaned.get(f"w{task.pk}"), cleaned.get(f"d{task.pk}")
            self._require_basis(task, basis, day)
            self._require_later_day(task, basis, day)
        if self.errors or cleaned["rest_public"]:
            return cleaned
        if len(self.withheld()) < len(self.tasks):
            self.add_error("rest_public", "请确认其余各项主动公开，或逐项写明暂不公开的依据。")
        return cleaned

    def _require_basis(self, task: Task, basis: str | None, day: date | None) -> None:
        if day and not basis and f"w{task.pk}" not in self.errors:
            self.add_error(f"w{task.pk}", f"{task.code} 写了再审查日期，请写明暂不公开的依据。")

    def _require_later_day(self, task: Task, basis: str | None, day: date | None) -> None:
        is_later = day is not None and day > self.today
        if basis and not is_later and f"d{task.pk}" not in self.errors:
            self.add_error(f"d{task.pk}", f"{task.code} 请写明再审查日期，应在今天以后。")

    def withheld(self) -> dict[int, Withheld]:
        """Maps the id of each task for which a law was typed to its law and review day."""
        cleaned = self.cleaned_data
        return {
            task.pk: Withheld(basis, cleaned[f"d{task.pk}"])
            for task in self.tasks
            if (basis := cleaned[f"w{task.pk}"])
        }


class ApprovalForm(PlainForm):
    """Who approved a prepared release and when, with a scan of the signed paper."""

    approved_by = forms.CharField(
        label="批准人姓名和职务",
        max_length=80,
        help_text="照审批件上签的写，例如：区府办主任 张三。",
        error_messages={"required": "请写明批准人的姓名和职务。", "max_length": "最多80字。"},
    )
    approved_on = DayField(label="批准日期", error_messages={"required": "请写明批准日期。"})
    scan = CheckedFileField(label="审批件扫描件")


class LiftForm(PlainForm):
    """Why a withheld task can be published now."""

    reason = forms.CharField(
        label="为什么可以公开了",
        help_text="会随这一版公布。",
        error_messages={"required": "请写明解除暂不公开的理由。"},
        **lines(3),
    )


class ExtendWithholdingForm(PlainForm):
    """The next review day of a withheld task, and why it cannot be published yet."""

    review_on = DayField(
        label="下次再审查日期", error_messages={"required": "请写明下次再审查日期。"}
    )
    reason = forms.CharField(
        label="为什么还不能公开",
        help_text="留在系统内，不公布。",
        error_messages={"required": "请写明为什么还不能公开。"},
        **lines(3),
    )


class TakeDownPublicationForm(PlainForm):
    """By which law a publication is taken down, and why."""

    legal_basis = BasisField(
        label="法律依据",
        help_text=f"{HINT}会公布。",
        error_messages={"required": "请写明法律依据。"},
    )
    reason = forms.CharField(
        label="说明",
        help_text="为什么撤下，会公布。请不要在这里重复要撤下的内容。",
        error_messages={"required": "请写明为什么撤下。"},
        **lines(3),
    )
