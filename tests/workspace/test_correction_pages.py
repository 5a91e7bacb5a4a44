"""The pages on which a correction is proposed, looked at and published,
and where it is read about.
"""

import re

import pytest
import time_machine

from departments.models import Membership, Role, User
from publishing.actions.corrections import publish_correction, return_correction
from publishing.models import CorrectionRequest, Publication
from tests.fixtures.page_text import source_of, text_of
from tests.fixtures.requests import AUGUST_5
from workspace.read_models.work_items import work_items_for

REPORT, ROOM = "/staff/reports/wp2013-18/2013-2/", "/staff/requests/"
WHY = {"reason_class": "data", "reason": "重复计算了500人次"}


@pytest.fixture
def shown(office) -> Publication:
    office.verify(office.submit(), "slow", note="抽查两处，记录不全。")
    office.publish()
    return Publication.objects.get()


@pytest.fixture
def words(shown):
    return f"/staff/publications/{shown.pk}/correct/"


@pytest.fixture
def verdict(shown):
    return f"/staff/publications/{shown.pk}/correct-verdict/"


def typed(office, shown, **changes) -> dict:
    return (
        WHY
        | {"narrative": shown.narrative, f"r{office.white_paper.indicator.pk}": "4000"}
        | changes
    )


def number(office, value: str) -> dict:
    return {f"r{office.white_paper.indicator.pk}": value}


def page_of(row) -> str:
    return f"{ROOM}corrections/{row.pk}/"


def test_a_unit_checks_before_and_after_of_a_correction_and_proposes_it(as_, office, shown, words):
    assert f'{words}">提出更正<' in as_("reporter").get(REPORT).content.decode()
    said = typed(office, shown, **number(office, "3500"))
    looked = source_of(as_("reporter").post(words, said))
    assert '<td data-label="更正前">4000</td><td data-label="更正后">3500</td>' in looked
    assert not CorrectionRequest.objects.exists()
    with time_machine.travel(AUGUST_5, tick=False):
        told = text_of(as_("reporter").post(f"{words}propose/", said, follow=True))
    assert "更正已送发布员，2013年8月19日前会有结果；公布以前，公众看到的不变。" in told
    assert "数据错误：待发布" in told
    assert "更正：数据错误" not in told
    assert ">提出更正<" not in source_of(as_("reporter").get(REPORT))


def test_the_form_of_a_correction_has_only_the_fields_of_the_own_voice(as_, words, verdict):
    own, judged = (
        as_("reporter").get(words).content.decode(),
        as_("supervisor").get(verdict).content.decode(),
    )
    assert ('name="narrative"' in own, 'name="assessment_pace"' in own) == (True, False)
    assert ('name="narrative"' in judged, 'name="assessment_pace"' in judged) == (False, True)
    assert "更正：笔误" not in own


def test_going_back_from_the_check_of_a_correction_keeps_what_was_typed(as_, office, shown, words):
    said = typed(office, shown, **number(office, "3500"), edit="")
    again = as_("reporter").post(words, said).content.decode()
    assert 'value="3500"' in again
    assert "重复计算了500人次" in again


def test_corrected_prose_is_checked_as_one_text_with_its_changes_marked(as_, office, shown, words):
    said = typed(office, shown, narrative=shown.narrative.replace("演练 1 次", "演练 2 次"))
    looked = source_of(as_("reporter").post(words, said))
    assert re.search(r"<del>.*1.*</del><ins>.*2.*</ins> 次", looked)
    assert "人次，演练 <del>" in looked


def test_line_ends_as_a_browser_writes_them_are_no_change(as_, office, shown, words):
    Publication.objects.update(narrative="第一行\n第二行")
    said = typed(office, shown, narrative="第一行\r\n第二行")
    assert "没有改动任何内容" in text_of(as_("reporter").post(words, said))
    as_("reporter").post(f"{words}propose/", said | {"reason_class": "evidence"})
    assert CorrectionRequest.objects.get().narrative == "第一行\n第二行"


def test_the_page_says_why_an_older_or_waiting_line_is_not_corrected(as_, office, shown, words):
    row = office.propose(narrative="改")
    assert "已经提出过更正，请等发布员处理" in text_of(as_("reporter").get(words))
    publish_correction(request=row, by=office.people.publisher, at=AUGUST_5)
    assert "这一版已被更新，请在最新一版上更正" in text_of(as_("reporter").get(words))
    sent = as_("reporter").post(f"{words}propose/", typed(office, shown, narrative="又改"))
    assert CorrectionRequest.objects.count() == 1
    assert "又改" in sent.content.decode()


def test_a_supervisor_of_the_unit_reads_why_not_and_what_is_sent_anyway_changes_nothing(
    as_, office, verdict
):
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["anjianju"], role=Role.SIGNER
    )
    assert "按回避规定您不能更正督查核定" in text_of(as_("supervisor").get(verdict))
    said = WHY | {"assessment_pace": "on_course", "assessment_note": ""}
    assert as_("supervisor").post(f"{verdict}propose/", said).status_code == 403
    assert not CorrectionRequest.objects.exists()


def test_a_supervisor_is_led_to_the_verdict_from_the_release(as_, verdict):
    assert verdict in as_("supervisor").get("/staff/releases/wp2013/2013-2/").content.decode()
    assert verdict not in as_("publisher").get("/staff/releases/wp2013/2013-2/").content.decode()


