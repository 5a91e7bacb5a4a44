"""What a report is asked for, who may still write it,
and which of its papers a stranger may open.
"""

from dataclasses import replace

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.evidence import remove_evidence
from progress.actions.periods import close_period
from progress.actions.reports import submit_report
from progress.actions.reviews import return_report
from progress.models import Evidence, Finding
from progress.requirements.loading import requirements_for, requirements_for_all
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from publishing.querysets.evidence import published_evidence
from tests.fixtures.evidence import attach
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, JULY_30, moment
from workspace.read_models.queues import with_news


def test_a_remaining_commitment_that_lags_has_an_answer_of_its_own(office):
    goal = office.white_paper.commitments[0]
    said = office.filing.findings | {goal.pk: ("slow", "前两季只训了 5000 人次")}
    office.save(replace(office.filing, findings=said))
    finding = Finding.objects.get(commitment=goal)
    assert (finding.pace, finding.by_default) == ("slow", False)
    office.save(replace(office.filing, findings={goal.pk: ("", "")}), version=1)
    finding = Finding.objects.get(commitment=goal)
    assert (finding.pace, finding.by_default) == ("on_course", True)


def test_every_missing_item_names_the_answer_it_asks_for(office):
    empty = replace(
        office.filing, narrative="", pace="", findings={}, readings={}, remaining_on_course=False
    )
    office.save(empty)
    asked = [
        gap.about
        for gap in requirements_for(office.white_paper.task, office.period).missing_items(
            JULY_2.date()
        )
    ]
    _, first, second = office.white_paper.commitments
    assert asked == [
        f"c{first.pk}",
        f"c{second.pk}",
        "rest",
        f"r{office.white_paper.indicator.pk}",
        "narrative",
    ]


def test_a_report_returned_after_the_closing_day_can_be_answered(office):
    report = office.submit()
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    returned = return_report(
        report=report, reason="请补签到表", by=office.people.supervisor, at=JULY_5
    )
    office.period.refresh_from_db()
    again = office.submit(at=JULY_30, version=returned.version)
    assert again.status == "submitted"


def test_a_draft_is_not_submitted_into_a_closed_period(office):
    report = office.save()
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    with pytest.raises(Refused, match="现在不能填报"):
        submit_report(report=report, by=office.people.reporter, at=JULY_5)


def test_requirements_of_many_reports_cost_as_many_queries_as_those_of_three(
    office, django_assert_max_num_queries
):
    office.verify(office.submit())
    pairs = [
        (task, office.period)
        for task in more_tasks(office.white_paper, office.units["anjianju"], 30)
    ]
    requirements_for_all(pairs[:3])
    with django_assert_max_num_queries(20):
        sheets = requirements_for_all([(office.white_paper.task, office.period), *pairs])
    assert [sheet.task.number for sheet in sheets] == [18, *range(101, 131)]
    assert sheets[0].missing(JULY_2.date()) == []
    assert sheets[0].assessment.pace == "on_course"


def test_evidence_is_public_once_its_report_is(office):
    report = office.save()
    public, private = attach(office, report), attach(office, report, "名册.pdf", is_public=False)
    submit_report(report=report, by=office.people.reporter, at=JULY_2)
    assert not published_evidence().exists()
    office.publish()
    assert list(published_evidence()) == [public]
    assert private in Evidence.objects.visible_to(office.people.colleague)


def test_evidence_of_a_draft_published_as_not_reported_stays_private(office):
    attach(office, office.save())
    office.publish()
    assert Publication.objects.get().headline == "not_reported"
    assert not published_evidence().exists()


def test_evidence_added_after_the_release_waits_for_the_next_revision(office):
    report = office.submit()
    office.publish()
    return_report(
        report=report,
        reason="请补签到表",
        by=office.people.supervisor,
        at=moment("2013-08-01T09:00:00"),
    )
    attach(office, report, at=moment("2013-08-02T09:00:00"))
    assert not published_evidence().exists()


@pytest.mark.django_db(transaction=True)
def test_removed_evidence_leaves_no_file_on_the_disk(office):
    evidence = attach(office, office.save())
    storage, name = evidence.file.storage, evidence.file.name
    assert storage.exists(name)
    remove_evidence(evidence=evidence)
    assert not storage.exists(name)


def test_a_line_withheld_by_law_is_not_revealed_by_a_later_assessment(office):
    report = office.submit()
    office.publish(withheld={office.white_paper.task.pk: "《政府信息公开条例》第十四条"})
    office.verify(report)
    with pytest.raises(Refused, match="依法暂不公开"):
        publish_revision(report=report, by=office.people.publisher, at=JULY_30)
    assert with_news() == []


def test_a_line_without_a_report_has_nothing_to_correct(office):
    office.publish()
    with pytest.raises(Refused, match="没有可以更正的"):
        office.propose(narrative="编造的进展")


def test_the_record_names_the_unit_for_which_a_person_of_two_units_files(office):
    stranger = office.people.stranger
    Membership.objects.create(
        user=stranger, department=office.units["anjianju"], role=Role.REPORTER
    )
    submit_report(report=office.save(), by=User.objects.get(pk=stranger.pk), at=JULY_2)
    assert Entry.objects.get(verb="submit").actor_unit == "安监局"
