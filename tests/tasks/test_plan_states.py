"""The states of a plan: a draft is for the staff, publishing is another person's deed."""

from datetime import datetime

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.actions import Actor
from ledger.models import Entry
from ledger.public_version import read_version
from tasks.actions.plans import (
    PlainWords,
    archive_plan,
    discard_draft,
    publish_plan,
    save_plain_words,
)
from tasks.models import (
    Commitment,
    ImportRun,
    Indicator,
    Passage,
    Plan,
    Responsibility,
    Section,
    Target,
    Task,
)
from tasks.read_models.verification import promised_faults
from tests.fixtures.people import NOW
from tests.rules import ROOT

pytestmark = pytest.mark.django_db
LATER = datetime.fromisoformat("2014-01-01T09:00:00+08:00")
PUBLISHER = Actor("7", "区府办", "发布员")


@pytest.fixture
def draft(white_paper) -> Plan:
    Plan.objects.update(state="draft")
    white_paper.plan.refresh_from_db()
    return white_paper.plan


@pytest.fixture
def run(draft, people) -> ImportRun:
    return ImportRun.objects.create(
        name="paper.txt",
        sha256=draft.source_sha256,
        source_bytes=b"",
        draft={},
        state="checked",
        uploaded_by=people.supervisor,
        uploaded_at=NOW,
        handed_over_by=people.other_supervisor,
        handed_over_at=NOW,
        plan=draft,
    )


def newest() -> Entry:
    return Entry.objects.newest_first().first()


def test_publishing_shows_a_draft_raises_the_public_version_and_closes_its_import(draft, run):
    before = read_version()
    publish_plan(plan=draft, by=PUBLISHER, at=NOW)
    run.refresh_from_db()
    assert (draft.state, run.state, run.closed_at) == ("published", "applied", NOW)
    assert read_version() != before
    assert (newest().verb, newest().visibility) == ("publish_plan", "public")
    assert draft.source_sha256 in newest().payload


@pytest.mark.parametrize("name", ["supervisor", "other_supervisor"])
def test_nobody_publishes_a_draft_that_they_uploaded_or_checked(draft, run, people, name):
    person = getattr(people, name)
    unit = person.memberships.get().department
    Membership.objects.create(user=person, department=unit, role=Role.PUBLISHER)
    person = User.objects.get(pk=person.pk)
    with pytest.raises(Refused, match="要由另一位发布员公布"):
        publish_plan(plan=draft, by=person.actor(Role.PUBLISHER), at=NOW)
    assert Plan.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("tracked_from", "at", "state"),
    [
        (None, "2013-12-31T23:00:00+08:00", "published"),
        (None, "2014-01-01T00:30:00+08:00", "archived"),
        ("2013-01-01", "2014-01-01T00:30:00+08:00", "published"),
    ],
)
def test_a_draft_that_ended_untracked_is_published_as_history(draft, tracked_from, at, state):
    Plan.objects.update(tracked_from=tracked_from)
    publish_plan(plan=draft, by=PUBLISHER, at=datetime.fromisoformat(at))
    assert Plan.objects.get().state == state


def test_history_can_be_made_to_run_again(draft):
    Plan.objects.update(tracked_from=None)
    for state in ("archived", "published"):
        publish_plan(plan=draft, by=PUBLISHER, at=LATER)
        assert draft.state == state
    with pytest.raises(Refused, match="现在的状态不能改为“已公布”"):
        publish_plan(plan=draft, by=PUBLISHER, at=LATER)


def test_a_discarded_draft_leaves_no_row_and_nothing_in_the_public_record(draft):
    discard_draft(plan=draft, by=PUBLISHER, at=NOW)
    models = (Plan, Section, Task, Passage, Commitment, Indicator, Target, Responsibility)
    assert [model.objects.count() for model in models] == [0] * len(models)
    assert (newest().verb, newest().visibility) == ("discard_plan", "internal")
    assert list(promised_faults()) == []


def test_what_was_once_public_is_never_discarded(draft):
    publish_plan(plan=draft, by=PUBLISHER, at=NOW)
    for _ in ("published", "archived"):
        with pytest.raises(Refused, match="请刷新页面再看"):
            discard_draft(plan=draft, by=PUBLISHER, at=NOW)
        if draft.state == "published":
            archive_plan(plan=draft, by=PUBLISHER, at=NOW)
    assert Task.objects.exists()


def test_a_draft_that_something_refers_to_stays_whole(draft, run):
    with pytest.raises(Refused, match="已经有别的内容引用这份草稿"):
        discard_draft(plan=draft, by=PUBLISHER, at=NOW)
    assert Target.objects.exists()


def test_what_is_done_to_a_draft_is_not_told_in_public(draft, people):
    by = people.supervisor.actor(Role.SUPERVISOR)
    save_plain_words([PlainWords(draft.tasks.get(), "安全培训", "全年培训。")], by=by, at=NOW)
    assert newest().visibility == "internal"


def test_no_other_room_asks_for_drafts_instead_of_what_is_public():
    """`exclude(state=DRAFT)` shows whatever else is hidden: the rooms ask for public states."""
    asking = {
        str(path.relative_to(ROOT))
        for room in ROOT.iterdir()
        if (room / "apps.py").exists()
        for path in room.rglob("*.py")
        if "PlanState.DRAFT" in path.read_text("utf-8") and "migrations" not in path.parts
    }
    assert {path for path in asking if not path.startswith("tasks/")} == set()