def test_the_publisher_finds_a_correction_reads_the_change_and_publishes_it(as_, office, client):
    office.verify(office.submit())
    office.publish()
    row = office.propose(
        reason="抄错了行", readings={office.white_paper.indicator.pk: 3500}, at=AUGUST_5
    )
    duty = next(
        d for d in work_items_for(office.people.publisher, AUGUST_5.date()) if d.verb == "核对"
    )
    assert (duty.url, duty.due_on.day) == (page_of(row), 19)
    assert "等您办理 1 份" in text_of(as_("publisher").get(ROOM))
    looked = source_of(as_("publisher").get(duty.url))
    assert '<td data-label="更正前">4000</td><td data-label="更正后">3500</td>' in looked
    assert "抄错了行" in looked
    assert "现行第 2 版" in text_of(as_("publisher").post(f"{duty.url}publish/", follow=True))
    page = text_of(client.get(Publication.objects.current().get().get_absolute_url()))
    assert "更正：笔误 · 由安监局提出。抄错了行" in page


def test_a_returned_correction_is_a_work_item_until_it_is_proposed_again(as_, office, shown, words):
    row = office.propose(narrative="改")
    assert "请写明理由" in text_of(as_("publisher").post(f"{page_of(row)}return/", {"reason": ""}))
    with time_machine.travel(AUGUST_5, tick=False):
        as_("publisher").post(f"{page_of(row)}return/", {"reason": "看不出错在哪里"})
    told = [
        (d.url, d.returned)
        for d in work_items_for(office.people.reporter, AUGUST_5.date())
        if d.verb == "修改"
    ]
    assert told == [(words, "看不出错在哪里")]
    assert "看不出错在哪里" in text_of(as_("colleague").get(REPORT))
    office.propose(narrative="再改")
    assert not [
        d for d in work_items_for(office.people.reporter, AUGUST_5.date()) if d.verb == "修改"
    ]


def test_whoever_proposed_a_wrong_correction_withdraws_it_and_proposes_again(
    as_, office, shown, words
):
    office.propose(narrative="改")
    assert words in as_("colleague").get(REPORT).content.decode()
    assert "收回更正" in as_("colleague").get(words).content.decode()
    row = CorrectionRequest.objects.get()
    told = text_of(as_("colleague").post(f"{words}withdraw/", {"correction": row.pk}, follow=True))
    assert "更正已收回，公众看到的不变" in told
    assert "下一步：核对" in told
    row.refresh_from_db()
    assert (row.state, row.decided_by, Publication.objects.count()) == ("withdrawn", None, 1)
    assert not [
        d for d in work_items_for(office.people.publisher, AUGUST_5.date()) if d.verb == "核对"
    ]
    assert "更正：已收回" in text_of(as_("publisher").get(ROOM))
    office.propose(narrative="再改")


def test_a_correction_dealt_with_meanwhile_is_not_withdrawn(as_, office, shown, words):
    row = office.propose(narrative="改")
    return_correction(request=row, reason="退", by=office.people.publisher, at=AUGUST_5)
    assert "这份更正已经处理过：已退回" in text_of(
        as_("reporter").post(f"{words}withdraw/", {"correction": row.pk}, follow=True)
    )
    assert as_("reporter").post(f"{words}withdraw/", {"correction": "x"}).status_code == 404


def test_a_verdict_in_correction_is_taken_back_by_the_office_that_proposed_it(
    as_, office, shown, verdict
):
    row = office.propose(assessment_note="复查属实。")
    withdraw, named = f"{verdict}withdraw/", {"correction": row.pk}
    answer = as_("other_supervisor").post(withdraw, named, follow=True)
    assert "由提出更正的督查室收回" in text_of(answer)
    as_("supervisor").post(withdraw, named)
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_of_a_line_with_a_newer_revision_only_going_back_is_offered(as_, office, shown):
    row = office.propose(narrative="改")
    Publication.objects.update(is_current=False)
    looked = as_("publisher").get(page_of(row)).content.decode()
    offered = [f"{page_of(row)}{step}/" in looked for step in ("publish", "return")]
    assert offered == [False, True]


def test_whoever_proposed_a_correction_finds_no_button_to_publish_it(as_, office, shown):
    office.people.publisher.memberships.create(
        department=office.units["anjianju"], role=Role.REPORTER
    )
    row = office.propose(narrative="改", by=User.objects.get(username="publisher"))
    looked = as_("publisher").get(page_of(row)).content.decode()
    assert f"{page_of(row)}publish/" not in looked
    assert "由另一位发布员处理" in text_of(as_("publisher").post(f"{page_of(row)}publish/"))
    assert not [
        d for d in work_items_for(office.people.publisher, AUGUST_5.date()) if d.verb == "核对"
    ]


def test_the_rooms_of_both_posts_show_what_was_answered(as_, office, shown):
    row = office.propose(narrative="改")
    assert "由其他人办理 1 份" in text_of(as_("supervisor").get(ROOM))
    return_correction(request=row, reason="退", by=office.people.publisher, at=AUGUST_5)
    for name in ("supervisor", "publisher"):
        assert "更正：已退回" in text_of(as_(name).get(ROOM))
