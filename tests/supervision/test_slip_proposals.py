"""Rules propose, people decide: when a slip or a higher level is suggested, to whom,
and when it no longer is.
"""

from datetime import timedelta

import pytest

from departments.models import Membership, Role, User
from progress.actions.extensions import grant_extension
from progress.actions.reviews import return_report
from progress.models import ReportingPeriod
from progress.requirements.loading import requirements_for
from supervision.models import SupervisionSlip
from supervision.read_models.proposals import proposals_for, slips_beside
from supervision.read_models.slip_drafts import slip_draft
from tests.fixtures.quarter import JULY_2, JULY_5, moment
from tests.fixtures.requests import JULY_19, ask
from tests.fixtures.slips import brought_to, issue, lift, withdraw

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("calendar_2013")]
# Due on Friday 12 July; the site lets five working days pass.
FOURTH, FIFTH = moment("2013-07-18T10:00:00").date(), moment("2013-07-19T10:00:00").date()


def suggested(office, day, by="supervisor") -> list[tuple[str, str]]:
    person = User.objects.get(pk=getattr(office.people, by).pk)
    return [(one.verb, one.why) for one in proposals_for(person, day)]


def returned(office, times: int):
    report = office.submit()
    for count in range(times):
        report = return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_5)
        if count + 1 < times:
            report = office.submit(version=report.version)
    return report


@pytest.mark.parametrize(("times", "proposed"), [(1, False), (2, True), (3, True)])
def test_a_report_returned_twice_proposes_a_slip(office, times, proposed):
    returned(office, times)
    why = f"2013年第二季度进展填报已退回修改 {times} 次，最近一次在2013年7月5日，还没有重新报送。"
    assert suggested(office, JULY_5.date()) == ([("开督办单", why)] if proposed else [])


def test_a_report_submitted_again_proposes_no_slip(office):
    report = returned(office, 2)
    office.submit(version=report.version)
    assert suggested(office, FIFTH) == []


@pytest.mark.parametrize(("day", "proposed"), [(FOURTH, False), (FIFTH, True)])
def test_a_report_five_working_days_overdue_proposes_a_slip(office, day, proposed):
    why = "2013年第二季度进展填报应在2013年7月12日前报送，已逾期 5 个工作日，没有报送。"
    assert suggested(office, day) == ([("开督办单", why)] if proposed else [])


def test_a_unit_whose_days_were_cut_short_is_not_overdue(office):
    office.close_early("提前开会")
    assert suggested(office, FIFTH) == []
    person = office.people.supervisor
    requirements = requirements_for(office.white_paper.task, ReportingPeriod.objects.get())
    assert slips_beside(person, requirements, FIFTH).why == ""
    drawn = slip_draft(office.white_paper.task, ReportingPeriod.objects.get(), FIFTH)
    assert "逾期" not in drawn.basis.words


def test_a_draft_does_not_keep_a_slip_from_being_proposed(office):
    office.save()
    assert len(suggested(office, FIFTH)) == 1


def test_a_slip_is_proposed_by_the_extended_day_where_one_was_granted(office):
    grant_extension(
        extension=ask(office, at=JULY_2), until=JULY_19, by=office.people.supervisor, at=JULY_5
    )
    assert suggested(office, FIFTH) == []
    assert len(suggested(office, FIFTH + timedelta(7))) == 1


@pytest.mark.parametrize("state", ["scheduled", "released"])
def test_only_quarters_under_way_propose_slips(office, state):
    office.period.state = state
    office.period.released_at = JULY_5 if state == "released" else None
    office.period.save()
    assert suggested(office, FIFTH) == []


def test_history_and_tasks_without_a_lead_propose_nothing(office):
    office.white_paper.task.responsibilities.update(valid_to=JULY_2.date())
    assert suggested(office, FIFTH) == []
    office.white_paper.task.responsibilities.update(valid_to=None)
    office.white_paper.plan.state = "archived"
    office.white_paper.plan.save()
    assert suggested(office, FIFTH) == []


