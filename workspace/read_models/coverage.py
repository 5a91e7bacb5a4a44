"""Who can file: tasks nobody could submit, units without a second reporter,
accounts that nobody uses.
"""

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
    """A responsible unit: it submits `leads` tasks itself and writes a part of `parts` others."""

    department: Department
    leads: int
    parts: int
    reporters: list[User]
    signers: list[User]

    @property
    def signs_itself(self) -> bool:
        """Its only reporter is its only signer, and nobody may sign a report of their own."""
        return (
            self.department.signs_reports
            and len(self.reporters) == 1
            and self.signers == self.reporters
        )


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
    """What is not covered, in lists with the worst first.

    `ownerless` are tasks without a lead, which nobody may submit; `unmanned` units without a
    reporter, `unseen` ones whose reporters never signed in, `alone` ones with a single reporter,
    `unsigned` ones that sign their reports and have no signer.
    """

    tasks: int
    ownerless: list[Task]
    unmanned: list[UnitLine]
    unseen: list[UnitLine]
    alone: list[UnitLine]
    unsigned: list[UnitLine]
    self_signed: list[UnitLine]
    unused: list[UnusedAccount]

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
    tasks = _without_ended(list(_tasks(plan)))
    memberships = list(Membership.objects.current().select_related("user", "department"))
    lines = _lines(tasks, memberships)
    return Coverage(
        tasks=len(tasks),
        ownerless=[task for task in tasks if acting_lead(task.answering) is None],
        unmanned=[line for line in lines if not line.reporters],
        unseen=[
            line
            for line in lines
            if line.reporters and not any(user.last_login for user in line.reporters)
        ],
        alone=[line for line in lines if len(line.reporters) == 1],
        unsigned=[line for line in lines if line.department.signs_reports and not line.signers],
        self_signed=[line for line in lines if line.signs_itself],
        unused=_unused_accounts(memberships, at - timedelta(days=UNUSED_DAYS)),
    )


def _tasks(plan: Plan | None) -> Iterable[Task]:
    tracked = Task.objects.filter(plan__state=PlanState.PUBLISHED, plan__tracked_from__isnull=False)
    tasks = Task.objects.filter(plan=plan) if plan else tracked
    in_force = Responsibility.objects.in_force().select_related("department")
    tasks = tasks.only("plan", "number", "code", "title").order_by("plan", "number")
    closings = Prefetch("change_requests", ChangeRequest.objects.closing(), to_attr="closings")
    return tasks.prefetch_related(
        Prefetch("responsibilities", in_force, to_attr="answering"), closings
    )


def _without_ended(tasks: list[Task]) -> list[Task]:
    """Leaves out tasks that ended before the first quarter still to be published."""
    ahead = defaultdict(list)
    for period in (
        ReportingPeriod.objects.ahead().quarters().filter(plan__in={task.plan_id for task in tasks})
    ):
        ahead[period.plan_id].append(period.first_day)
    since = {plan: min(days) for plan, days in ahead.items()}
    return [
        t
        for t in tasks
        if all(since.get(t.plan_id, date.max) <= row.approved_on for row in t.closings)
    ]


def _lines(tasks: list[Task], memberships: list[Membership]) -> list[UnitLine]:
    units: dict[int, Department] = {}
    leads, parts = defaultdict(int), defaultdict(int)
    people: dict[tuple[int, str], list[User]] = defaultdict(list)
    for task in tasks:
        lead = acting_lead(task.answering)
        for row in task.answering:
            units[row.department_id] = row.department
            (leads if row is lead else parts)[row.department_id] += 1
    for membership in memberships:
        people[membership.department_id, membership.role].append(membership.user)
    lines = [
        UnitLine(unit, leads[pk], parts[pk], people[pk, Role.REPORTER], people[pk, Role.SIGNER])
        for pk, unit in units.items()
    ]
    return sorted(lines, key=lambda line: (-line.leads, -line.parts, line.department.pk))


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


def _longest_absent_first(user: User, since: datetime) -> tuple:
    return user.last_login is not None, user.last_login or since, user.pk
