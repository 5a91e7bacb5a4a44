"""What is typed and not yet sent: whose it is, how it is kept, and when it is forgotten."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from common.errors import Refused, Stale
from common.ui.action_views import page_of
from departments import actions
from departments.actions.unsent import MOST_CHARACTERS
from departments.models import Membership, UnsentForm
from ledger.models import Entry
from progress.models import ProgressReport
from tests.fixtures import letters
from tests.fixtures.page_text import text_of
from tests.fixtures.people import NOW, PORTAL
from tests.fixtures.quarter import JULY_2

DESK = "/staff/review/wp2013-18/2013-2/"
VERIFY, RETURN = DESK + "verify/", DESK + "return/"
TYPED = [("note", "核查意见写到一半。"), ("pace", "slow")]


def kept(person, typed=TYPED, *, known="", at=NOW, address=VERIFY):
    return actions.keep_unsent(
        user=person, page=DESK, address=address, typed=typed, known=known, at=at
    )


@pytest.fixture
def desk(client, office):
    """The client of the supervisor, before whom a report lies."""
    office.submit()
    client.force_login(office.people.supervisor)
    return client


@pytest.mark.parametrize(
    "typed", ['[["note", "\\ud800"]]', '[["note", "\\u0000"]]', "[" * 100_000, '[["note"]]', "7"]
)
def test_what_no_form_can_send_is_not_kept(desk, typed):
    kept = desk.post("/staff/unsent/keep/", {"address": VERIFY, "typed": typed, "known": ""})
    assert (kept.status_code, kept.json()["version"]) == (200, "")
    assert not UnsentForm.objects.exists()


def test_words_are_kept_sealed_and_the_record_knows_nothing_of_them(people):
    version = kept(people.supervisor)
    row = UnsentForm.objects.get()
    assert (row.typed, row.version) == (TYPED, version)
    assert "核查意见" not in row.sealed
    assert not Entry.objects.exists()


def test_what_no_key_of_the_site_opens_any_more_counts_as_nothing(people, settings, desk):
    kept(people.supervisor)
    settings.CONTACT_KEYS = ["another key"]
    assert UnsentForm.objects.get().typed == []
    assert desk.get(DESK).status_code == 200


def test_of_two_windows_the_one_that_has_not_seen_the_newer_words_is_refused(people):
    first = kept(people.supervisor)
    second = kept(people.supervisor, [("note", "改过的意见。")], known=first)
    for known in ("", first):
        with pytest.raises(Stale, match="另一个窗口里写了更新的内容"):
            kept(people.supervisor, known=known)
    assert UnsentForm.objects.get().version == second
    assert kept(people.supervisor, [("note", "改过的意见。")], known=first) == second


def test_words_too_long_to_be_kept_are_refused_with_a_sentence(people):
    with pytest.raises(Refused, match="没有暂存"):
        kept(people.supervisor, [("note", "字" * MOST_CHARACTERS)])
    assert not UnsentForm.objects.exists()


def test_what_is_unsent_is_shown_to_nobody_else(desk, office):
    kept(office.people.supervisor)
    assert "核查意见写到一半" in desk.get(DESK).content.decode()
    assert "核查意见写到一半" in desk.get("/staff/unsent/").content.decode()
    desk.force_login(office.people.other_supervisor)
    for page in (DESK, "/staff/unsent/"):
        assert "核查意见写到一半" not in desk.get(page).content.decode()
    desk.post("/staff/unsent/drop/", {"address": VERIFY})
    assert UnsentForm.objects.exists()


def test_a_form_that_was_refused_is_there_after_leaving_and_gone_once_accepted(desk):
    typed = {"pace": "slow", "how": "paper", "confidence": "medium", "note": ""}
    assert desk.post(VERIFY, typed | {"reason": "退回的理由还没想好"}).status_code == 200
    assert "退回的理由还没想好" in desk.get(DESK).content.decode()
    assert desk.post(VERIFY, typed | {"note": "进度落后。"}).status_code == 302
    assert not UnsentForm.objects.exists()


def test_an_accepted_form_forgets_only_its_own_words_and_only_those_it_knew(desk, office):
    person = office.people.supervisor
    known, other = kept(person), kept(person, address=DESK + "agree/")
    newer = kept(person, [("note", "另一个窗口里的新意见。")], known=known)
    sent = {"pace": "on_course", "how": "paper", "confidence": "medium", "note": "可以。"}
    desk.post(VERIFY, sent | {"unsent_form": VERIFY, "unsent_known": known})
    assert {row.version for row in UnsentForm.objects.all()} == {newer, other}


def test_a_colleague_who_was_faster_takes_no_words_away(desk, office):
    office.verify(ProgressReport.objects.get())
    response = desk.post(VERIFY, dict(TYPED) | {"how": "paper", "confidence": "medium"})
    assert response.status_code == 200
    assert "核查意见写到一半。" in desk.get(DESK).content.decode()


def test_a_form_that_another_site_sent_is_not_kept(office):
    office.submit()
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people.supervisor)
    assert client.post(VERIFY, dict(TYPED)).status_code == 403
    assert not UnsentForm.objects.exists()


def test_an_automatic_saving_that_is_refused_keeps_the_words_and_an_accepted_one_forgets_them(
    client, office, white_paper, typed_report
):
    client.force_login(office.people.reporter)
    form = "/staff/reports/wp2013-18/2013-2/"
    too_long = typed_report | {f"t{white_paper.indicator.pk}": "字" * 201}
    headers = {"X-Autosave": "1"}
    refused = client.post(form + "autosave/", too_long, headers=headers)
    assert (refused.status_code, refused["X-Unsent"]) == (422, UnsentForm.objects.get().version)
    assert "字" * 201 in client.get(form).content.decode()
    saved = client.post(form + "autosave/", typed_report, headers=headers)
    assert (saved.status_code, saved["X-Unsent"]) == (200, "")
    assert not UnsentForm.objects.exists()


def test_a_letter_registered_by_the_clerk_leaves_nothing_behind(client, people):
    client.force_login(people.clerk)
    page = "/staff/feedback/new/"
    typed = [("text", "路灯不亮。"), ("contact", "13800138000")]
    actions.keep_unsent(user=people.clerk, page=page, address=page, typed=typed, known="", at=NOW)
    token = client.get(page).context["form"]["token"].value()
    sent = {"channel": "telephone", "kind": "complaint", "text": "路灯不亮。", "token": token}
    sent |= {"reply_by": "web", "consent": "on"}
    response = client.post(page, sent)
    assert not response.context["form"].errors
    assert not UnsentForm.objects.exists()


def test_words_sent_from_an_older_window_stand_beside_newer_ones_after_signing_in(office):
    person = office.people.supervisor
    office.submit()
    kept(person, [("note", "别的窗口里的新意见。")])
    actions.keep_unsent_beside(user=person, page=DESK, address=VERIFY, typed=TYPED, at=JULY_2)
    client = Client()
    client.force_login(person)
    page = client.get(DESK).content.decode()
    assert "别的窗口里的新意见。" in page
    assert "核查意见写到一半。" in page


def test_a_wrong_password_loses_nothing_that_is_on_its_way_through_the_door(client, people):
    carried = {"carried": json.dumps(TYPED), "carried_address": VERIFY}
    again = client.post(
        "/staff/sign-in/", carried | {"username": "supervisor", "password": "wrong"}
    )
    assert again.context["carried"] == carried["carried"]
    assert f'name="carried_address" value="{VERIFY}"' in again.content.decode()


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example.org/", "/feedback/new/", "/staff/nothing/", "", "/" * 500],
)
def test_only_forms_of_the_staff_are_kept(address, desk):
    sent = {"address": address, "typed": json.dumps(TYPED)}
    assert desk.post("/staff/unsent/keep/", sent).status_code == 422
    assert not UnsentForm.objects.exists()


def test_what_was_typed_into_the_admin_can_be_copied_before_signing_in(client, people):
    response = client.post("/admin/departments/user/add/", {"people": "用户名,姓名"})
    assert response.status_code == 403
    assert "请先复制" in response.content.decode()
    assert "用户名,姓名" in response.content.decode()
    assert response.context["carried"] == ""


def test_the_words_of_one_form_stay_while_another_form_of_the_page_is_answered(desk, office):
    kept(office.people.supervisor, address=DESK + "agree/")
    page = desk.post(RETURN, {"reason": ""}).content.decode()
    assert "核查意见写到一半。" in page


def test_whoever_comes_back_is_told_at_home_of_what_lies_on_other_pages(desk, office):
    assert "没有提交的内容" not in text_of(desk.get("/staff/"))
    kept(office.people.supervisor)
    assert "有 1 份填写了没有提交的内容。查看" in text_of(desk.get("/staff/"))
    assert "回到那一页继续" in text_of(desk.get("/staff/unsent/"))


def test_words_are_found_whatever_query_string_their_page_is_opened_with(desk, office):
    kept(office.people.supervisor)
    assert "核查意见写到一半。" in desk.get(DESK + "?from=queue").content.decode()


@pytest.mark.parametrize("typed", ["", "{", "[1]", '"text"', "null", "[]"])
def test_a_form_that_is_as_it_was_leaves_nothing_kept(typed, desk, office):
    known = kept(office.people.supervisor)
    sent = {"address": VERIFY, "typed": typed, "known": known}
    answer = desk.post("/staff/unsent/keep/", sent)
    assert answer.json() == {"version": "", "saved_at": ""}
    assert not UnsentForm.objects.exists()


def test_giving_up_leads_back_to_the_page_and_forgets_the_words(desk, office):
    kept(office.people.supervisor)
    response = desk.post("/staff/unsent/drop/", {"address": VERIFY})
    assert response.url == DESK
    assert not UnsentForm.objects.exists()


def test_words_are_forgotten_when_their_person_leaves_the_last_post(people):
    administrator = people.administrator.actor()
    kept(people.colleague)
    first, second = Membership.objects.filter(user=people.colleague)
    actions.end_membership(membership=first, by=administrator, at=NOW)
    assert UnsentForm.objects.exists()
    actions.end_membership(membership=second, by=administrator, at=NOW)
    assert not UnsentForm.objects.exists()


def test_words_are_forgotten_when_their_person_hands_the_post_over(people):
    kept(people.reporter)
    post = Membership.objects.get(user=people.reporter)
    actions.hand_over(membership=post, to=people.colleague, by=PORTAL, at=NOW)
    assert not UnsentForm.objects.exists()


def test_words_are_forgotten_when_their_person_can_no_longer_sign_in(people):
    kept(people.reporter)
    actions.disable_person(user=people.reporter, by=people.administrator.actor(), at=NOW)
    assert not UnsentForm.objects.exists()


def test_words_that_were_never_sent_are_forgotten_after_two_weeks(people, settings):
    now, days = timezone.now(), timedelta(days=settings.UNSENT_KEEP_DAYS)
    kept(people.reporter, at=now - days - timedelta(minutes=5))
    kept(people.supervisor, at=now - days + timedelta(minutes=5))
    call_command("tend_tickets", verbosity=0)
    assert [row.user for row in UnsentForm.objects.all()] == [people.supervisor]


def test_a_letter_action_that_was_refused_leads_back_to_the_letter(people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter)
    page = f"/staff/feedback/{ticket.number}/"
    assert page_of(f"{page}reply/") == page
    assert page_of(f"{RETURN}?from=queue") == f"{DESK}?from=queue"
