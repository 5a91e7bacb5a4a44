"""What people type: long words lose nothing,
number and code are read however they were written down.
"""

import pytest
from django.core.cache import cache

from common.security.crypto import in_fours
from common.security.throttling import Throttle
from feedback.forms.submission import LetterForm
from feedback.forms.tracking import ReopenForm, SupplementForm, plain_number
from feedback.models import Ticket
from tests.fixtures import letters
from tests.fixtures.letter_form import solved

pytestmark = pytest.mark.django_db
TRACK = "/feedback/track/"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def ticket() -> Ticket:
    return letters.received()


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else "　" for sign in text)


def tried(client, number: str, code: str, **more) -> str:
    return client.post(TRACK, {"number": number, "code": code} | more).content.decode()


LONG = [(LetterForm, "text"), (SupplementForm, "text"), (ReopenForm, "reason")]


@pytest.mark.parametrize(("form", "name"), LONG)
def test_whatever_is_written_at_length_has_one_limit_and_one_warning(form, name):
    assert form()[name].help_text.startswith("请不要写身份证号、银行卡号、病情。最多2000字。")
    assert "maxlength" not in str(form()[name]), "a browser would cut what is pasted and not say so"
    typed = form({name: "长" * 2001})
    assert typed.errors[name] == ["写了2001字，最多2000字，请缩短一些。"]
    assert "长" * 2001 in str(typed[name])


@pytest.mark.parametrize(("form", "name"), LONG)
def test_a_new_line_counts_once_as_people_count_it(form, name):
    assert name not in form({name: "字\r\n" * 999 + "字字"}).errors


@pytest.mark.parametrize(
    "typed",
    [
        "YT-2013-000001",
        "yt 2013 000001",
        "YT2013000001",
        "2013-1",
        "ＹＴ－２０１３－０００００１",
        "YT—2013—000001",
    ],
)
def test_a_number_is_known_however_it_was_written_down(typed, client, ticket):
    assert plain_number(typed) == ticket.number == "YT-2013-000001"
    assert letters.WORDS in tried(client, typed, ticket.query_code)


@pytest.mark.parametrize(
    "typed", ["", "公厕", "YT-2013", "OTHER-2013-000001", "YT-2013-00000000000000000001"]
)
def test_typed_words_that_are_no_letter_number_stay_as_they_are(typed):
    assert plain_number(typed) == typed


@pytest.mark.parametrize(
    "written", [str.lower, full_width, in_fours, lambda code: "-".join(code), " {}。".format]
)
def test_a_code_is_known_however_it_was_written_down(written, client, ticket):
    assert letters.WORDS in tried(client, ticket.number, written(ticket.query_code))


def test_tries_on_one_number_count_together_however_it_is_spelled(client, ticket, monkeypatch):
    monkeypatch.setattr(
        "feedback.pages.throttles.TRACK_THROTTLE", Throttle("track", 900, {}, {"number": 3})
    )
    spelled = (ticket.number, ticket.number.lower(), "2013-1", full_width(ticket.number))
    assert ["请算一算" in tried(client, number, "A" * 16) for number in spelled] == [False] * 3 + [
        True
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [("ABCD EFGH", "查询码是16个字母和数字，这里有8个"), ("0" * 16, "查询码里没有0、1和字母O、I")],
)
def test_a_malformed_code_gets_the_same_answer_for_every_number(code, words, client, ticket):
    for number in (ticket.number, "YT-2013-999999"):
        assert words in tried(client, number, code)


def test_a_code_of_the_wrong_length_does_not_use_up_a_solved_sum(client, ticket, monkeypatch):
    """The sum that was solved with it is spent, so the page asks another one."""
    monkeypatch.setattr(
        "feedback.pages.throttles.TRACK_THROTTLE", Throttle("track", 900, {}, {"address": 1})
    )
    tried(client, ticket.number, "A" * 16)
    page = client.post(TRACK, {"number": ticket.number, "code": "ABC"} | solved(client.get(TRACK)))
    assert letters.WORDS in tried(client, ticket.number, ticket.query_code, **solved(page))
