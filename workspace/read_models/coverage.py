"""Who can file: tasks nobody could submit, units without a second reporter,
accounts that nobody uses.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch

from departments.models import Department, Membership, User
from departments.roles import Role
from progress.models import ReportingPeriod
from progress.requirements.report import acting_lead
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Plan, Responsibility, Task

UNUSED_DAYS = 90


@dataclass(frozen=True)
class TrackedTask:
    """A task with the units that answer for it now and the changes that ended it."""

    task: Task
    responsibilities: list[Responsibility]
    closings: list[ChangeRequest]

    @property
    def lead(self) -> Responsibility | None:
        return acting_lead(self.responsibilities)

    def is_required_from(self, day: date) -> bool:
        """Whether it had not ended before a quarter that begins on this day."""
        return all(day <= change.approved_on for change in self.closings)


@dataclass(frozen=True)
class UnitLine:
    """A responsible unit: it submits `leads` tasks itself and writes a part of `parts` others."""

    department: Department
    leads: int
    parts: int
    reporters: list[User]
    signers: list[User]

    @property
    def is_unmanned(self) -> bool:
        return not self.reporters

    @property
    def is_unseen(self) -> bool:
        """Whether it has reporters none of whom ever signed in."""
        return bool(self.reporters) and not any(user.last_login for user in self.reporters)

    @property
    def is_alone(self) -> bool:
        """Whether it has a single reporter and nobody to stand in."""
        return len(self.reporters) == 1

    @property
    def is_unsigned(self) -> bool:
        """Whether it signs its reports and has no signer."""
        return self.department.signs_reports and not self.signers

    @property
    def signs_itself(self) -> bool:
        """Its only reporter is its only signer, and nobody may sign a report of their own."""
        return self.department.signs_reports and self.is_alone and self.signers == self.reporters


@dataclass(frozen=True)
class UnusedAccount:
    """A person who has not signed in for long, with the memberships still in force."""

    user: User
    posts: list[Membership]

    @property
    def posts_in_words(self) -> str:
        """The units and roles, as one text for a cell of a table."""
        return "、".join(f"{post.department}{post.get_role_display()}" for post in self.posts)


@dataclass(frozen=True)
class Coverage:
    """What is not covered of `tasks` tasks, in lists with the worst first.

    `ownerless` are tasks without a lead, which nobody may submit.
    """

    tasks: int
    ownerless: list[Task]
    lines: list[UnitLine]
    unused: list[UnusedAccount]

    @property
    def unmanned(self) -> list[UnitLine]:
        return [line for line in self.lines if line.is_unmanned]

    @property
    def unseen(self) -> list[UnitLine]:
        return [line for line in self.lines if line.is_unseen]

    @property
    def alone(self) -> list[UnitLine]:
        return [line for line in self.lines if line.is_alone]

    @property
    def unsigned(self) -> list[UnitLine]:
        return [line for line in self.lines if line.is_unsigned]

    @property
    def self_signed(self) -> list[UnitLine]:
        return [line for line in self.lines if line.signs_itself]

    @property
    def without_reporter(self) -> int:
        """Tasks whose lead has nobody to file."""
        return sum(line.leads for line in self.unmanned)

    @property
    def stuck(self) -> int:
        """Tasks nobody can submit as things stand."""
        return len(self.ownerless) + self.without_reporter

    @property
    def why_stuck(self) -> str:
        """How many tasks nobody can submit for which reason; empty when somebody can."""
        counts = (
            (self.without_reporter, "项的责任单位没有填报员"),
            (len(self.ownerless), "项没有牵头单位"),
        )
        return "，".join(f"{count} {words}" for count, words in counts if count)


def coverage_of(at: datetime, plan: Plan | None = None) -> Coverage:
    """Who can file the tasks of a plan, or of every published plan that is tracked.

    `at` is now: accounts count as unused from there. A constant number of queries.
    """
    tasks = _without_ended(_tracked_tasks(plan))
    memberships = list(Membership.objects.current().select_related("user", "department"))
    return Coverage(
        tasks=len(tasks),
        ownerless=[tracked.task for tracked in tasks if tracked.lead is None],
        lines=_lines(tasks, memberships),
        unused=_unused_accounts(memberships, at - timedelta(days=UNUSED_DAYS)),
    )


def _tracked_tasks(plan: Plan | None) -> list[TrackedTask]:
    tracked = Task.objects.filter(plan__state=PlanState.PUBLISHED, plan__tracked_from__isnull=False)
    tasks = Task.objects.filter(plan=plan) if plan else tracked
    in_force = Responsibility.objects.in_force().select_related("department")
    rows = (
        tasks.only("plan", "number", "code", "title")
        .order_by("plan", "number")
        .prefetch_related(
            Prefetch("responsibilities", in_force, to_attr="answering"),
            Prefetch("change_requests", ChangeRequest.objects.closing(), to_attr="closings"),
        )
    )
    return [TrackedTask(task, task.answering, task.closings) for task in rows]


def _without_ended(tasks: list[TrackedTask]) -> list[TrackedTask]:
    """Leaves out tasks that ended before the first quarter still to be published."""
    since = _first_days_ahead({tracked.task.plan_id for tracked in tasks})
    return [
        tracked
        for tracked in tasks
        if tracked.is_required_from(since.get(tracked.task.plan_id, date.max))
    ]


def _first_days_ahead(plans: set[int]) -> dict[int, date]:
    """Plan id -> the first day of its first quarter still to be published, if there is one."""
    since: dict[int, date] = {}
    for period in ReportingPeriod.objects.ahead().quarters().filter(plan__in=plans):
        first_day = period.first_day
        since[period.plan_id] = min(since.get(period.plan_id, first_day), first_day)
    return since


def _lines(tasks: list[TrackedTask], memberships: list[Membership]) -> list[UnitLine]:
    units: dict[int, Department] = {}
    leads: Counter[int] = Counter()
    parts: Counter[int] = Counter()
    for tracked in tasks:
        for row in tracked.responsibilities:
            units[row.department_id] = row.department
            (leads if row is tracked.lead else parts)[row.department_id] += 1
    people = _people(memberships)
    lines = [
        UnitLine(unit, leads[pk], parts[pk], people[pk, Role.REPORTER], people[pk, Role.SIGNER])
        for pk, unit in units.items()
    ]
    return sorted(lines, key=_most_tasks_first)


def _people(memberships: list[Membership]) -> dict[tuple[int, str], list[User]]:
    """(unit id, role) -> those who hold it; an empty list for any other pair."""
    people: dict[tuple[int, str], list[User]] = defaultdict(list)
    for membership in memberships:
        people[membership.department_id, membership.role].append(membership.user)
    return people


def _most_tasks_first(line: UnitLine) -> tuple[int, int, int]:
    return -line.leads, -line.parts, line.department.pk


def _unused_accounts(memberships: list[Membership], since: datetime) -> list[UnusedAccount]:
    """Accounts that never signed in first, then the longest absent."""
    posts = defaultdict(list)
    for membership in memberships:
        posts[membership.user].append(membership)
    accounts = [
        UnusedAccount(user, own)
        for user, own in posts.items()
        if user.last_login is None or user.last_login < since
    ]
    return sorted(accounts, key=lambda account: _longest_absent_first(account.user, since))


def _longest_absent_first(user: User, since: datetime) -> tuple[bool, datetime, int]:
    return user.last_login is not None, user.last_login or since, user.pk
