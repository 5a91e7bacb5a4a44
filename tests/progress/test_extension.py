"""More time: asked before the day is over, granted by somebody else,
and the day first set stays in sight.
"""

import json
from datetime import date

import pytest
from django.test import Client

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.extensions import grant_extension, refuse_extension
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from progress.choices import ExtensionState
from progress.models import ExtensionRequest
from progress.requirements.deadlines import deadline_for, due_on
from progress.requirements.loading import requirements_for, requirements_for_all
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.requests import JULY_19, LAST_MINUTE, TOO_LATE, ask
from workspace.read_models.work_items import work_items_for

JULY_15 = moment("2013-07-15T09:00:00")


@pytest.fixture
def grant(office):
    def action(extension=None, *, until=JULY_19, by="supervisor", at=JULY_15):
        extension = extension or ask(office)
        return grant_extension(
            extension=extension, until=until, by=getattr(office.people, by), at=at
        )

    return action


@pytest.fixture
def refuse(office):
    def action(extension, *, note="没有正当理由", by="supervisor"):
        return refuse_extension(
            extension=extension, note=note, by=getattr(office.people, by), at=JULY_15
        )

    return action


def test_an_extension_may_be_asked_for_until_the_last_minute_of_the_due_day(office):
    assert ask(office, at=LAST_MINUTE).department.short_name == "安监局"


def test_an_extension_asked_for_a_minute_after_the_due_day_is_refused(office):
    with pytest.raises(Refused, match="2013年7月12日）已过"):
        ask(office, at=TOO_LATE)
    assert not ExtensionRequest.objects.exists()


def test_an_extension_moves_no_deadline_before_it_is_granted(office, grant):
    extension = ask(office)
    assert due_on(office.white_paper.task, office.period) == date(2013, 7, 12)
    grant(extension)
    assert due_on(office.white_paper.task, office.period) == JULY_19
    office.period.refresh_from_db()
    assert office.period.due_on == date(2013, 7, 12)


def test_the_day_granted_may_be_another_than_the_day_asked_for(office, grant):
    grant(until=date(2013, 7, 16))
    assert requirements_for(office.white_paper.task, office.period).due_on == date(2013, 7, 16)


def test_one_extension_waits_at_a_time_and_may_be_asked_again_after_a_refusal(office, refuse):
    extension = ask(office, at=JULY_2)
    with pytest.raises(Refused, match="请等督查室答复"):
        ask(office, at=JULY_2)
    refuse(extension)
    assert ask(office).state == ExtensionState.ASKED


def test_more_time_can_be_had_twice_counted_from_the_day_granted_first(office, grant):
    grant()
    grant(
        ask(office, at=moment("2013-07-19T23:59:59"), requested_until=date(2013, 7, 24)),
        until=date(2013, 7, 24),
    )
    assert due_on(office.white_paper.task, office.period) == date(2013, 7, 24)


@pytest.mark.parametrize("until", [date(2013, 7, 12), date(2013, 7, 1)])
def test_an_extension_to_a_day_that_is_not_later_is_refused(until, office, grant):
    extension = ask(office)
    with pytest.raises(Refused, match="须晚于"):
        grant(extension, until=until)
    with pytest.raises(Refused, match="须晚于"):
        ask(office, requested_until=until) if extension.delete() else None


@pytest.mark.parametrize("said", [{"reason": " "}, {"progress_so_far": ""}])
def test_an_extension_is_not_asked_for_without_reason_and_progress_so_far(said, office):
    with pytest.raises(Refused, match="请写明延期理由和目前进展"):
        ask(office, **said)


def test_an_extension_is_asked_for_by_a_responsible_unit_only(office):
    with pytest.raises(Refused, match="责任单位"):
        ask(office, by="stranger")


def test_no_extension_is_asked_for_a_submitted_report(office):
    office.submit()
    with pytest.raises(Refused, match="已经报送过"):
        ask(office)


def test_no_extension_is_asked_for_in_a_period_that_is_not_open_yet(office):
    office.period.state = "scheduled"
    office.period.save()
    with pytest.raises(Refused, match="还没有开放"):
        ask(office)


@pytest.mark.parametrize("state", [ExtensionState.GRANTED, ExtensionState.REFUSED])
@pytest.mark.parametrize("verb", ["grant", "refuse"])
def test_an_extension_is_decided_once(verb, state, office, grant, refuse, request):
    extension = ask(office)
    (grant if state == ExtensionState.GRANTED else refuse)(extension)
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="已经答复过"):
        request.getfixturevalue(verb)(extension)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("verb", ["grant", "refuse"])
def test_a_supervisor_of_the_responsible_unit_does_not_decide_on_its_extension(
    verb, office, request
):
    judge = office.people.other_supervisor
    Membership.objects.create(user=judge, department=office.units["anjianju"], role=Role.REPORTER)
    office.people.other_supervisor = User.objects.get(pk=judge.pk)
    with pytest.raises(Refused, match="按回避规定由其他单位的督查员答复"):
        request.getfixturevalue(verb)(ask(office), by="other_supervisor")
    assert ExtensionRequest.objects.get().state == ExtensionState.ASKED