def test_nobody_is_asked_to_judge_the_own_unit_or_without_the_post(office):
    assert suggested(office, FIFTH, by="leader") == []
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["anjianju"], role=Role.SIGNER
    )
    assert suggested(office, FIFTH) == []
    assert len(suggested(office, FIFTH, by="other_supervisor")) == 1


def test_no_slip_is_proposed_about_a_report_that_has_one_open_or_closed(office):
    draft = slip_draft(office.white_paper.task, office.period, FIFTH)
    slip = issue(office, basis=draft.basis, at=moment("2013-07-19T11:00:00"), level=draft.level)
    assert (slip.ground, slip.level) == ("overdue", "yellow")
    assert suggested(office, FIFTH) == []
    SupervisionSlip.objects.update(state="closed", due_on=None)
    assert suggested(office, FIFTH) == []


def test_a_slip_withdrawn_keeps_nothing_from_being_proposed(office):
    draft = slip_draft(office.white_paper.task, office.period, FIFTH)
    withdraw(office, issue(office, basis=draft.basis))
    assert [("开督办单", beside(office).why)] == suggested(office, FIFTH)
    assert len(suggested(office, FIFTH)) == 1


def test_an_answer_overdue_proposes_to_raise_it_to_the_issuers_side(office):
    slip = issue(office)
    assert suggested(office, slip.due_on) == []
    why = "督办〔2013〕1号 应在2013年7月9日前回复，已逾期 1 个工作日，没有回复。"
    assert suggested(office, slip.due_on + timedelta(1)) == [("提高级别", why)]
    assert suggested(office, slip.due_on + timedelta(1), by="other_supervisor") == []


def test_no_raising_is_proposed_for_a_slip_of_the_highest_level(office):
    slip = issue(office)
    lift(office, slip)
    assert suggested(office, FIFTH) == []


def test_an_answered_slip_is_not_proposed_to_be_raised(office):
    brought_to(office, "replied")
    assert suggested(office, FIFTH) == []


def test_the_draft_of_a_slip_rests_on_the_facts_of_the_report(office):
    task, period = office.white_paper.task, office.period
    assert slip_draft(task, None, JULY_2.date()).basis.ground == "other"
    assert slip_draft(task, period, JULY_2.date()).basis.ground == "other"
    assert slip_draft(task, period, FIFTH).basis.ground == "overdue"
    returned(office, 2)
    assert slip_draft(task, period, FIFTH).basis.ground == "returned"


def test_the_draft_of_a_slip_quotes_the_publication_with_its_revision(office):
    office.verify(office.submit(), "slow", note="缺页")
    office.publish()
    for period in (None, office.period):
        draft = slip_draft(office.white_paper.task, period, FIFTH)
        assert (
            draft.basis.words
            == "2013年第二季度公布的状态是“推进缓慢”（第 1 版，2013年7月30日公布）。"
        )
        assert draft.basis.publication == office.white_paper.task.publications.get()


def beside(office, by="supervisor"):
    return slips_beside(
        getattr(office.people, by), requirements_for(office.white_paper.task, office.period), FIFTH
    )


def test_the_page_of_a_task_shows_the_same_suggestion_as_the_workspace(office):
    assert [("开督办单", beside(office).why)] == suggested(office, FIFTH)
    returned(office, 2)
    assert [("开督办单", beside(office).why)] == suggested(office, FIFTH)
    assert beside(office).new_url == "/staff/slips/new/?task=wp2013-18&quarter=2013-2"


def test_beside_a_report_nothing_is_offered_to_whoever_may_not_issue_or_has_one_open(office):
    assert beside(office, by="reporter").new_url == ""
    office.period.state = "closed"
    slip = issue(office)
    assert (beside(office).new_url, beside(office).why, len(beside(office).lines)) == ("", "", 1)
    assert beside(office).lines[0].should_be_raised
    SupervisionSlip.objects.filter(pk=slip.pk).update(level="red")
    assert not beside(office).lines[0].should_be_raised
    Membership.objects.create(
        user=office.people.other_supervisor, department=office.units["anjianju"], role="signer"
    )
    SupervisionSlip.objects.update(state="closed", due_on=None)
    assert beside(office, by="other_supervisor").new_url == ""
    assert beside(office).new_url != ""
