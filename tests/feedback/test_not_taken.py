"""Where nobody would read a letter none is taken: not by the form, not by mail, and it says so."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from departments.models import Membership, User
from feedback.assignment import lacking_to_take_letters
from feedback.models import Ticket
from tests.fixtures.letter_form import CHECK, EDIT, NEW, SEND, answers
from tests.fixtures.people import NOW

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
