"""Units get the days they were told of; taking some back needs a reason and two persons, the record
says that it was done, and every unit is told.
"""

import json

import pytest
import time_machine

from common.errors import Refused
from ledger.models import Entry
from progress.actions.early_closings import (
    confirm_early_closing,
    propose_early_closing,
    withdraw_early_closing,
)
from progress.actions.extensions import grant_extension
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from progress.models import EarlyClosing
from public.read_models.ledger import entry_line
from publishing.actions.releases import prepare_release, publish_release
from subscriptions.models import Event
from subscriptions.reminders.schedule import build_reminders
from subscriptions.words import heading
from tests.fixtures.page_text import source_of, text_of
from tests.fixtures.quarter import JULY_5, JULY_30, moment
from tests.fixtures.report_form import FORM, add_supporting_unit
from tests.fixtures.requests import JULY_19, ask
from tests.fixtures.scale import twin
from workspace.read_models.queues import late_quarters
from workspace.read_models.work_items import work_items_for

pytestmark = pytest.mark.usefixtures("standing")

PERIOD = "/staff/periods/wp2013/2013-2/"
CLOSE, ALL = PERIOD + "close/", "/staff/periods/quarters/2013-2/close/"
PROPOSAL = PERIOD + "early-closing/"
CONFIRM, WITHDRAW = PROPOSAL + "confirm/", PROPOSAL + "withdraw/"
DUE_DAY, DAY_AFTER = moment("2013-07-12T17:00:00"), moment("2013-07-13T09:00:00")
REASON = {"reason": "区里提前开会"}


def propose(office, *, at=JULY_5, reason="区里提前开会", by=None) -> EarlyClosing:
    by = by or office.people.supervisor
    (row,) = propose_early_closing(periods=[office.period], reason=reason, by=by, at=at)
    return row


def confirm(office, closing, *, by="other_supervisor", at=JULY_5):
    period = confirm_early_closing(closing=closing, by=getattr(office.people, by), at=at)
    office.period.refresh_from_db()
    return period


def facts() -> dict:
    return json.loads(Entry.objects.get(verb="close_period").payload)["facts"]


def state_of(office) -> str:
    office.period.refresh_from_db()
    return office.period.state


def test_nobody_closes_a_period_alone_before_its_due_day_is_over(office):
    with pytest.raises(Refused, match="由另一位督查员或区领导确认"):
        close_period(period=office.period, by=office.people.supervisor, at=DUE_DAY)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_early_closing_is_proposed_without_a_reason(office, reason):
    with pytest.raises(Refused, match="提前截止请写明理由"):
        propose(office, reason=reason)
    assert not EarlyClosing.objects.exists()


def test_a_proposal_changes_nothing_for_the_units_and_is_on_record(office):
    propose(office)
    assert state_of(office) == "open"
    assert office.save().status == "draft"
    entry = Entry.objects.get()
    assert (entry.verb, entry.visibility) == ("propose_early_closing", "internal")
    assert "区里提前开会" not in entry.payload


def test_whoever_proposed_an_early_closing_does_not_confirm_it(office):
    closing = propose(office)
    with pytest.raises(Refused, match="提出和确认须由两个人完成"):
        confirm(office, closing, by="supervisor")
    assert state_of(office) == "open"


@pytest.mark.parametrize("by", ["other_supervisor", "leader"])
def test_another_supervisor_or_a_leader_confirms_and_the_period_is_closed(office, by):
    period = confirm(office, propose(office), by=by, at=DUE_DAY)
    assert (period.state, period.early_reason) == ("closed", "区里提前开会")
    assert period.closed_early_on == DUE_DAY.date()


def test_the_ledger_says_that_a_period_closed_early_without_giving_the_reason(office):
    confirm(office, propose(office))
    assert facts()["early"] is True
    entry = Entry.objects.get(verb="close_period")
    assert dict(entry_line(entry).facts)["提前截止"] == "是"
    assert "区里提前开会" not in entry.payload


def test_a_period_closed_after_its_due_day_needs_one_person_and_no_reason(office):
    closed = close_period(period=office.period, by=office.people.supervisor, at=DAY_AFTER)
    assert (closed.early_reason, closed.closed_early_on) == ("", None)
    assert "early" not in facts()


def test_after_the_due_day_nothing_is_proposed_or_confirmed(office):
    closing = propose(office, at=DUE_DAY)
    with pytest.raises(Refused, match="已过报送截止日，可以直接截止"):
        confirm(office, closing, at=DAY_AFTER)
    withdraw_early_closing(closing=closing, by=office.people.supervisor, at=DAY_AFTER)
    with pytest.raises(Refused, match="已过报送截止日，可以直接截止"):
        propose(office, at=DAY_AFTER)


