"""Each voice corrects its own words and no others; somebody else publishes them,
and all read whose they are.
"""

import json
from decimal import Decimal

import pytest

from common.errors import Refused
from departments.models import Department, Membership, Role, User
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.models import ProgressReport
from publishing.actions.corrections import (
    Correction,
    propose_correction,
    publish_correction,
    return_correction,
)
from publishing.models import CorrectionRequest, Publication
from tasks.models import Responsibility
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import AUGUST_5, decide, object_to


@pytest.fixture
def judged(office):
    """Filed as on course, found to be slow by the supervisor, released on 30 July."""
    office.verify(office.submit(), "slow", note="抽查两处，记录不全。")
    office.publish()
    return office


def now() -> Publication:
    return Publication.objects.current().get()


def test_a_proposed_correction_changes_nothing_the_public_reads(judged, client):
    before, page = Publication.objects.values().get(), client.get("/tasks/wp2013-18/").content
    judged.propose(narrative="全部重写。")
    assert Publication.objects.values().get() == before
    assert client.get("/tasks/wp2013-18/").content == page


def test_the_unit_corrects_its_words_and_numbers_and_the_verdict_stays(judged):
    first = now()
    row = judged.correct(
        narrative="完成培训 3500 人次。", readings={judged.white_paper.indicator.pk: Decimal(3500)}
    )
    assert (row.narrative, row.readings.get().value, row.trajectory) == (
        "完成培训 3500 人次。",
        3500,
        "watch",
    )
    verdict = ("assessment_pace", "assessment_note", "assessor_unit", "headline")
    assert [getattr(row, name) for name in verdict] == [getattr(first, name) for name in verdict]
    assert ProgressReport.objects.get().contributions.get().narrative == judged.filing.narrative


def test_the_supervisor_corrects_the_verdict_and_the_words_of_the_unit_stay(judged):
    row = judged.correct(assessment_pace="on_course", assessment_note="复查两处，记录齐全。")
    assert (row.headline, row.assessment_pace, row.assessment_note) == (
        "on_course",
        "on_course",
        "复查两处，记录齐全。",
    )
    assert (row.narrative, row.readings.get().value) == (judged.filing.narrative, 4000)


def test_a_verdict_corrected_by_another_office_is_said_by_that_office(judged):
    row = judged.correct(assessment_note="复查属实。", by=judged.people.other_supervisor)
    assert (row.assessor_unit, row.corrected_by) == ("监察局", "监察局")
    assert json.loads(row.content)["assessor_unit"] == "监察局"


OTHERS_WORDS = [
    ("unit", {"assessment_pace": "on_course"}),
    ("unit", {"narrative": "改", "assessment_note": "改"}),
    ("supervisor", {"narrative": "改"}),
    ("supervisor", {"assessment_note": "改", "readings": {1: Decimal(1)}}),
]


@pytest.mark.parametrize(("voice", "right"), OTHERS_WORDS)
def test_no_voice_corrects_the_words_of_the_other(judged, voice, right):
    by = judged.people.reporter if voice == "unit" else judged.people.supervisor
    arguments = {"reason_class": "slip", "reason": "错", "by": by, "at": AUGUST_5}
    with pytest.raises(Refused, match="只能更正自己的内容"):
        propose_correction(
            publication=now(), voice=voice, correction=Correction(**right), **arguments
        )
    assert not CorrectionRequest.objects.exists()


@pytest.mark.parametrize("person", ["stranger", "supervisor", "publisher", "clerk"])
def test_the_words_of_the_unit_are_proposed_by_its_reporters_only(judged, person):
    with pytest.raises(Refused, match="由牵头单位的填报员提出更正"):
        judged.propose(narrative="改", by=getattr(judged.people, person))


def test_a_unit_that_only_supports_does_not_speak_for_the_whole(judged):
    add_supporting_unit(judged)
    with pytest.raises(Refused, match="由牵头单位的填报员提出更正"):
        judged.propose(narrative="改", by=judged.people.stranger)


def test_the_unit_that_took_over_corrects_under_its_own_name(judged):
    """安监局 went into a unit that went into 教育局."""
    made = {"full_name": "x", "level": "district", "name_basis": "inferred"}
    between = Department.objects.create(
        slug="between", short_name="应急局", successor=judged.units["jiaoyuju"], **made
    )
    Department.objects.filter(pk=judged.units["anjianju"].pk).update(successor=between)
    assert judged.correct(narrative="改", by=judged.people.stranger).corrected_by == "教育局"


