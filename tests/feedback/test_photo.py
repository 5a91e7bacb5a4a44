"""A photo from a phone: made small, stripped, kept private,
and never the reason that words are lost.
"""

import re
from base64 import b64decode
from datetime import timedelta

import pytest
from django.core.cache import cache

from common.errors import Refused
from common.files import uploads
from common.files.uploads import check_photo
from common.security.throttling import Throttle
from departments.models import Role
from feedback import actions
from feedback.models import Ticket
from feedback.permissions import can_see_photo
from feedback.read_models.data_export import own_copy
from tests.fixtures import letters
from tests.fixtures.letter_form import CHECK, SEND, answers
from tests.fixtures.people import NOW, PORTAL
from tests.fixtures.photos import (
    REFUSED_PHOTOS,
    carried,
    image_of,
    looked_at,
    taken,
    turned_by_the_phone,
)

pytestmark = pytest.mark.usefixtures("taking_letters")
WORDS = "路灯什么时候修？"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.mark.parametrize(
    ("kind", "size", "kept"), [("JPEG", (2400, 1200), (1600, 800)), ("PNG", (300, 200), (300, 200))]
)
def test_a_large_photo_is_made_small_and_a_small_one_stays(kind, size, kept):
    photo = image_of(check_photo(taken(size, kind, f"a.{kind.lower()}")))
    assert (photo.format, photo.size) == ("JPEG", kept)


def test_a_photo_loses_its_place_and_stays_upright():
    photo = check_photo(taken(exif=turned_by_the_phone()))
    assert b"114.24E" not in photo
    assert not image_of(photo).getexif()
    assert image_of(photo).size == (800, 1600)


def test_a_torn_note_of_the_phone_refuses_no_photo_and_it_is_turned_all_the_same():
    exif = turned_by_the_phone()
    exif[0x0100] = 2400
    torn = exif.tobytes().replace(b"\x01\x00\x00\x04", b"\x01\x00\x00\x02")
    assert torn != exif.tobytes()
    assert image_of(check_photo(taken(exif=torn))).size == (800, 1600)


@pytest.mark.parametrize("case", REFUSED_PHOTOS)
def test_a_file_that_is_no_photo_is_refused_with_what_to_do(case):
    upload, words = REFUSED_PHOTOS[case]
    upload.seek(0)
    with pytest.raises(Refused, match=words):
        check_photo(upload)


def test_fifteen_megabytes_are_taken_and_more_are_not(monkeypatch):
    assert uploads.MAX_PHOTO_BYTES == 15 * 1024**2
    monkeypatch.setattr(uploads, "MAX_PHOTO_BYTES", taken().size)
    assert check_photo(taken())
    monkeypatch.setattr(uploads, "MAX_PHOTO_BYTES", taken().size - 1)
    with pytest.raises(Refused, match="太大"):
        check_photo(taken())


def checked(client, **changes):
    return client.post(CHECK, answers(photo=taken(), **changes))


def test_a_photo_goes_from_check_to_receipt_and_is_kept_under_a_random_name(client):
    page = checked(client)
    assert "附了一张，已缩小到" in page.content.decode()
    client.post(SEND, answers(carried=carried(page)))
    ticket = Ticket.objects.get()
    assert re.fullmatch(r"letters/[0-9a-f]{32}\.jpg", ticket.photo.name)
    with ticket.photo.open() as file:
        assert image_of(file.read()).size == (1600, 800)


def test_another_mistake_loses_no_photo_and_a_bad_photo_loses_no_words(client):
    page = client.post(CHECK, answers(text="", photo=taken()))
    assert "照片已附上，不用再选" in page.content.decode()
    page = client.post(CHECK, answers(carried=carried(page), photo=REFUSED_PHOTOS["a paper"][0]))
    html = page.content.decode()
    assert f"{WORDS}</textarea>" in html
    assert re.search(r'<a href="#id_photo">“a.jpg”不是照片', html)
    assert "照片已附上，不用再选" in html


def test_a_photo_can_be_left_out_again_and_a_forged_one_is_not_kept(client):
    page = checked(client)
    client.post(SEND, answers(carried=carried(page), without="on"))
    client.post(SEND, answers(carried=carried(page)[:-5] + "AAAAA"))
    assert [ticket.photo.name for ticket in Ticket.objects.all()] == ["", ""]


