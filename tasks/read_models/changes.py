"""Changes of what was promised, before and after side by side, for pages, files and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from common.text.wording import cn_date, cn_quarter
from tasks.choices import CLOSING, ChangeKind, ResponsibilityBasis, ResponsibilityKind
from tasks.models import ChangeRequest, Responsibility, Target, Task

# Fills the table cell of a former lead that was proposed, not confirmed.
UNCONFIRMED_CELL = "待确认"


@dataclass(frozen=True)
class ChangedValue:
    """One value that was changed, as printed: what it is, before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeLine:
    """A change with its basis: `since` is the day from which it holds.

    `values` are the values it changed, `successors` the tasks that take over a closed one.
    """

    request: ChangeRequest
    since: date
    values: list[ChangedValue]
    successors: list[Task]

    @property
    def is_closing(self) -> bool:
        """Whether the change ended, merged or split the task."""
        return self.request.kind in CLOSING

    @property
    def sentence(self) -> str:
        """原定…，2013年7月29日起调整为…，依据会议纪要（区政府，2013年7月20日批准）。"""
        basis = self.request.basis_document
        approval = f"{self.request.approving_body}，{cn_date(self.request.approved_on)}批准"
        return f"{self._describe()}，依据{basis}（{approval}）。"

    def _describe(self) -> str:
        if self.is_closing:
            successor_tasks = "、".join(f"{task.title}（{task.code}）" for task in self.successors)
            return f"{cn_date(self.since)}{self.request.get_kind_display()}" + (
                f"，由{successor_tasks}承接" if successor_tasks else ""
            )
        since = cn_date(self.since)
        return "；".join(
            f"{value.what}原定{value.before}，{since}起调整为{value.after}" for value in self.values
        )


def with_changed_values(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """The changes with everything `change_lines` reads, in a constant number of queries."""
    leads = Responsibility.objects.filter(kind=ResponsibilityKind.LEAD).select_related("department")
    return (
        changes.select_related("task", "due_change__commitment")
        .prefetch_related(Prefetch("targets", Target.objects.select_related("indicator")))
        .prefetch_related("targets__indicator__targets")
        .prefetch_related(Prefetch("task__responsibilities", leads, to_attr="leads"))
        .prefetch_related(Prefetch("successors", Task.objects.published().only("code", "title")))
    )


def change_lines(changes: Iterable[ChangeRequest], day: date | None = None) -> list[ChangeLine]:
    """A line for each change from `with_changed_values`: all, or those that held on a day."""
    lines = [change_line(change) for change in changes]
    return [line for line in lines if day is None or line.since <= day]


def change_line(change: ChangeRequest) -> ChangeLine:
    """The line for one change from `with_changed_values`."""
    values, since = _read_changed_values(change)
    return ChangeLine(change, since or change.approved_on, values, list(change.successors.all()))


def _read_changed_values(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    """The changed values and the day from which they hold; None where no row says it."""
    if change.kind == ChangeKind.TARGET:
        return _compare_targets(change)
    if change.kind == ChangeKind.DATE:
        return _compare_due_days(change)
    if change.kind == ChangeKind.LEAD:
        return _compare_lead(change)
    return [], None


def _compare_targets(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    targets = list(change.targets.all())
    values = [_compare_target(target) for target in targets]
    return values, targets[0].valid_from if targets else None


def _compare_due_days(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    if not hasattr(change, "due_change"):
        return [], None
    due = change.due_change
    what = f"“{due.commitment.text}”"
    return [ChangedValue(what, cn_date(due.old_due_on), cn_date(due.due_on))], due.valid_from


def _compare_target(new: Target) -> ChangedValue:
    """A target beside the one it replaced, the last before it for the same quarter."""
    indicator, quarter = new.indicator, (new.year, new.quarter)
    earlier = [
        target
        for target in indicator.targets.all()
        if (target.year, target.quarter) == quarter and target.pk < new.pk
    ]
    old = max(earlier, key=lambda target: target.pk)
    return ChangedValue(
        what=f"{cn_quarter(*quarter)}{indicator.name}",
        before=f"{old.amount}{indicator.unit}",
        after=f"{new.amount}{indicator.unit}",
    )


def _compare_lead(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    leads = sorted(change.task.leads, key=attrgetter("pk"))
    new = next((row for row in leads if row.change_request_id == change.pk), None)
    if new is None:
        return [], None
    before = _former_lead(leads[: leads.index(new)])
    return [ChangedValue("牵头单位", before, new.department.short_name)], new.valid_from


def _former_lead(earlier: list[Responsibility]) -> str:
    return _public_name(earlier[-1]) if earlier else "文件未载明"


def _public_name(row: Responsibility) -> str:
    """The unit's name; an unconfirmed unit is named in the demonstration only, with its label."""
    if row.basis != ResponsibilityBasis.PROPOSED:
        return row.department.short_name
    return (
        f"{row.department.short_name}（{row.get_basis_display()}）"
        if settings.DEMO
        else UNCONFIRMED_CELL
    )


def changes_of(task: Task, day: date | None = None) -> list[ChangeLine]:
    """The changes of a task, newest first: all, or those that held on a day."""
    return change_lines(with_changed_values(task.change_requests.order_by("-pk")), day)


def all_changes() -> QuerySet[ChangeRequest]:
    """Every change of every task, newest first, ready for `change_lines`."""
    return with_changed_values(ChangeRequest.objects.order_by("-pk"))