def test_a_verdict_is_not_corrected_by_a_supervisor_of_the_unit(judged):
    Membership.objects.create(
        user=judged.people.supervisor, department=judged.units["anjianju"], role=Role.REPORTER
    )
    both = User.objects.get(username="supervisor")
    with pytest.raises(Refused, match="按回避规定由其他单位的督查员更正"):
        judged.propose(assessment_note="改", by=both)
    # The same person may still correct what the unit said.
    assert judged.propose(narrative="改", by=both).department.short_name == "安监局"


def test_where_nothing_was_assessed_there_is_no_verdict_to_correct(office):
    office.submit()
    office.publish()
    with pytest.raises(Refused, match="没有督查核定"):
        office.propose(assessment_note="改")


def test_a_verdict_that_differs_from_the_unit_keeps_its_explanation(judged):
    with pytest.raises(Refused, match="请写明核查意见"):
        judged.propose(assessment_note=" ")
    assert judged.propose(assessment_pace="on_course", assessment_note="").assessment_note == ""


def test_what_corrects_nothing_is_refused_unless_only_the_papers_were_wrong(judged):
    same = {
        "narrative": judged.filing.narrative,
        "readings": {judged.white_paper.indicator.pk: Decimal("4000.00")},
    }
    with pytest.raises(Refused, match="没有改动任何内容"):
        judged.propose(**same)
    assert judged.correct(**same, reason_class="evidence").reason_class == "evidence"


def test_whoever_proposed_a_correction_neither_publishes_nor_returns_it(judged):
    reporter = judged.people.reporter
    Membership.objects.create(
        user=reporter, department=judged.units["qufuban"], role=Role.PUBLISHER
    )
    arguments = {"request": judged.propose(narrative="改"), "by": reporter, "at": AUGUST_5}
    with pytest.raises(Refused, match="请由另一位发布员处理"):
        publish_correction(**arguments)
    with pytest.raises(Refused, match="请由另一位发布员处理"):
        return_correction(**arguments, reason="退")


def test_only_one_correction_waits_for_each_line_whichever_voice_it_is(judged):
    judged.propose(narrative="改")
    with pytest.raises(Refused, match="请等发布员处理"):
        judged.propose(assessment_note="改")


def test_a_correction_is_returned_only_with_a_reason(judged):
    arguments = {
        "request": judged.propose(narrative="改"),
        "by": judged.people.publisher,
        "at": AUGUST_5,
    }
    with pytest.raises(Refused, match="退回更正请写明理由"):
        return_correction(**arguments, reason=" ")
    assert return_correction(**arguments, reason="看不出").note == "看不出"
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("outcome", ["upheld", "partly"])
def test_after_an_objection_was_upheld_who_gave_the_verdict_does_not_correct_it(judged, outcome):
    decide(judged, object_to(judged), outcome)
    with pytest.raises(Refused, match="由另一位督查员提出"):
        judged.propose(assessment_pace="on_course")
    row = judged.correct(
        assessment_pace="on_course", by=judged.people.other_supervisor, at=AUGUST_5
    )
    assert row.assessor_unit == "监察局"


def test_the_ledger_says_which_voice_was_corrected_and_none_of_the_words(judged):
    judged.correct(narrative="全部重写。", reason="抄错了行")
    proposed, published, revised = Entry.objects.order_by("-seq")[:3][::-1]
    assert [(row.verb, row.visibility) for row in (proposed, published, revised)] == [
        ("propose_correction", "internal"),
        ("publish_correction", "public"),
        ("revise", "public"),
    ]
    assert json.loads(published.payload)["facts"]["voice"] == "unit"
    assert not any(
        words in row.payload for row in (proposed, published, revised) for words in ("重写", "抄错")
    )
    assert verify_ledger().sound


@pytest.mark.parametrize(
    ("demonstration", "named"),
    [(False, "责任单位（待确认）"), (True, "安监局（按职能推定，未经确认）")],
)
def test_nobody_is_made_responsible_by_a_correction(judged, client, demonstration, named):
    Responsibility.objects.update(basis="proposed")
    Publication.objects.update(demonstration=demonstration)
    row = judged.correct(narrative="改")
    assert row.corrected_by == named
    assert f"由{named}提出" in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("reason", ["笔误", "笔误。", "更正：笔误"])
def test_a_reason_that_only_repeats_its_kind_is_read_once(judged, client, reason):
    row = judged.correct(narrative="改", reason=reason)
    for address in (row.get_absolute_url(), "/tasks/wp2013-18/", "/tasks/wp2013-18/history/"):
        page = client.get(address).content.decode()
        assert "更正：笔误 · 由安监局提出" in page
        assert "提出。" not in page
        assert "笔误。" not in page