def test_photos_of_one_address_are_throttled(client, monkeypatch):
    monkeypatch.setattr(
        "feedback.pages.throttles.PHOTO_THROTTLE", Throttle("photo", 3600, {"address": 1})
    )
    assert "核对后提交" in checked(client).content.decode()
    page = checked(client).content.decode()
    assert re.search(r'<a href="#id_photo">这里刚才提交的次数太多了', page)
    assert f"{WORDS}</textarea>" in page


def test_only_the_desk_and_the_handling_unit_get_the_photo_as_a_download(client, people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter, photo=letters.PHOTO)
    seen = {
        name: looked_at(client, getattr(people, name), ticket)
        for name in ("clerk", "reporter", "colleague")
    }
    seen |= {
        name: looked_at(client, getattr(people, name), ticket)
        for name in ("leader", "auditor", "stranger")
    }
    assert seen == {
        "clerk": 200,
        "reporter": 200,
        "colleague": 200,
        "leader": 403,
        "auditor": 403,
        "stranger": 404,
    }
    client.force_login(people.clerk)
    response = client.get(f"/staff/feedback/{ticket.number}/photo/")
    assert b"".join(response.streaming_content) == letters.PHOTO
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLERK, Role.REPORTER, Role.SIGNER}))
def test_another_post_in_the_unit_that_handles_the_letter_opens_no_photo(
    role, client, people, units
):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter, photo=letters.PHOTO)
    people.stranger.memberships.update(department=units["anjianju"], role=role)
    assert not can_see_photo(people.stranger, ticket)
    assert looked_at(client, people.stranger, ticket) in {403, 404}


def test_the_unit_complained_of_gets_no_photo_and_hears_of_none(client, people, units):
    about = {"kind": "complaint", "about": units["anjianju"], "photo": letters.PHOTO}
    ticket = letters.accepted(people.supervisor, **about)
    assert looked_at(client, people.reporter, ticket) == 404
    actions.assign(ticket=ticket, lead=units["anjianju"], by=people.supervisor, at=NOW)
    assert looked_at(client, people.reporter, ticket) == 403
    assert "照片" not in client.get(f"/staff/feedback/{ticket.number}/").content.decode()


def test_a_letter_without_a_photo_has_none_and_the_record_keeps_only_a_digest(client, people):
    plain, ticket = letters.received("plain"), letters.received("with", photo=letters.PHOTO)
    assert looked_at(client, people.clerk, plain) == 404
    assert letters.received("with", photo=b"another").photo.name == ticket.photo.name


def test_a_visitor_gets_the_same_answer_about_the_photo_of_every_number(client):
    ticket = letters.received("with", photo=letters.PHOTO)
    answers = [
        client.get(f"/staff/feedback/{number}/photo/")
        for number in (ticket.number, "YT-2013-999999")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (
        len({answer["Location"].replace(ticket.number, "YT-2013-999999") for answer in answers})
        == 1
    )


@pytest.mark.parametrize("by_itself", [False, True])
def test_the_photo_is_deleted_when_its_letter_is_withdrawn_or_long_closed(
    by_itself, people, django_capture_on_commit_callbacks
):
    ticket = letters.received("with", photo=letters.PHOTO)
    name, storage = ticket.photo.name, ticket.photo.storage
    with django_capture_on_commit_callbacks(execute=True):
        if by_itself:
            actions.decline(ticket=ticket, reason="不属于受理范围。", by=people.clerk, at=NOW)
            assert actions.forget_contacts(before=NOW + timedelta(days=1), by=PORTAL, at=NOW) == 1
        else:
            actions.withdraw(ticket=ticket, at=NOW)
    ticket.refresh_from_db()
    assert (ticket.photo.name, ticket.photo_sha256) == ("", "")
    assert not storage.exists(name)
    assert actions.forget_contacts(before=NOW + timedelta(days=1), by=PORTAL, at=NOW) == 0


def test_the_writer_gets_the_photo_with_the_copy_of_the_own_data():
    ticket = letters.received("with", photo=letters.PHOTO)
    assert b64decode(own_copy(ticket)["照片"]) == letters.PHOTO
