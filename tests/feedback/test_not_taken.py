"""Where nobody would read a letter none is taken: not by the form, not by mail, and it says so."""

import re

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, User
from feedback.assignment import lacking_to_take_letters
from feedback.models import Ticket
from tests.fixtures import letters
from tests.fixtures.letter_form import CHECK, EDIT, NEW, SEND, answers
from tests.fixtures.people import NOW
from tests.fixtures.tracking_page import opened

pytestmark = pytest.mark.usefixtures("taking_letters")


def without_a_clerk(settings):
    Membership.objects.filter(role="clerk").update(ended_at=NOW)


def whose_clerk_cannot_sign_in(settings):
    User.objects.filter(username="clerk").update(is_active=False)


def without_a_supervisor(settings):
    Membership.objects.filter(role="supervisor").update(ended_at=NOW)


def without_a_telephone(settings):
    settings.SITE = settings.SITE | {"telephone": ""}


LACKING = {
    without_a_clerk: "受理员",
    whose_clerk_cannot_sign_in: "受理员",
    without_a_supervisor: "督查员",
    without_a_telephone: "联系电话",
}


def warnings() -> list[str]:
    found = run_checks(include_deployment_checks=True)
    return [message.msg for message in found if message.id == "feedback.W001"]


def test_a_site_with_clerk_supervisor_and_telephone_takes_letters(client):
    assert lacking_to_take_letters() == []
    assert warnings() == []
    assert 'name="text"' in client.get(NEW).content.decode()


@pytest.mark.parametrize("site", LACKING)
def test_a_site_where_nobody_would_read_it_says_whom_to_call_and_shows_no_form(
    site, client, settings
):
    site(settings)
    page = client.get(NEW)
    assert page.status_code == 200
    assert "受理还没有开通" in page.content.decode()
    assert '请打 <a href="tel:12345">12345</a>' in page.content.decode()
    assert 'name="text"' not in page.content.decode()


@pytest.mark.parametrize("address", [CHECK, EDIT, SEND])
@pytest.mark.parametrize("site", LACKING)
def test_a_letter_posted_to_such_a_site_is_not_taken_and_its_words_come_back(
    site, address, client, settings
):
    site(settings)
    page = client.post(address, answers())
    assert page.status_code == 403
    assert "路灯什么时候修？" in page.content.decode().split("您写的没有提交")[1]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("site", LACKING)
def test_the_deploy_check_names_what_keeps_letters_away(site, settings):
    site(settings)
    assert warnings() == [f"residents cannot send letters: the site lacks {LACKING[site]}"]


@pytest.mark.parametrize("site", LACKING)
def test_mails_wait_in_the_mailbox_until_somebody_reads_them(site, settings, tmp_path):
    settings.MAILBOX_URL = f"maildir://{tmp_path}/none"
    site(settings)
    with pytest.raises(CommandError, match=f"受理还没有开通（缺{LACKING[site]}）"):
        call_command("fetch_mail")


def test_the_deploy_check_says_nothing_of_letters_before_there_are_tables(monkeypatch):
    def broken() -> list[str]:
        raise DatabaseError

    monkeypatch.setattr("feedback.checks.lacking_to_take_letters", broken)
    assert warnings() == []


def test_a_demonstration_needs_no_telephone_but_people(settings):
    without_a_telephone(settings)
    settings.DEMO = True
    assert lacking_to_take_letters() == []
    without_a_clerk(settings)
    assert lacking_to_take_letters() == ["受理员"]


SAYS_IT = ["/", "/feedback/", "/about/contact/", "/about/accessibility/", "/tasks/wp2013-18/"]
LEAVES_IT_OUT = ["/search/", "/search/?q=没有这样的话", "/about/privacy/", "/feedback/track/"]
PROMISES = re.compile(
    "不用注册。(提交后|写完)|按期答复|按建议的期限答复|第一个问|会转告您去哪里|/feedback/new/"
)


@pytest.mark.parametrize("address", SAYS_IT + LEAVES_IT_OUT)
def test_a_page_asks_for_no_letter_and_promises_no_answer_where_none_is_taken(
    address, client, settings, white_paper
):
    taking = main_and_aside(client, address)
    assert PROMISES.search(taking)
    assert "受理还没有开通" not in taking
    without_a_telephone(settings)
    page = main_and_aside(client, address)
    assert not PROMISES.search(page)
    assert page.count("受理还没有开通") == page.count("tel:12345") == (address in SAYS_IT)


def main_and_aside(client, address: str) -> str:
    return client.get(address).content.decode().partition("<main")[2].partition("<footer")[0]


def test_a_published_answer_and_its_writer_are_sent_to_the_telephone(client, settings, desk):
    declined, published = letters.at_every_stage(*desk)["declined"], letters.published(*desk)
    without_a_telephone(settings)
    assert "有新的情况，请打12345。" in opened(client, declined)
    page = main_and_aside(client, published.get_absolute_url())
    assert "我要提问" not in page
    assert "受理还没有开通" in page


def test_a_page_asks_once_whether_letters_are_taken(client, white_paper):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/tasks/wp2013-18/").content.count(b"/feedback/new/") > 1
    assert sum("departments_membership" in row["sql"] for row in asked) == 1