def test_an_extension_is_not_refused_without_a_reason(office, refuse):
    with pytest.raises(Refused, match="请写明理由"):
        refuse(ask(office), note=" ")


@pytest.mark.parametrize(
    ("filed", "reporting"), [("2013-07-19T23:59:59", "on_time"), ("2013-07-20T00:00:00", "late")]
)
def test_a_report_is_punctual_by_the_day_granted(filed, reporting, office, grant):
    grant()
    office.submit(at=moment(filed))
    office.publish()
    assert Publication.objects.get().reporting == reporting


def test_a_refused_extension_does_not_change_what_is_punctual(office, refuse):
    refuse(ask(office))
    office.submit(at=moment("2013-07-15T09:00:00"))
    office.publish()
    row = Publication.objects.get()
    assert (row.reporting, row.extended_to) == ("late", None)


def test_the_publication_and_its_sealed_content_name_the_extended_day_and_the_first(office, grant):
    grant()
    office.submit(at=JULY_15)
    office.publish()
    row = Publication.objects.get()
    content = json.loads(row.content)
    assert (content["extended_to"], content["period"]["due_on"]) == ("2013-07-19", "2013-07-12")
    assert row.extended_to == JULY_19


@pytest.mark.parametrize(
    ("filed", "taken"), [("2013-07-19T23:59:59", True), ("2013-07-20T00:00:00", False)]
)
def test_a_period_closed_early_still_takes_what_was_given_time(filed, taken, office, grant):
    grant()
    close_period(period=office.period, by=office.people.supervisor, at=JULY_15)
    office.period.refresh_from_db()
    if taken:
        assert office.submit(at=moment(filed)).status == "submitted"
    else:
        with pytest.raises(Refused, match="现在不能填报"):
            office.submit(at=moment(filed))


def test_a_quarter_released_before_the_day_calls_it_awaited_and_its_filing_no_late_one(
    office, grant
):
    grant(until=date(2013, 8, 9))
    office.publish()
    assert Publication.objects.get().reporting == "awaited"
    report = office.submit(at=moment("2013-08-09T10:00:00"))
    row = publish_revision(
        report=report, by=office.people.publisher, at=moment("2013-08-12T10:00:00")
    )
    assert (row.reporting, row.reason_class, row.extended_to) == (
        "on_time",
        "filed",
        date(2013, 8, 9),
    )


def test_each_step_of_an_extension_is_an_internal_ledger_entry_without_its_words(office, grant):
    grant()
    entries = Entry.objects.order_by("seq")
    assert [(row.verb, row.visibility) for row in entries] == [
        ("ask_extension", "internal"),
        ("grant_extension", "internal"),
    ]
    facts = json.loads(entries[1].payload)["facts"]
    assert facts == {"due_on": "2013-07-12", "granted_until": "2013-07-19"}
    assert "场地检修" not in entries[0].payload
    assert entries[0].actor_unit == "安监局"


def test_deadlines_of_many_tasks_cost_as_many_queries_as_those_of_one(
    office, grant, django_assert_num_queries
):
    grant()
    tasks = more_tasks(office.white_paper, office.units["anjianju"], 10)
    with django_assert_num_queries(1):
        assert deadline_for(office.white_paper.task, office.period).extension is not None
    sheets = requirements_for_all(
        [(office.white_paper.task, office.period), *((task, office.period) for task in tasks)]
    )
    assert [sheet.due_on.day for sheet in sheets] == [19] + [12] * 10


def test_a_first_filing_in_time_that_comes_again_after_the_release_is_not_called_late(office):
    report = return_report(
        report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5
    )
    office.publish()
    report = office.submit(at=JULY_30, version=report.version)
    row = publish_revision(report=report, by=office.people.publisher, at=JULY_30)
    assert (row.reporting, row.reason_class) == ("on_time", "filed")


def test_a_release_does_not_take_back_days_that_were_granted(office, grant):
    grant(ask(office, requested_until=date(2013, 8, 9)), until=date(2013, 8, 9))
    office.publish()
    assert Publication.objects.get().extended_to == date(2013, 8, 9)
    assert [duty.due_on for duty in work_items_for(office.people.reporter, JULY_30.date())] == [
        date(2013, 8, 9)
    ]
    page = Client().get("/quarters/2013-2/").content.decode()
    assert "经批准延期报送" in page
    assert "至2013年8月9日" in page


def test_after_the_release_a_unit_files_instead_of_asking_for_time(office):
    office.publish(at=LAST_MINUTE, early="提前开会")
    with pytest.raises(Refused, match="可以直接补报"):
        ask(office, at=LAST_MINUTE)
