"""A photo sent after the letter, or handed in at the desk: as private as the first,
and gone with it.
"""

import os
import re
from base64 import b64decode
from datetime import timedelta

import pytest
from django.core.cache import cache

from common.security.throttling import Throttle
from feedback import actions
from feedback.models import Addition, Ticket
from feedback.read_models.data_export import own_copy
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL
from tests.fixtures.photos import REFUSED_PHOTOS, carried, looked_at, taken
from tests.fixtures.tracking_page import TRACK, opened, press

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=400)
DESK = "/staff/feedback/"
SECOND = b"\xff\xd8 and another \xff\xd9"


@pytest.fixture(autouse=True)
def fresh_cache(time_machine):
    cache.clear()
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)


@pytest.fixture
def asked(desk) -> Ticket:
    return actions.ask_more(
        ticket=letters.received(), question="请补充一张现场照片。", by=desk[0], at=NOW
    )


def unsent(name: str):
    upload = REFUSED_PHOTOS[name][0]
    upload.seek(0)
    return upload


def test_a_photo_that_was_asked_for_needs_no_words(asked, client):
    assert "已收到您的补充，期限继续计算。" in press(
        client, asked, "supplement", text="", photo=taken()
    )
    added = Addition.objects.get()
    assert (added.text, Ticket.objects.get().status) == ("", "received")
    assert re.fullmatch(r"letters/[0-9a-f]{32}\.jpg", added.photo.name)
    assert "附了一张照片，只有受理和办理的人能看。" in opened(client, asked)


def test_an_addition_not_asked_for_takes_a_photo_and_sent_twice_is_kept_once(desk, client):
    ticket = letters.handling(*desk)
    for _ in range(2):
        press(client, ticket, "add", text="还有一处", photo=taken())
    assert "已收到您的补充说明。" in press(
        client, ticket, "add", text="还有一处", photo=taken(size=(9, 9))
    )
    assert [bool(one.photo) for one in ticket.additions.all()] == [True, True]


@pytest.mark.parametrize("name", ["a paper", "an iPhone's own format", "half a photo"])
def test_a_refused_photo_loses_no_words_and_asks_for_none(name, asked, client):
    page = press(client, asked, "supplement", text="就在海景路口", photo=unsent(name))
    assert re.search(r'<a href="#supplement_photo">“IMG_1|<a href="#supplement_photo">“a.jpg', page)
    assert "就在海景路口</textarea>" in page
    assert "或者附一张照片" not in press(client, asked, "supplement", photo=unsent(name))
    assert not Addition.objects.exists()


def test_words_that_are_too_long_lose_no_photo_and_it_can_be_left_out_again(asked, client):
    assert "不附这张照片了" not in opened(client, asked)
    page = press(client, asked, "supplement", text="长" * 2001, photo=taken())
    assert page.index("照片已附上，不用再选") < page.index('type="file"')
    sealed = re.search(r'name="carried" value="([^"]+)"', page)[1]
    assert "请写下要补充的内容" in press(client, asked, "supplement", carried=sealed, without="on")
    press(client, asked, "supplement", text="短", carried=sealed)
    assert Addition.objects.get().photo


def test_later_photos_of_one_address_are_throttled(desk, client, monkeypatch):
    monkeypatch.setattr(
        "feedback.pages.throttles.PHOTO_THROTTLE", Throttle("photo", 3600, {"address": 1})
    )
    ticket = letters.handling(*desk)
    press(client, ticket, "add", text="一", photo=taken())
    page = press(client, ticket, "add", text="二", photo=taken())
    assert '<a href="#add_photo">这里刚才提交的次数太多了' in page
    assert "二</textarea>" in page
    assert ticket.additions.count() == 1


def test_an_open_page_that_is_too_old_says_that_the_photo_is_to_be_chosen_again(
    asked, client, time_machine
):
    handed_out = re.search(r'name="pass" value="([^"]+)"', opened(client, asked))[1]
    time_machine.move_to(NOW + timedelta(hours=3))
    page = client.post(
        f"{TRACK}supplement/", {"pass": handed_out, "text": "就在路口", "photo": taken()}
    )
    assert "照片要再选一次。" in page.content.decode()


def test_the_ledger_holds_a_digest_of_a_later_photo_and_of_words_if_any(asked):
    actions.supplement(ticket=asked, photo=letters.PHOTO, at=NOW)
    payload = Entry.objects.get(verb="supplement_ticket").payload
    assert f'"photo":"{Addition.objects.get().photo_sha256}"' in payload
    assert '"text"' not in payload


def test_the_clerk_registers_a_letter_with_its_scan_and_a_mistake_does_not_lose_it(people, client):
    client.force_login(people.clerk)
    token = re.search(r'name="token" value="([^"]+)"', client.get(f"{DESK}new/").content.decode())[
        1
    ]
    given = {"token": token, "kind": "enquiry", "text": "路灯坏了", "reply_by": "web"}
    page = client.post(f"{DESK}new/", given | {"photo": taken()})
    assert "请选择来源。" in page.content.decode()
    client.post(f"{DESK}new/", given | {"channel": "counter", "carried": carried(page)})
    assert (Ticket.objects.get().channel, bool(Ticket.objects.get().photo)) == ("counter", True)


def test_the_clerk_notes_down_a_photo_without_words(asked, people, client):
    client.force_login(people.clerk)
    page = client.post(f"{DESK}{asked.number}/supplement/", {"photo": taken()}).content.decode()
    sealed = re.search(r'name="carried" value="([^"]+)"', page)[1]
    client.post(f"{DESK}{asked.number}/supplement/", {"channel": "counter", "carried": sealed})
    added = Addition.objects.get()
    assert added.photo
    assert "下载照片" in client.get(f"{DESK}{asked.number}/").content.decode()
    assert looked_at(client, people.clerk, asked, f"{added.pk}/") == 200


