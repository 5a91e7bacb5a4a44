"""What was changed after a document was published: before and after side by side, for page, file and interface."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from common.text.wording import cn_date, cn_quarter
from tasks.choices import CLOSING, ChangeKind, ResponsibilityBasis, ResponsibilityKind
from tasks.models import ChangeRequest, Responsibility, Target, Task

# Fills the table cell of a former lead that was proposed, not confirmed.
UNCONFIRMED_CELL = "待确认"


@dataclass(frozen=True)
class ChangedValue:
    """One thing that was changed, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeLine:
    """A change with its paper; `since` is the day from which it holds, `turns` what it turned."""

    request: ChangeRequest
    since: date
    turns: list[ChangedValue]
    successors: list[Task]

    @property
    def is_closing(self) -> bool:
        return self.request.kind in CLOSING

    @property
    def sentence(self) -> str:
        """原定2013年9月30日,2013年7月29日起调整为2013年10月31日,依据会议纪要(区政府,2013年7月20日批准)。"""
        return f"{self._said()}，依据{self.request.basis_document}（{self._approved()}）。"

    def _said(self) -> str:
        if self.is_closing:
            successor_tasks = "、".join(f"{task.title}（{task.code}）" for task in self.successors)
            return f"{cn_date(self.since)}{self.request.get_kind_display()}" + (
                f"，由{successor_tasks}承接" if successor_tasks else ""
            )
        turned = [f"{t.what}原定{t.before}，{cn_date(self.since)}起调整为{t.after}" for t in self.turns]
        return "；".join(turned)

    def _approved(self) -> str:
        return f"{self.request.approving_body}，{cn_date(self.request.approved_on)}批准"


def with_turns(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """With everything a line reads, in a constant number of queries."""
    leads = Responsibility.objects.filter(kind=ResponsibilityKind.LEAD).select_related("department")
    return changes.select_related("task", "due_change__commitment").prefetch_related(
        Prefetch("targets", Target.objects.select_related("indicator")),
        "targets__indicator__targets",
        Prefetch("task__responsibilities", leads, to_attr="leads"),
        Prefetch("successors", Task.objects.published().only("code", "title")),
    )


def change_lines(changes: Iterable[ChangeRequest], day: date | None = None) -> list[ChangeLine]:
    """`changes` as `with_turns` gives them; all, or those that held on a day."""
    lines = [change_line(change) for change in changes]
    return [line for line in lines if day is None or line.since <= day]


def change_line(change: ChangeRequest) -> ChangeLine:
    turns, since = _turned(change)
    return ChangeLine(change, since or change.approved_on, turns, list(change.successors.all()))


def _turned(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    if change.kind == ChangeKind.TARGET:
        targets = list(change.targets.all())
        return [_target(target) for target in targets], targets[0].valid_from if targets else None
    if change.kind == ChangeKind.DATE and hasattr(change, "due_change"):
        due = change.due_change
        return [ChangedValue(f"“{due.commitment.text}”", cn_date(due.old_due_on), cn_date(due.due_on))], due.valid_from
    if change.kind == ChangeKind.LEAD:
        return _lead(change)
    return [], None


def _target(new: Target) -> ChangedValue:
    indicator, place = new.indicator, (new.year, new.quarter)
    same = [each for each in indicator.targets.all() if (each.year, each.quarter) == place and each.pk < new.pk]
    old = max(same, key=lambda each: each.pk)
    return ChangedValue(
        f"{cn_quarter(*place)}{indicator.name}", f"{old.amount}{indicator.unit}", f"{new.amount}{indicator.unit}"
    )


def _lead(change: ChangeRequest) -> tuple[list[ChangedValue], date | None]:
    leads = sorted(change.task.leads, key=lambda row: row.pk)
    new = next((row for row in leads if row.change_request_id == change.pk), None)
    if new is None:
        return [], None
    former = [row for row in leads if row.pk < new.pk]
    before = _named(former[-1]) if former else "文件未载明"
    return [ChangedValue("牵头单位", before, new.department.short_name)], new.valid_from


def _named(row: Responsibility) -> str:
    """An owner nobody confirmed is named in the demonstration only, with its label."""
    if row.basis != ResponsibilityBasis.PROPOSED:
        return row.department.short_name
    return f"{row.department.short_name}（{row.get_basis_display()}）" if settings.DEMO else UNCONFIRMED_CELL


def changes_of(task: Task, day: date | None = None) -> list[ChangeLine]:
    """Newest first; all, or those that held on a day."""
    return change_lines(with_turns(task.change_requests.order_by("-pk")), day)


def all_changes() -> QuerySet[ChangeRequest]:
    return with_turns(ChangeRequest.objects.order_by("-pk"))
