"""The fixed cast: few people, few papers, as fixtures that every test may name."""

from copy import deepcopy
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from common.text.canonical import digest
from departments.models import CalendarDay, Department, Membership, Role, User
from ledger.actions import Actor
from tasks.models import Commitment, Indicator, Milestone, Passage, Plan, Responsibility, Section, Target, Task

NOW = datetime.fromisoformat("2013-07-02T09:00:00+08:00")
PORTAL = Actor(post="系统")

UNITS = {
    "chengguanju": "城管局",
    "jiaoyuju": "教育局",
    "anjianju": "安监局",
    "duchashi": "督查室",
    "jianchaju": "监察局",
    "qufuban": "区府办",
}
PEOPLE = {
    "reporter": ("陈填报", "anjianju", [Role.REPORTER]),
    "colleague": ("李同事", "anjianju", [Role.REPORTER, Role.SIGNER]),
    "stranger": ("王外人", "jiaoyuju", [Role.REPORTER]),
    "supervisor": ("赵督查", "duchashi", [Role.SUPERVISOR]),
    "other_supervisor": ("钱监察", "jianchaju", [Role.SUPERVISOR]),
    "publisher": ("孙发布", "qufuban", [Role.PUBLISHER]),
    "clerk": ("周受理", "qufuban", [Role.CLERK]),
    "leader": ("吴区长", "qufuban", [Role.LEADER]),
    "auditor": ("郑审计", "jianchaju", [Role.AUDITOR]),
    "administrator": ("冯管理", "qufuban", [Role.ADMINISTRATOR]),
}
TEXT = "目标：全年培训15000人次以上。第二季度：培训4000人次以上；组织应急演练。"


@pytest.fixture
def own_copy(request, db):
    """Of what the module set up once for all its tests (`standing` in tests/quarter.py); None where it did not."""
    return deepcopy(request.getfixturevalue("standing")) if "standing" in request.fixturenames else None


@pytest.fixture
def units(own_copy) -> dict[str, Department]:
    return own_copy.units if own_copy else make_units()


def make_units() -> dict[str, Department]:
    rows = [
        Department(slug=slug, short_name=name, full_name=f"示例区{name}", level="district", name_basis="inferred")
        for slug, name in UNITS.items()
    ]
    return {unit.slug: unit for unit in Department.objects.bulk_create(rows)}


@pytest.fixture
def people(units, own_copy) -> SimpleNamespace:
    """One person per role; `reporter` and `colleague` share a unit, `stranger` sits elsewhere."""
    return own_copy.people if own_copy else make_people(units)


def make_people(units) -> SimpleNamespace:
    cast = User.objects.bulk_create(User(username=username, name=name) for username, (name, *_) in PEOPLE.items())
    cast = {user.username: user for user in cast}
    posts = [(cast[name], units[unit], role) for name, (_, unit, roles) in PEOPLE.items() for role in roles]
    Membership.objects.bulk_create(Membership(user=user, department=unit, role=role) for user, unit, role in posts)
    return SimpleNamespace(**cast)


@pytest.fixture
def paper(units, own_copy) -> SimpleNamespace:
    """A one-item white paper of 2013: a goal, one milestone of two commitments, one indicator, one unit."""
    return own_copy.paper if own_copy else make_paper(units)


def make_paper(units) -> SimpleNamespace:
    plan = Plan.objects.create(
        slug="wp2013",
        kind="white_paper",
        title="2013年度公共服务白皮书",
        starts_on=date(2013, 1, 1),
        ends_on=date(2013, 12, 31),
        source_name="paper.txt",
        source_bytes=TEXT.encode(),
        source_sha256=digest(TEXT),
        source_text=TEXT,
        state="published",
        tracked_from=date(2013, 1, 1),
    )
    section = Section.objects.create(plan=plan, number=1, title="社会管理")
    task = Task.objects.create(
        plan=plan,
        section=section,
        number=18,
        code="wp2013-18",
        title="全面落实安全生产责任制",
        goal=TEXT[3:17],
        search_text=TEXT,
    )
    milestone = Milestone.objects.create(task=task, year=2013, quarter=2, text=TEXT[22:])
    passages(plan, section, task)
    commitments = [
        words(task, 1, "goal", 3, 17),
        words(task, 2, "milestone", 22, 33, milestone=milestone, quarter=2),
        words(task, 3, "milestone", 33, len(TEXT), milestone=milestone, quarter=2),
    ]
    trainings = trainings_of(task, commitments)
    Responsibility.objects.create(
        task=task, department=units["anjianju"], order=1, kind="listed", basis="published", source="原文所载"
    )
    return SimpleNamespace(
        plan=plan, section=section, task=task, milestone=milestone, commitments=commitments, indicator=trainings
    )


def passages(plan, section, task) -> None:
    places = [("label", 0, 3), ("goal", 3, 17), ("label", 17, 22), ("milestone", 22, len(TEXT))]
    Passage.objects.bulk_create(
        Passage(plan=plan, order=order, kind=kind, start=start, end=end, section=section, task=task)
        for order, (kind, start, end) in enumerate(places, 1)
    )


def trainings_of(task, commitments) -> Indicator:
    indicator = Indicator.objects.create(
        task=task, order=1, name="安全生产公共培训", unit="人次", mode="per_quarter", direction="at_least"
    )
    for commitment, quarter, value, quote in [(0, None, 15000, "15000人次以上"), (1, 2, 4000, "4000人次以上")]:
        Target.objects.create(
            indicator=indicator,
            commitment=commitments[commitment],
            year=2013,
            quarter=quarter,
            direction="at_least",
            value=value,
            quote=quote,
        )
    return indicator


def words(task, order, source, start, end, **fields) -> Commitment:
    return Commitment.objects.create(
        task=task,
        order=order,
        source=source,
        text=TEXT[start:end],
        start=start,
        end=end,
        year=2013,
        measurable="yes",
        **fields,
    )


@pytest.fixture
def calendar_2013(db) -> None:
    """Every day of June to August 2013, Monday to Friday worked."""
    make_calendar()


def make_calendar() -> None:
    days = [date.fromordinal(n) for n in range(date(2013, 6, 1).toordinal(), date(2013, 9, 1).toordinal())]
    CalendarDay.objects.bulk_create(CalendarDay(date=day, is_workday=day.weekday() < 5) for day in days)
