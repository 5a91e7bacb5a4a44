"""The counts of 总览 for any mixture of words: each task once,
and what is unknown in no figure but its own.
"""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from departments.models import Department
from progress.choices import Reporting, State
from progress.models import ReportingPeriod
from public.read_models.dashboard import Dashboard, build_dashboard
from public.read_models.plan_snapshot import PlanSnapshot
from publishing.models import Publication
from publishing.read_models.public_status import (
    BEHIND,
    DELIVERY,
    NO_LONGER_ASKED,
    SEVERITY,
    UNREPORTED,
)
from tasks.models import Plan, Responsibility, Section, Task

pytestmark = [pytest.mark.both, pytest.mark.django_db]

PERIOD = ReportingPeriod(
    pk=1, year=2013, index=2, kind="quarter", released_at=datetime(2013, 7, 30, tzinfo=UTC)
)
PERIOD.due_on, PERIOD.release_on = date(2013, 7, 12), date(2013, 7, 30)
UNIT = Department(pk=1, slug="anjianju", short_name="安监局")
UNKNOWN = [State.NOT_REPORTED, State.RETURNED, State.EXTENDED, State.WITHHELD, None]
ALIKE = ("reported", "done", "going", "behind", "not_asked")

# What is public of a task and how it was reported; None where nothing is.
published = st.tuples(st.sampled_from([*State, None]), st.sampled_from(Reporting.values))
anything = st.lists(published, max_size=12)


def page_of(found: list[tuple[State | None, str]]) -> Dashboard:
    """The page of a paper with so many tasks in two sections,
    the first task answered for by a unit.
    """
    plan = Plan(pk=1, slug="wp2013", starts_on=date(2013, 1, 1), ends_on=date(2013, 12, 31))
    sections = [Section(pk=n, plan=plan, number=n, title=f"{n}") for n in (1, 2)]
    tasks = [
        Task(pk=n + 1, plan=plan, section=sections[n % 2], number=n + 1, code=f"wp2013-{n}")
        for n in range(len(found))
    ]
    rows = {task.pk: [_row(task, *one)] for task, one in zip(tasks, found, strict=True) if one[0]}
    named = [
        Responsibility(task=task, department=UNIT, kind="listed", basis="published")
        for task in tasks
    ]
    snapshot = {
        "plan": plan,
        "period": PERIOD,
        "periods": {(2013, 2): PERIOD},
        "tasks": tasks,
        "published": rows,
    }
    return build_dashboard(
        PlanSnapshot(
            **snapshot, responsibilities=named, revisions=rows, nodes=[], today=date(2013, 8, 1)
        )
    )


def _row(task: Task, headline: State, reporting: str) -> Publication:
    said = {
        "headline": headline,
        "reporting": reporting,
        "data_date": date(2013, 6, 30),
        "revision": 1,
    }
    return Publication(
        pk=task.pk, task=task, period=PERIOD, published_at=PERIOD.released_at, **said
    )


def figures(page: Dashboard) -> dict[str, int]:
    return {key: count.value for key, count in page.totals.items()}


@given(anything)
def test_the_dashboard_counts_each_task_once_in_any_mixture(found):
    page, total = page_of(found), len(found)
    said = figures(page)
    assert sum(said[key] for key in ("done", "going", "behind", "unknown", "not_asked")) == total
    assert sum(part.count for part in page.segments) == total
    assert sum(row.total.value for row in page.cross.rows) == total
    assert sum(cell.count.value for row in page.cross.rows for cell in row.cells) == total
    assert sum(len(part.rows) for part in page.matrix) == total


@given(anything)
def test_tasks_asked_for_are_those_reported_and_those_unknown(found):
    said = figures(page_of(found))
    assert said["asked"] == said["reported"] + said["unknown"] == len(found) - said["not_asked"]
    assert said["reported"] == said["done"] + said["going"] + said["behind"]


@given(anything, st.sampled_from(UNKNOWN), st.sampled_from(Reporting.values))
def test_an_unknown_task_adds_to_those_asked_for_and_to_no_other_count(found, state, reporting):
    before, after = page_of(found), page_of([*found, (state, reporting)])
    one, other = figures(before), figures(after)
    assert {key: one[key] for key in ALIKE} == {key: other[key] for key in ALIKE}
    assert (other["unknown"], other["asked"]) == (one["unknown"] + 1, one["asked"] + 1)


@given(anything)
def test_sections_and_a_unit_that_answers_for_all_add_up_to_the_whole(found):
    page = page_of(found)
    for name in ("asked", "reported", "behind", "done"):
        whole = page.totals[name].value
        assert sum(getattr(group, name).value for group in page.sections) == whole
        assert sum(getattr(group, name).value for group in page.units) == whole


@given(anything)
def test_the_worst_first_are_all_that_is_behind_or_silent_and_nothing_else(found):
    states = [line.state for line in page_of(found).worst]
    assert Counter(states) == Counter(
        state for state, _ in found if state in [*BEHIND, *UNREPORTED]
    )
    assert states == sorted(states, key=SEVERITY.index)


def test_every_word_of_the_public_stands_in_one_group_only():
    groups = ("done", "going", "behind", "unknown", "not_asked")
    assert {
        Counter(state in DELIVERY[key][1] for key in groups)[True] for state in State.values
    } == {1}
    assert set(NO_LONGER_ASKED) == set(DELIVERY["not_asked"][1])
