"""A mail that became no letter lies on the clerks' desk until somebody has dealt with it."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.core.management import call_command

from common.errors import Refused
from feedback import actions
from feedback.models import Contact, SetAsideMail, Ticket
from ledger.models import Entry
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]
ORIGINAL = b"From: lin@example.org\nSubject: =?x?b?!\n\n\xff"
LIST = "/staff/feedback/mails/"


def kept(mark="m", reason="unreadable", at=NOW, original=ORIGINAL) -> SetAsideMail:
    words = {"sender": "lin@example.org", "subject": "路灯", "text": "坏了。"}
    return actions.set_aside(
        mark=mark, original=original, reason=reason, detail="结构太复杂", words=words, at=at
    )


@pytest.fixture
def clerk(client, people):
    client.force_login(people.clerk)
    return client


def verbs() -> list[str]:
    return list(Entry.objects.newest_first().values_list("verb", flat=True)[:2])


def test_nothing_of_the_mail_lies_open_in_the_database(people):
    kept()
    [row] = SetAsideMail.objects.values_list()
    assert not any(word in str(row) for word in ("lin@", "路灯", "坏了", "Subject"))
    assert not any("lin@" in payload for payload in Entry.objects.values_list("payload", flat=True))


def test_the_desk_counts_and_lists_what_waits_and_shows_what_could_be_read(clerk):
    mail = kept()
    assert "另放的邮件 1 封" in clerk.get("/staff/feedback/").content.decode()
    assert "l****@example.org" in clerk.get(LIST).content.decode()
    page = clerk.get(f"{LIST}{mail.pk}/").content.decode()
    assert "坏了。" in page
    assert "读不出来（结构太复杂）" in page
    assert "lin@example.org" not in page


def test_what_may_be_a_letter_is_work_of_today_for_the_clerks_and_nobody_else(clerk, people):
    kept("machine", "automatic")
    assert "另放的邮件" not in clerk.get("/staff/").content.decode()
    kept()
    assert "另放的邮件 1 封" in clerk.get("/staff/").content.decode()
    clerk.force_login(people.supervisor)
    assert "另放的邮件" not in clerk.get("/staff/").content.decode()


def test_the_original_is_downloaded_as_it_came_and_the_look_is_on_record(clerk):
    answer = clerk.post(f"{LIST}{kept().pk}/original/")
    assert answer.content == ORIGINAL
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert verbs()[0] == "see_mail"


def test_a_large_original_is_kept_in_part_and_the_page_says_so(clerk, monkeypatch):
    monkeypatch.setattr("feedback.models.mails.MOST_KEPT", 10)
    mail = kept()
    assert clerk.post(f"{LIST}{mail.pk}/original/").content == ORIGINAL[:10]
    assert "这里只存了开头" in clerk.get(f"{LIST}{mail.pk}/").content.decode()


def test_a_mail_is_registered_as_a_letter_after_all_and_its_writer_gets_the_receipt(
    clerk, settings
):
    cache.clear()
    settings.EMAIL_URL = "smtp://mail.example"
    mail = kept()
    answer = clerk.post(f"{LIST}{mail.pk}/register/", {"text": "路灯坏了。"}, follow=True)
    ticket = Ticket.objects.get()
    assert f"已登记为 {ticket.number}" in answer.content.decode()
    assert (ticket.text, ticket.channel, ticket.reply_by) == ("路灯坏了。", "mail", "mail")
    assert Contact.objects.get().text == "lin@example.org"
    assert [sent.to for sent in outbox.outbox] == [["lin@example.org"]]
    assert not SetAsideMail.objects.exists(), "what is kept of its writer hangs on the letter"
    assert actions.is_known_mail("m")
    assert verbs() == ["settle_mail", "receive_ticket"]


def test_a_mail_that_is_no_letter_is_settled_with_a_note(clerk):
    mail = kept()
    refused = clerk.post(f"{LIST}{mail.pk}/settle/", {"note": ""}).content.decode()
    assert "请写明怎样处理的" in refused
    clerk.post(f"{LIST}{mail.pk}/settle/", {"note": "广告"})
    assert "已处理：广告" in clerk.get(LIST).content.decode()
    assert "另放的邮件 1 封" not in clerk.get("/staff/feedback/").content.decode()


def test_two_clerks_do_not_deal_with_one_mail(people):
    mail, by = kept(), {"by": people.clerk, "at": NOW}
    actions.settle_mail(mail=mail, note="广告", **by)
    with pytest.raises(Refused, match="已经有人处理过了"):
        actions.register_set_aside(mail=mail, text="路灯", demonstration=False, **by)
    with pytest.raises(Refused, match="已经有人处理过了"):
        actions.settle_mail(mail=mail, note="退信", **by)
    assert not Ticket.objects.exists()


def test_what_was_settled_or_sent_by_machines_is_deleted_after_a_time_and_the_rest_waits(people):
    old, late = NOW, NOW + timedelta(days=9)
    kept("settled")
    actions.settle_mail(mail=kept("settled"), note="广告", by=people.clerk, at=old)
    actions.settle_mail(mail=kept("settled late"), note="广告", by=people.clerk, at=late)
    for mark, reason in (("machine", "automatic"), ("empty", "empty"), ("person", "unreadable")):
        kept(mark, reason)
    before = {"before": NOW + timedelta(days=1), "by": actions.CITIZEN, "at": late}
    assert actions.forget_mails(**before) == 3
    assert actions.forget_mails(**before) == 0
    assert {*SetAsideMail.objects.values_list("mark", flat=True)} == {"settled late", "person"}


def test_the_daily_work_deletes_what_is_due(people, capsys):
    kept(reason="automatic")
    call_command("tend_tickets")
    assert "另放的邮件 1 封" in capsys.readouterr().out
    assert not SetAsideMail.objects.exists()


def test_a_new_key_closes_the_mails_too_and_the_old_one_is_not_needed_any_more(
    settings, capsys, people
):
    kept()
    old = settings.CONTACT_KEYS
    settings.CONTACT_KEYS = ["another key of the site", *old]
    call_command("rotate_keys")
    assert "另放的邮件 1 封：改用新密钥 1 封" in capsys.readouterr().out
    settings.CONTACT_KEYS = settings.CONTACT_KEYS[:1]
    mail = SetAsideMail.objects.get()
    assert (mail.words["subject"], mail.original) == ("路灯", ORIGINAL)
    settings.CONTACT_KEYS = old
    assert mail.words == {}
