"""Who can file: tasks nobody could submit, units without a second reporter, accounts that nobody uses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from departments.models import Department, Membership, Role, User
from progress.models import ReportingPeriod
from progress.requirements.report import acting_lead
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Plan, Responsibility, Task

UNUSED_DAYS = 90


@dataclass(frozen=True)
class UnitLine:
    """A unit that answers for tasks: `leads` it submits itself, of `parts` another unit submits the whole."""

    department: Department
    leads: int
    parts: int
    reporters: list[User]
    signers: list[User]

    @property
    def signs_itself(self) -> bool:
        """The only person who files is the only one who signs, and nobody signs the own report."""
        return self.department.signs_reports and len(self.reporters) == 1 and self.signers == self.reporters


@dataclass(frozen=True)
class Account:
    user: User
    posts: list[Membership]


@dataclass(frozen=True)
class Coverage:
    """Each list worst first; `ownerless` are tasks without a lead, which nobody may submit."""

    tasks: int
    ownerless: list[Task]
    unmanned: list[UnitLine]
    unseen: list[UnitLine]
    alone: list[UnitLine]
    unsigned: list[UnitLine]
    self_signed: list[UnitLine]
    unused: list[Account]

    @property
    def without_reporter(self) -> int:
        """Tasks whose lead has nobody to file."""
        return sum(line.leads for line in self.unmanned)

    @property
    def stuck(self) -> int:
        """Tasks nobody can submit as things stand."""
        return len(self.ownerless) + self.without_reporter


def coverage(at: datetime, plan: Plan | None = None) -> Coverage:
    """Of one plan, or of every published plan that is tracked. A constant number of queries."""
    tasks = _still_asked(list(_tasks(plan)))
    held = list(Membership.objects.current().select_related("user", "department"))
    lines = _lines(tasks, held)
    return Coverage(
        tasks=len(tasks),
        ownerless=[task for task in tasks if acting_lead(task.answering) is None],
        unmanned=[line for line in lines if not line.reporters],
        unseen=[line for line in lines if line.reporters and not any(user.last_login for user in line.reporters)],
        alone=[line for line in lines if len(line.reporters) == 1],
        unsigned=[line for line in lines if line.department.signs_reports and not line.signers],
        self_signed=[line for line in lines if line.signs_itself],
        unused=_unused(held, at - timedelta(days=UNUSED_DAYS)),
    )


def _tasks(plan: Plan | None) -> Iterable[Task]:
    tracked = Task.objects.filter(plan__state=PlanState.PUBLISHED, plan__tracked_from__isnull=False)
    found = Task.objects.filter(plan=plan) if plan else tracked
    in_force = Responsibility.objects.in_force().select_related("department")
    found = found.only("plan", "number", "code", "title").order_by("plan", "number")
    closings = Prefetch("change_requests", ChangeRequest.objects.closing(), to_attr="closings")
    return found.prefetch_related(Prefetch("responsibilities", in_force, to_attr="answering"), closings)


def _still_asked(tasks: list[Task]) -> list[Task]:
    """Without those that ended before the first quarter still to be published: nobody files for them any more."""
    ahead = defaultdict(list)
    for period in ReportingPeriod.objects.ahead().quarters().filter(plan__in={task.plan_id for task in tasks}):
        ahead[period.plan_id].append(period.first_day)
    since = {plan: min(days) for plan, days in ahead.items()}
    return [t for t in tasks if all(since.get(t.plan_id, date.max) <= row.approved_on for row in t.closings)]


def _lines(tasks: list[Task], held: list[Membership]) -> list[UnitLine]:
    units: dict[int, Department] = {}
    leads, parts = defaultdict(int), defaultdict(int)
    people: dict[tuple[int, str], list[User]] = defaultdict(list)
    for task in tasks:
        lead = acting_lead(task.answering)
        for row in task.answering:
            units[row.department_id] = row.department
            (leads if row is lead else parts)[row.department_id] += 1
    for post in held:
        people[post.department_id, post.role].append(post.user)
    found = [
        UnitLine(unit, leads[pk], parts[pk], people[pk, Role.REPORTER], people[pk, Role.SIGNER])
        for pk, unit in units.items()
    ]
    return sorted(found, key=lambda line: (-line.leads, -line.parts, line.department.pk))


def _unused(held: list[Membership], since: datetime) -> list[Account]:
    """Those that never signed in first, then the longest absent."""
    posts = defaultdict(list)
    for post in held:
        posts[post.user].append(post)
    found = [Account(user, own) for user, own in posts.items() if user.last_login is None or user.last_login < since]
    return sorted(found, key=lambda one: (one.user.last_login is not None, one.user.last_login or since, one.user.pk))
