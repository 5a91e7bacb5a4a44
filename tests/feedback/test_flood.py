"""No flood and no guessing, without pictures and without anybody else's service;
nothing typed is ever lost.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from common.security.throttling import Throttle
from feedback.forms.parts import new_token, summands
from feedback.models import Ticket
from feedback.pages import throttles
from tests.fixtures import letters
from tests.fixtures.letter_form import solved

pytestmark = pytest.mark.usefixtures("taking_letters")
NEW, TRACK = "/feedback/new/", "/feedback/track/"
CHECK, SEND = f"{NEW}check/", f"{NEW}send/"
WORDS = "路灯什么时候修？"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def strict(monkeypatch):
    """Two letters in peace, a sum from the third on, none after the fourth."""
    throttle = Throttle("letter", 3600, most={"address": 4}, challenge_after={"address": 2})
    monkeypatch.setattr("feedback.pages.throttles.SUBMIT_THROTTLE", throttle)


def letter(**changes) -> dict:
    return {"token": new_token(), "kind": "enquiry", "text": WORDS} | changes


def test_after_many_letters_a_sum_is_asked_and_a_solved_one_lets_the_letter_through(client, strict):
    assert [client.post(SEND, letter()).status_code for _ in range(2)] == [302, 302]
    page = client.post(SEND, letter())
    assert "请把这道题的得数写上。" in page.content.decode()
    assert f"{WORDS}</textarea>" in page.content.decode()
    assert client.post(SEND, letter(**solved(page))).status_code == 302
    assert Ticket.objects.count() == 3


def test_the_sum_stands_on_the_page_from_the_beginning_and_survives_checking(client, strict):
    for _ in range(2):
        client.post(SEND, letter())
    check = client.post(CHECK, letter(**solved(client.get(NEW))))
    carried = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', check.content.decode())
    )
    assert client.post(SEND, carried | {"text": WORDS}).status_code == 302


def test_a_wrong_answer_is_said_and_a_full_width_one_is_read(client, strict):
    for _ in range(2):
        client.post(SEND, letter())
    token = new_token()
    right = str(sum(summands(token)))
    assert (
        "得数不对，请再算一次。"
        in client.post(SEND, letter(token=token, answer="99")).content.decode()
    )
    wide = right.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
    assert client.post(SEND, letter(token=token, answer=f" {wide} ")).status_code == 302


@pytest.mark.parametrize(("telephone", "said"), [("0755-12345678", True), ("", False)])
def test_the_page_names_a_way_to_write_without_solving_a_sum(
    telephone, said, client, strict, settings
):
    settings.SITE = settings.SITE | {"telephone": telephone}
    # Only a demonstration takes letters without one.
    settings.DEMO = not telephone
    for _ in range(2):
        client.post(SEND, letter())
    page = client.get(NEW).content.decode()
    assert "不方便算的，过60分钟再来就不用算" in page
    assert ("也可以打0755-12345678请工作人员代办" in page) == said


def test_the_limit_of_letters_says_when_to_try_again_loses_no_words_and_ends(client, strict):
    for _ in range(2):
        client.post(SEND, letter())
    for _ in range(2):
        client.post(SEND, letter(**solved(client.get(NEW))))
    page = client.post(CHECK, letter(**solved(client.get(NEW)), location="海景路"))
    assert page.status_code == 429
    assert "请过60分钟再试。写的内容还在。" in page.content.decode()
    assert f"{WORDS}</textarea>" in page.content.decode()
    assert "海景路" in page.content.decode()
    assert client.post(SEND, letter(), REMOTE_ADDR="10.0.0.9").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.post(SEND, letter()).status_code == 302


def test_what_a_caller_claims_about_the_own_address_counts_only_from_our_proxy(
    client, strict, settings
):
    def sent(n):
        return client.post(SEND, letter(), headers={"x-forwarded-for": f"10.0.{n}.1"}).status_code

    settings.TRUSTED_PROXY_HOPS = 0
    assert [sent(n) for n in range(3)] == [302, 302, 200]
    settings.TRUSTED_PROXY_HOPS = 1
    assert [sent(n) for n in range(3)] == [302, 302, 302]


def test_letters_from_two_hundred_addresses_are_not_throttled(client):
    sent = [client.post(SEND, letter(), REMOTE_ADDR=f"10.{n}.0.1").status_code for n in range(200)]
    assert set(sent) == {302}


def test_whoever_sends_at_once_is_asked_to_wait_a_moment_and_may_then(client, settings):
    settings.LETTER_SECONDS = 3
    given = letter()
    page = client.post(SEND, given).content.decode()
    assert "请等几秒再按一次按钮。" in page
    assert f"{WORDS}</textarea>" in page
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        assert client.post(SEND, given).status_code == 302


def test_whoever_has_signed_in_is_not_taken_for_a_machine(client, settings, people):
    settings.LETTER_SECONDS = 3
    client.force_login(people.reporter)
    assert client.post(SEND, letter()).status_code == 302


def test_the_hidden_field_for_robots_is_shown_to_a_person_who_filled_it_in(client):
    assert re.search(
        r'class="unseen" aria-hidden="true">\s*<label for="id_website"',
        client.get(NEW).content.decode(),
    )
    page = client.post(SEND, letter(website="http://x")).content.decode()
    assert '<a href="#id_website">有一栏应当留空' in page
    assert re.search(r"<label[^>]*>这一栏请留空", page)
    assert not re.search(r'<input[^>]*name="website"[^>]*tabindex', page)


@pytest.mark.parametrize(
    ("cookie", "said"), [(None, "没有接收本站的小文件"), ("stale", "停留得太久了")]
)
def test_without_cookies_the_page_explains_itself_and_gives_the_words_back(cookie, said):
    browser = Client(enforce_csrf_checks=True)
    if cookie:
        browser.cookies["csrftoken"] = "a" * 32
    page = browser.post(SEND, letter())
    assert page.status_code == 403
    assert said in page.content.decode()
    assert WORDS in page.content.decode()


def test_one_letter_takes_no_endless_additions_and_says_so(client, monkeypatch):
    monkeypatch.setattr(
        "feedback.pages.throttles.ACTION_THROTTLE", Throttle("action", 3600, most={"number": 2})
    )
    ticket = letters.received(at=timezone.now())
    right = {"number": ticket.number, "code": ticket.query_code}
    handed_out = client.post(TRACK, right).context["pass"]
    for n in range(3):
        page = client.post(
            f"{TRACK}add/", {"pass": handed_out, "text": f"补充{n}"}, REMOTE_ADDR=f"10.{n}.0.1"
        )
    assert ticket.additions.count() == 2
    assert "请过60分钟再试。" in page.content.decode()
    assert "补充2</textarea>" in page.content.decode()
    assert (
        throttles.ACTION_THROTTLE.wait(throttles.callers_of(page.wsgi_request, "another"), 0) == 0
    )