def test_a_period_has_one_proposal_at_a_time_and_a_new_one_once_that_is_withdrawn(office):
    closing = propose(office)
    with pytest.raises(Refused, match="已经有人提出提前截止"):
        propose(office, by=office.people.other_supervisor)
    withdraw_early_closing(closing=closing, by=office.people.supervisor, at=JULY_5)
    assert Entry.objects.last().verb == "withdraw_early_closing"
    with pytest.raises(Refused, match="已经处理过（2013年7月5日已撤回）"):
        confirm(office, closing)
    assert propose(office).state == "proposed"


def test_a_proposal_is_confirmed_once(office):
    closing = propose(office)
    confirm(office, closing)
    with pytest.raises(Refused, match="已截止"):
        confirm(office, closing, by="leader")


def test_where_one_person_may_do_both_the_proposal_closes_the_period_at_once(office, settings):
    settings.TWO_PERSON_CLOSING = False
    closing = propose(office)
    closing.refresh_from_db()
    assert (closing.state, closing.two_persons, state_of(office)) == ("confirmed", False, "closed")


@pytest.mark.parametrize("address", [CLOSE, ALL])
def test_the_closing_page_asks_for_a_reason_only_before_the_due_day_is_over(as_, office, address):
    with time_machine.travel(JULY_5, tick=False):
        supervisor = as_("supervisor")
        assert 'name="reason"' in source_of(supervisor.get(address))
        assert "提前截止请写明理由" in source_of(supervisor.post(address))
        assert not EarlyClosing.objects.exists()
    with time_machine.travel(DAY_AFTER, tick=False):
        assert 'name="reason"' not in source_of(as_("supervisor").get(address))


def test_the_quarter_of_all_plans_is_proposed_at_once_and_confirmed_one_by_one(as_, office):
    other = twin(office.white_paper.plan, slug="ap2013", title="2013年行动计划")
    twin(office.period, plan=other)
    with time_machine.travel(JULY_5, tick=False):
        as_("supervisor").post(ALL, REASON)
        assert len(work_items_for(office.people.leader, JULY_5.date())) == 2


def test_an_early_closing_goes_from_the_proposal_to_the_homes_of_the_units(as_, office):
    with time_machine.travel(JULY_5, tick=False):
        html = text_of(as_("supervisor").post(CLOSE, REASON, follow=True))
        assert "等另一位督查员或区领导确认" in html
        assert "提前截止待确认" in html
        assert "请另一位督查员或区领导确认" in text_of(as_("supervisor").get(PROPOSAL))
        assert "提出提前截止，等您确认或撤回" in text_of(as_("leader").get("/staff/"))
        assert "区里提前开会" in text_of(as_("leader").get(PROPOSAL))
        html = text_of(as_("leader").post(CONFIRM, follow=True))
        assert "已提前截止，已列入各责任单位“今天要做的”" in html
        home = text_of(as_("reporter").get("/staff/"))
    assert "已于2013年7月5日提前截止（原定2013年7月12日）" in home
    assert "还有 1 项没有报送，公布时写明“提前截止时未报送”" in home


def test_a_waiting_proposal_stands_in_place_of_another_and_on_the_home_of_who_made_it(as_, office):
    propose(office)
    with time_machine.travel(JULY_5, tick=False):
        page = as_("other_supervisor").get(CLOSE, follow=True)
        assert page.redirect_chain == [(PROPOSAL, 302)]
        assert "区里提前开会" in text_of(page)
        assert as_("other_supervisor").get(ALL, follow=True).redirect_chain == [(PROPOSAL, 302)]
        listed = source_of(as_("other_supervisor").get("/staff/periods/"))
        assert PROPOSAL in listed
        assert CLOSE not in listed
        home = text_of(as_("supervisor").get("/staff/"))
        assert "您2013年7月5日提出提前截止，等另一位督查员或区领导确认，可以撤回" in home
        as_("supervisor").post(WITHDRAW)
        assert CLOSE in source_of(as_("other_supervisor").get("/staff/periods/"))
        assert "提出提前截止" not in text_of(as_("supervisor").get("/staff/"))


def test_a_supervisor_withdraws_the_proposal_on_its_page(as_, office):
    propose(office)
    with time_machine.travel(JULY_5, tick=False):
        assert "仍在2013年7月12日截止" in text_of(as_("supervisor").post(WITHDRAW, follow=True))
        assert "已撤回" in text_of(as_("leader").get(PROPOSAL))
        assert "已经处理过" in text_of(as_("leader").post(CONFIRM))
    assert state_of(office) == "open"


def test_the_home_of_a_unit_that_has_filed_says_so_after_an_early_closing(as_, office):
    office.submit()
    confirm(office, propose(office))
    assert "本单位负责的都已报送" in text_of(as_("reporter").get("/staff/"))