def test_only_the_desk_and_the_handling_unit_get_a_later_photo(desk, people, client):
    ticket = letters.handling(*desk)
    actions.add(ticket=ticket, photo=letters.PHOTO, at=NOW)
    at = f"{ticket.additions.get().pk}/"
    names = ("clerk", "reporter", "colleague", "leader", "auditor", "stranger")
    seen = {name: looked_at(client, getattr(people, name), ticket, at) for name in names}
    assert seen == {
        "clerk": 200,
        "reporter": 200,
        "colleague": 200,
        "leader": 403,
        "auditor": 403,
        "stranger": 404,
    }
    client.force_login(people.leader)
    assert "附了一张照片" in client.get(f"{DESK}{ticket.number}/").content.decode()


def test_the_photo_of_one_letter_is_not_found_under_the_number_of_another(desk, people, client):
    other, ticket = letters.received("other"), letters.handling(*desk)
    for one in (other, ticket):
        actions.add(ticket=one, photo=letters.PHOTO, text="看", at=NOW)
    assert looked_at(client, people.reporter, ticket, f"{other.additions.get().pk}/") == 404
    actions.add(ticket=ticket, text="只有字", at=NOW)
    assert looked_at(client, people.reporter, ticket, f"{ticket.additions.last().pk}/") == 404


def test_the_unit_complained_of_gets_no_later_photo_and_no_unit_those_of_merged_ones(
    desk, people, units, client
):
    about = {"kind": "complaint", "about": units["anjianju"]}
    head = letters.accepted(people.supervisor, token="head", **about)
    follower = letters.received("follower", kind="complaint", photo=letters.PHOTO)
    for ticket in (head, follower):
        actions.add(ticket=ticket, photo=letters.PHOTO, at=NOW)
    actions.merge(ticket=follower, into=head.number, by=people.supervisor, at=NOW)
    later = f"{head.additions.get().pk}/"
    assert looked_at(client, people.reporter, head, later) == 404
    actions.assign(
        ticket=head,
        lead=units["anjianju"],
        supporting=[units["jiaoyuju"]],
        by=people.supervisor,
        at=NOW,
    )
    assert looked_at(client, people.reporter, head, later) == 403
    assert "照片" not in client.get(f"{DESK}{head.number}/").content.decode()
    assert {
        looked_at(client, people.reporter, follower, at)
        for at in ("", f"{follower.additions.get().pk}/")
    } == {404}


@pytest.mark.parametrize("by_itself", [False, True])
def test_later_photos_are_deleted_with_the_letter(
    by_itself, people, django_capture_on_commit_callbacks
):
    ticket = letters.received(contact="")
    actions.add(ticket=ticket, photo=letters.PHOTO, at=NOW)
    actions.add(ticket=ticket, text="看这张", photo=SECOND, at=NOW)
    kept = [one.photo for one in ticket.additions.all()]
    names = [(photo.storage, photo.name) for photo in kept]
    with django_capture_on_commit_callbacks(execute=True):
        if by_itself:
            actions.decline(ticket=ticket, reason="不属于受理范围。", by=people.clerk, at=NOW)
            assert actions.forget_contacts(before=LATER, by=PORTAL, at=LATER) == 1
        else:
            actions.withdraw(ticket=ticket, at=NOW)
    assert [storage.exists(name) for storage, name in names] == [False, False]
    left = ticket.additions.get()
    assert (left.text, left.photo.name, left.photo_sha256) == ("看这张", "", "")
    assert ticket.events.filter(verb="add").count() == 2
    assert actions.forget_contacts(before=LATER, by=PORTAL, at=LATER) == 0


def test_an_action_rolled_back_leaves_photo_files_and_rows_as_they_were(people, monkeypatch):
    ticket = letters.received()
    actions.add(ticket=ticket, photo=letters.PHOTO, at=NOW)
    monkeypatch.setattr("feedback.actions.citizen.append", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.withdraw(ticket=ticket, at=NOW)
    with ticket.additions.get().photo.open() as file:
        assert file.read() == letters.PHOTO


def test_photo_files_a_killed_process_left_behind_are_swept_and_no_others(
    settings, tmp_path, monkeypatch
):
    """Its rows were gone and its files not yet;
    one is as young as a letter that is being written.
    """
    settings.MEDIA_ROOT = tmp_path
    assert actions.sweep_photos(before=NOW) == 0
    gone, kept = (
        letters.received("gone", photo=letters.PHOTO),
        letters.received("kept", photo=letters.PHOTO),
    )
    actions.add(ticket=kept, photo=SECOND, at=NOW)
    for file in (tmp_path / "letters").iterdir():
        os.utime(file, (0, 0))
    Ticket.objects.filter(pk=gone.pk).update(photo="", photo_sha256="")
    (tmp_path / "letters/young.jpg").write_bytes(b"")
    assert actions.sweep_photos(before=NOW) == 1
    named = {
        Ticket.objects.get(pk=kept.pk).photo.name,
        kept.additions.get().photo.name,
        "letters/young.jpg",
    }
    assert {f"letters/{file.name}" for file in (tmp_path / "letters").iterdir()} == named


def test_the_writer_gets_each_later_photo_with_the_copy_of_the_own_data():
    ticket = letters.received(photo=letters.PHOTO)
    actions.add(ticket=ticket, photo=SECOND, at=NOW)
    told = own_copy(ticket)
    assert [b64decode(told["照片"]), b64decode(told["补充"][0]["照片"])] == [letters.PHOTO, SECOND]
