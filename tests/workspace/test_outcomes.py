"""The home of a unit says what was decided about it, and until when it may object."""

from datetime import date

import pytest

from feedback import actions as feedback
from progress.actions.extensions import refuse_extension
from progress.actions.reviews import return_report
from tests.fixtures import letters, requests, slips
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_5
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import LAST_MINUTE
from workspace.read_models.outcomes import objection_work_items, outcomes_for

JULY_8 = date(2013, 7, 8)
AGREED = "审核通过：督查核定正常推进，与自评一致"
SLOW = "督查核定推进缓慢，与自评正常推进不一致"


def lately(office, today=JULY_8, who="reporter") -> list[tuple[str, bool]]:
    found = outcomes_for(getattr(office.people, who), today)
    return [(outcome.words, outcome.is_contrary) for outcome in found]


def to_object(office, today, who="reporter") -> list[tuple[date, str]]:
    found = objection_work_items(getattr(office.people, who), today)
    return [(item.due_on, item.missing) for item in found]


def test_a_verdict_that_agrees_is_a_quiet_line_for_two_weeks(office):
    office.verify(office.submit())
    assert lately(office) == [(AGREED, False)]
    assert lately(office, date(2013, 7, 18)) == [(AGREED, False)]


def test_an_agreement_is_no_news_after_two_weeks_and_its_publication(office):
    office.verify(office.submit())
    office.publish()
    assert lately(office, date(2013, 7, 18)) == [(AGREED, False)]
    assert lately(office, date(2013, 7, 19)) == []
    assert to_object(office, date(2013, 7, 31)) == []


def test_a_verdict_that_differs_stands_out_until_it_is_published(office):
    office.verify(office.submit(), "slow", note="缺页")
    contrary = [(f"{SLOW}；公布后 30 天内可以申请复核", True)]
    assert lately(office) == lately(office, date(2013, 7, 29)) == contrary
    office.publish()
    assert lately(office, date(2013, 7, 31)) == []


def test_a_verdict_that_differs_on_one_commitment_stands_out(office):
    training = office.white_paper.commitments[1].pk
    office.verify(office.submit(), findings={training: ("partly", "缺页")})
    words = "督查核定总体与自评一致，1 条分解事项不一致；公布后 30 天内可以申请复核"
    assert lately(office) == [(words, True)]


def test_a_published_verdict_that_differs_is_on_the_list_with_the_last_day_to_object(office):
    office.verify(office.submit(), "slow", note="缺页")
    office.publish()
    line = (date(2013, 8, 29), f"{SLOW}；不同意的，可以申请复核")
    for today in (date(2013, 7, 31), date(2013, 8, 29)):
        assert to_object(office, today) == [line]
    assert to_object(office, date(2013, 8, 30)) == []
    requests.object_to(office)
    assert to_object(office, date(2013, 8, 6)) == []


def test_verdicts_are_news_to_every_unit_of_the_task_and_to_no_other(office):
    add_supporting_unit(office)
    office.submit(at=LAST_MINUTE)
    office.verify(office.white_paper.task.reports.get(), "slow", note="缺页", at=LAST_MINUTE)
    told = {
        who: len(lately(office, who=who))
        for who in ("reporter", "colleague", "stranger", "supervisor", "leader", "clerk")
    }
    assert told == dict.fromkeys(told, 0) | {"reporter": 1, "colleague": 1, "stranger": 1}


def test_a_verdict_of_a_report_sent_back_since_is_no_news(office):
    report = office.submit()
    office.verify(report, "slow", note="缺页")
    report.refresh_from_db()
    type(report).objects.update(status="submitted")
    return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_5)
    assert lately(office) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [("withdrawn", "已撤销，不用再回复"), ("closed", "已销号"), ("replied", ""), ("issued", "")],
)
def test_the_end_of_a_slip_is_news(office, state, words):
    slips.brought_to(office, state)
    assert lately(office, date(2013, 7, 11)) == ([(f"督办〔2013〕1号{words}", False)] * bool(words))
    assert lately(office, date(2013, 7, 30)) == []


def test_an_extension_that_was_refused_stands_out(office):
    refused = {"note": "时间足够", "by": office.people.supervisor, "at": LAST_MINUTE}
    refuse_extension(extension=requests.ask(office), **refused)
    assert lately(office, date(2013, 7, 15)) == [("延期申请：不同意延期", True)]


def test_a_published_correction_is_news(office):
    office.verify(office.submit())
    office.publish()
    office.correct(narrative="改")
    assert ("更正已公布", False) in lately(office, date(2013, 8, 1))


@pytest.mark.parametrize(("grade", "word"), [("very_bad", "非常不满意"), ("good", "")])
def test_a_bad_rating_of_its_answer_is_a_quiet_line_for_the_unit(office, grade, word):
    people = office.people
    letter = letters.answered(people.clerk, office.units["anjianju"], people.reporter)
    feedback.rate(ticket=letter, grade=grade, at=JULY_5)
    words = f"来信人评价本单位的答复：{word}"
    assert lately(office) == [(words, False)] * bool(word)
    assert lately(office, who="stranger") == lately(office, date(2013, 7, 20)) == []


def test_the_home_shows_the_contrary_above_the_work_list_and_not_as_settled(
    office, as_, time_machine
):
    time_machine.move_to("2013-07-11T09:00:00+08:00")
    slips.brought_to(office, "withdrawn")
    office.verify(office.submit(), "slow", note="缺页")
    home = as_("reporter").get("/staff/")
    above, settled = text_of(home).split("最近办结")
    assert above.index("今天要做的") < above.index("需要知道的") < above.index(SLOW)
    assert SLOW not in settled
    assert "已撤销，不用再回复" in settled
    assert "最近办结" not in text_of(as_("supervisor").get("/staff/"))


def test_the_day_to_object_stands_among_what_is_to_do(office, as_, time_machine):
    office.verify(office.submit(), "slow", note="缺页")
    office.publish()
    time_machine.move_to("2013-08-01T09:00:00+08:00")
    home = text_of(as_("reporter").get("/staff/"))
    assert "2013年8月29日前" in home
    assert "督查核定与自评不一致：全面落实安全生产责任制" in home