def test_the_home_counts_what_another_unit_leads_apart(as_, office):
    add_supporting_unit(office)
    office.close_early("区里提前开会")
    home = text_of(as_("stranger").get("/staff/"))
    assert "本单位负责的都已报送。本单位配合、由其他单位牵头的还有 1 项没有报送" in squeezed(home)
    home = text_of(as_("reporter").get("/staff/"))
    assert "本单位负责的还有 1 项没有报送" in home
    assert "由其他单位牵头" not in home


def squeezed(words: str) -> str:
    return "".join(words.split("\n")).replace("。 ", "。")


def test_every_unit_is_sent_a_notice_with_the_new_day(office):
    office.submit()
    confirm(office, propose(office))
    schedule = build_reminders(JULY_5.date())
    (reminder,) = [row for row in schedule.reminders if row.event == Event.CLOSED_EARLY]
    assert office.people.reporter.pk in reminder.notified
    assert "2013年7月5日提前截止，原定2013年7月12日" in heading(reminder, schedule)


def published_early(office) -> None:
    """Closed and published on 5 July, a week before the due day."""
    confirm(office, propose(office))
    release = prepare_release(
        period=office.period, withheld={}, rest_public=True, by=office.people.supervisor, at=JULY_5
    )
    publish_release(release=office.approve(release), by=office.people.publisher, at=JULY_5)


@pytest.mark.parametrize("begun", [True, False])
def test_after_an_early_release_the_home_of_a_unit_offers_late_filing_and_no_day_ahead(
    as_, office, begun
):
    if begun:
        office.save()
    published_early(office)
    assert work_items_for(office.people.reporter, JULY_5.date()) == []
    (line,) = late_quarters(office.people.reporter, JULY_5.date())
    assert line.url == FORM
    with time_machine.travel(JULY_5, tick=False):
        home = text_of(as_("reporter").get("/staff/"))
    assert "已公布为提前截止时未报送，可以补报" in home
    assert "还差" not in home
    assert "2013年7月12日前" not in home


def test_the_home_says_of_a_returned_report_what_was_published_and_no_day_ahead(as_, office):
    return_report(report=office.submit(), reason="缺数据", by=office.people.supervisor, at=JULY_5)
    published_early(office)
    with time_machine.travel(JULY_5, tick=False):
        home = text_of(as_("reporter").get("/staff/"))
    assert "已公布为退回修改中；重新报送后经核查，补充公布为下一版" in home
    assert "不限期" in home
    assert "2013年7月12日前" not in home


def test_the_report_page_speaks_of_the_early_closing_and_not_of_the_due_day(as_, office):
    office.close_early("区里提前开会")
    with time_machine.travel(DUE_DAY, tick=False):
        page = text_of(as_("reporter").get(FORM))
    assert "2013年7月5日提前截止（原定2013年7月12日）" in page
    assert "报送截止 2013年7月12日" not in page
    assert "来不及报送" not in page
    assert "批准延期以后可以填报到批准的日子" in page


def test_more_time_asked_after_an_early_closing_can_be_filed_under_once_it_is_granted(as_, office):
    office.close_early("区里提前开会")
    more_time = FORM + "extension/"
    with time_machine.travel(DUE_DAY, tick=False):
        assert "批准以后才能填报" in text_of(as_("reporter").get(more_time))
        extension = ask(office, at=DUE_DAY)
        assert "填报期已截止，批准以后才能填报" in text_of(as_("reporter").get(FORM))
    office.period.refresh_from_db()
    with pytest.raises(Refused, match="现在不能填报"):
        office.submit(at=DUE_DAY)
    grant_extension(extension=extension, until=JULY_19, by=office.people.supervisor, at=DUE_DAY)
    assert office.submit(at=DUE_DAY).status == "submitted"


def test_a_release_whose_units_can_file_nothing_advises_nobody_to_chase_them(as_, office):
    office.close_early("区里提前开会")
    page = text_of(as_("supervisor").get("/staff/releases/wp2013/2013-2/"))
    assert "公布时没有报告的" in page
    assert "现在都不能报送，公布之后可以补报" in page
    assert "催报" not in page.split("公布时没有报告的")[1]


def test_the_publisher_reads_why_a_period_closed_early(as_, office):
    confirm(office, propose(office))
    page = text_of(as_("publisher").get("/staff/releases/wp2013/2013-2/"))
    assert "提前截止的理由：区里提前开会" in page


def test_the_advice_to_chase_first_leads_to_the_page_that_chases(as_, office):
    with time_machine.travel(JULY_30, tick=False):
        html = source_of(as_("supervisor").get("/staff/releases/wp2013/2013-2/"))
        assert 'href="/staff/reminders/">去催报</a>' in html.split("建议先催报")[1]
        assert "去催报" not in source_of(as_("publisher").get("/staff/releases/wp2013/2013-2/"))
