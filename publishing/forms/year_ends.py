"""The form in which supervisors prepare the year-end verdicts (年终结论) of a plan."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from common.ui.form_fields import ConcurrentEditForm
from progress.forms.parts import lines
from publishing.actions.year_ends import Closing
from publishing.choices import Outcome
from publishing.models import YearEnd
from tasks.models import Task

# The message of a field that a colleague has saved meanwhile.
OVERTAKEN = "刚才有人保存过，现在是“{}”。要改成您填的，请再保存一次。"
# Prefix of a field's name, before the id of its task, and the column it holds.
FIELDS = {"v": "verdict", "r": "reason", "d": "document"}


class YearEndForm(ConcurrentEditForm):
    """Verdict, reason and document for each task the person may judge; rows may stay empty."""

    def __init__(
        self, tasks: list[Task], rows: dict[int, YearEnd], data: Mapping[str, object] | None = None
    ) -> None:
        self.tasks = {task.pk: task for task in tasks}
        initial: dict[str, object] = {}
        for pk in self.tasks.keys() & rows.keys():
            initial |= {f"{prefix}{pk}": getattr(rows[pk], name) for prefix, name in FIELDS.items()}
        super().__init__(data, initial=initial)

    def add_fields(self) -> None:
        verdicts = [("", "还没有结论"), *Outcome.choices]
        for pk in self.tasks:
            self.fields[f"v{pk}"] = forms.ChoiceField(
                label="年终结论", choices=verdicts, required=False
            )
            self.fields[f"r{pk}"] = forms.CharField(label="说明", required=False, **lines())
            self.fields[f"d{pk}"] = forms.CharField(
                label="依据文件", max_length=200, required=False
            )

    def fields_for(self, task: Task) -> list[forms.BoundField]:
        """The fields of the task; none where the person may not judge it."""
        return [self[f"{prefix}{task.pk}"] for prefix in FIELDS] if task.pk in self.tasks else []

    def has_unsaved_input_for(self, task: Task) -> bool:
        return self.is_bound and task.pk in self._changed_task_ids()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for pk in self._changed_task_ids():
            self._check_task(self.tasks[pk], self._closing_for(pk))
        return cleaned

    def _check_task(self, task: Task, closing: Closing) -> None:
        pk = task.pk
        if self.has_conflict(*(f"{prefix}{pk}" for prefix in FIELDS)):
            overtaken = OVERTAKEN.format(self._saved_verdict_label(pk))
            self.add_error(f"v{pk}", f"{task.code} {overtaken}")
        if not closing.verdict:
            self.add_error(f"v{pk}", f"{task.code} 请选择结论。")
            return
        for name, sentence in closing.missing().items():
            self.add_error(f"{name[0]}{pk}", f"{task.code} {sentence}")

    def _saved_verdict_label(self, pk: int) -> str:
        return Outcome(self.initial[f"v{pk}"]).label if f"v{pk}" in self.initial else "没有结论"

    def closings(self) -> dict[Task, Closing]:
        """The verdicts that were changed in this form and are complete.

        The others are left out, so that they stay under the name of who prepared them.
        """
        sound = [pk for pk in self._changed_task_ids() if not self._is_faulty(pk)]
        return {self.tasks[pk]: self._closing_for(pk) for pk in sound}

    def faulty_tasks(self) -> list[Task]:
        """The tasks whose rows cannot be saved as they are."""
        return [task for pk, task in self.tasks.items() if self._is_faulty(pk)]

    def _is_faulty(self, pk: int) -> bool:
        return bool(self.errors.keys() & {f"{prefix}{pk}" for prefix in FIELDS})

    def data_after_saving(self, tasks: Iterable[Task]) -> dict[str, object]:
        """What the page sent, with the verdicts on these tasks as what it has shown."""
        saved = {f"{prefix}{task.pk}" for task in tasks for prefix in FIELDS}
        shown = {self.add_initial_prefix(name): self.data.get(name, "") for name in saved}
        return {name: self.data.get(name) for name in self.data} | shown

    def _changed_task_ids(self) -> list[int]:
        changed = set(self.changed_data)
        return [pk for pk in self.tasks if changed & {f"{prefix}{pk}" for prefix in FIELDS}]

    def _closing_for(self, pk: int) -> Closing:
        cleaned = self.cleaned_data
        return Closing(
            verdict=cleaned.get(f"v{pk}", ""),
            reason=cleaned.get(f"r{pk}", ""),
            document=cleaned.get(f"d{pk}", ""),
        )
