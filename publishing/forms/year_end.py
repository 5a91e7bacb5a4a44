from django import forms

from common.ui.form_fields import ConcurrentEditForm
from progress.forms.parts import lines
from publishing.actions.year_ends import Closing
from publishing.choices import Outcome
from publishing.models import YearEnd
from tasks.models import Task

OVERTAKEN = "刚才有人保存过，现在是“{}”。要改成您填的，请再保存一次。"
FIELDS = {"v": "verdict", "r": "reason", "d": "document"}


class YearEndForm(ConcurrentEditForm):
    """Verdict, reason and document for each of the tasks a person may judge; what stays empty is left for later."""

    def __init__(self, tasks: list[Task], rows: dict[int, YearEnd], data=None):
        self.tasks = {task.pk: task for task in tasks}
        known = [(pk, rows[pk]) for pk in self.tasks if pk in rows]
        initial = {f"{mark}{pk}": getattr(row, name) for pk, row in known for mark, name in FIELDS.items()}
        super().__init__(data, initial=initial)

    def add_fields(self) -> None:
        verdicts = [("", "还没有结论"), *Outcome.choices]
        for pk in self.tasks:
            self.fields[f"v{pk}"] = forms.ChoiceField(label="年终结论", choices=verdicts, required=False)
            self.fields[f"r{pk}"] = forms.CharField(label="说明", required=False, **lines())
            self.fields[f"d{pk}"] = forms.CharField(label="依据文件", max_length=200, required=False)

    def of(self, task: Task) -> list[forms.BoundField]:
        return [self[f"{mark}{task.pk}"] for mark in FIELDS] if task.pk in self.tasks else []

    def opens(self, task: Task) -> bool:
        """Whether something was typed for it that is not kept yet."""
        return self.is_bound and task.pk in self._changed()

    def clean(self):
        said = super().clean()
        for pk in self._changed():
            closing = self._closing(pk)
            if self.has_conflict(*(f"{mark}{pk}" for mark in FIELDS)):
                self.add_error(f"v{pk}", f"{self.tasks[pk].code} {OVERTAKEN.format(self._stored(pk))}")
            if not closing.verdict:
                self.add_error(f"v{pk}", f"{self.tasks[pk].code} 请选择结论。")
                continue
            for name, sentence in closing.missing().items():
                self.add_error(f"{name[0]}{pk}", f"{self.tasks[pk].code} {sentence}")
        return said

    def _stored(self, pk: int) -> str:
        return Outcome(self.initial[f"v{pk}"]).label if f"v{pk}" in self.initial else "没有结论"

    def closings(self) -> dict[Task, Closing]:
        """Only rows that were changed here, so that a colleague's stay under the colleague's name."""
        return {self.tasks[pk]: self._closing(pk) for pk in self._changed()}

    def _changed(self) -> list[int]:
        changed = set(self.changed_data)
        return [pk for pk in self.tasks if changed & {f"{mark}{pk}" for mark in FIELDS}]

    def _closing(self, pk: int) -> Closing:
        return Closing(**{name: self.cleaned_data.get(f"{mark}{pk}", "") for mark, name in FIELDS.items()})
