"""A reporter leaves the post to a colleague of the unit;
what lies on the desk is the unit's and stays there.
"""

import json

import pytest

from common.errors import Refused
from departments import actions
from departments.models import Membership, Role
from ledger.models import Entry
from progress.models import ProgressReport
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL

PAGE = "/staff/hand-over/"


def post_of(person, role=Role.REPORTER) -> Membership:
    return Membership.objects.get(user=person, role=role)


@pytest.fixture
def reporter(client, people):
    client.force_login(people.reporter)
    return client


def test_a_reporter_leaves_the_post_to_a_colleague_and_the_record_knows_both(reporter, people):
    mine = post_of(people.reporter)
    response = reporter.post(
        PAGE, {"post": mine.pk, "to": post_of(people.colleague).pk}, follow=True
    )
    assert "陈填报的安监局填报员岗位已交给李同事" in response.content.decode()
    mine.refresh_from_db()
    assert mine.ended_at
    entry = Entry.objects.get()
    facts = json.loads(entry.payload)["facts"]
    assert (entry.verb, entry.visibility, entry.actor_post) == ("hand_over", "internal", "填报员")
    assert (facts["user"], facts["to"]) == (people.reporter.pk, people.colleague.pk)


def test_the_colleague_goes_on_with_the_draft_and_the_letter_where_they_lie(
    reporter, client, office, people, units
):
    office.save()
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter)
    reporter.post(PAGE, {"post": post_of(people.reporter).pk, "to": post_of(people.colleague).pk})
    client.force_login(people.colleague)
    desk = client.get("/staff/").content.decode()
    assert "全面落实安全生产责任制" in desk
    assert ticket.number in desk
    client.post(
        "/staff/reports/wp2013-18/2013-2/", {"version": "1", "narrative": "接着写。", "save": ""}
    )
    assert ProgressReport.objects.get().contributions.get().narrative == "接着写。"
    client.force_login(people.reporter)
    assert client.get("/staff/reports/wp2013-18/2013-2/").status_code == 404


def test_the_page_says_who_files_for_the_unit_and_that_an_absence_needs_no_paper(reporter):
    page = reporter.get(PAGE).content.decode()
    for words in ("陈填报（您）", "李同事", "审签人", "从未登录", "不用办手续"):
        assert words in page
    assert "王外人" not in page


def test_who_has_no_colleague_reads_whom_to_ask(client, people):
    client.force_login(people.stranger)
    page = client.get(PAGE).content.decode()
    assert "还没有人可以接手" in page
    assert "办理交接</button>" not in page


def test_a_post_of_another_unit_cannot_be_had_by_a_made_up_form(reporter, people):
    theirs = post_of(people.stranger)
    page = reporter.post(
        PAGE, {"post": theirs.pk, "to": post_of(people.colleague).pk}
    ).content.decode()
    assert "您选的人已经不在这个岗位" in page
    colleague = reporter.post(
        PAGE, {"post": post_of(people.colleague).pk, "to": post_of(people.colleague).pk}
    )
    assert "您选的人已经不在这个岗位" in colleague.content.decode()
    assert not Entry.objects.exists()


def test_an_administrator_hands_over_for_somebody_who_is_gone(client, people):
    people.reporter.is_active = False
    people.reporter.save()
    client.force_login(people.administrator)
    mine = post_of(people.reporter)
    assert f'value="{mine.pk}" selected' in client.get(f"{PAGE}?post={mine.pk}").content.decode()
    response = client.post(PAGE, {"post": mine.pk, "to": post_of(people.colleague).pk})
    assert response["Location"] == "/staff/coverage/"
    assert Entry.objects.get().actor_post == "系统管理员"


def test_an_administrator_is_told_when_the_other_is_of_another_unit(client, people):
    client.force_login(people.administrator)
    typed = {"post": post_of(people.reporter).pk, "to": post_of(people.stranger).pk}
    page = client.post(PAGE, typed).content.decode()
    assert "接手的要是安监局的另一位填报员" in page
    assert not Entry.objects.exists()


def refused(people, to) -> None:
    with pytest.raises(Refused, match="接手的要是安监局的另一位填报员"):
        actions.hand_over(membership=post_of(people.reporter), to=to, by=PORTAL, at=NOW)


def test_nobody_hands_over_to_himself_to_the_disabled_or_to_a_stranger(people):
    refused(people, people.reporter)
    refused(people, people.stranger)
    people.colleague.is_active = False
    people.colleague.save()
    refused(people, people.colleague)


def test_a_post_that_was_handed_over_is_not_handed_over_again(people):
    mine = post_of(people.reporter)
    actions.hand_over(membership=mine, to=people.colleague, by=PORTAL, at=NOW)
    with pytest.raises(Refused, match="已经办过离岗"):
        actions.hand_over(membership=mine, to=people.colleague, by=PORTAL, at=NOW)


def test_of_two_who_leave_to_each_other_the_second_is_refused(people):
    theirs = post_of(people.colleague)
    actions.hand_over(membership=post_of(people.reporter), to=people.colleague, by=PORTAL, at=NOW)
    with pytest.raises(Refused, match="另一位填报员"):
        actions.hand_over(membership=theirs, to=people.reporter, by=PORTAL, at=NOW)


def test_the_post_of_a_signer_is_not_handed_over_here(people):
    signer = post_of(people.colleague, Role.SIGNER)
    with pytest.raises(Refused, match="这个填报员岗位已经办过离岗"):
        actions.hand_over(membership=signer, to=people.reporter, by=PORTAL, at=NOW)
