"""One letter among all: by its number, state, kind or unit, in whatever the person may see;
never by its words.
"""

import pytest

from tests.fixtures import letters

pytestmark = [pytest.mark.both, pytest.mark.django_db]
ALL = "/staff/feedback/all/"


@pytest.fixture
def four(people, units):
    """In the order of their numbers: a complaint about the clerk's own unit,
    and one letter with each of two units.
    """
    letters.accepted(people.supervisor, kind="complaint", about=units["qufuban"], token="a")
    letters.received("b")
    letters.assigned(people.clerk, units["anjianju"], token="c", kind="suggestion")
    letters.handling(people.clerk, units["jiaoyuju"], people.stranger, token="d")


def found(client, who, **asked) -> list[int]:
    client.force_login(who)
    response = client.get(ALL, asked)
    assert response.status_code == 200
    return sorted(int(row.number[-6:]) for row in response.context["rows"])


@pytest.mark.parametrize(
    "read_out", ["3", "000003", "yt-2013-000003", "ＹＴ－2013－000003", " YT-2013- 000003 "]
)
def test_a_number_read_out_finds_its_letter_however_it_is_typed(read_out, four, people, client):
    assert found(client, people.auditor, number=read_out) == [3]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"status": "handling"}, [4]),
        ({"kind": "suggestion"}, [3]),
        ({"department": "anjianju"}, [3]),
        ({"kind": "enquiry", "status": "received"}, [2]),
        ({"kind": "enquiry", "department": "anjianju"}, []),
        ({}, [1, 2, 3, 4]),
    ],
)
def test_state_kind_and_unit_narrow_down_the_list_of_letters(asked, numbers, four, people, client):
    assert found(client, people.auditor, **asked) == numbers


def test_nobody_finds_a_letter_they_may_not_see(four, people, client):
    assert found(client, people.clerk, number="000001") == []
    assert found(client, people.reporter) == [3]
    assert found(client, people.reporter, number="000004") == []


def test_only_units_with_a_letter_in_sight_are_offered(four, people, client):
    client.force_login(people.reporter)
    page = client.get(ALL, {"department": "jiaoyuju"}).content.decode()
    assert '<option value="anjianju">' in page
    assert '<option value="jiaoyuju"' not in page
    assert "没有“jiaoyuju”这个选项" in page


@pytest.mark.parametrize("word", ["打不通", letters.PHONE, "林一"])
def test_the_words_of_a_letter_find_nothing(word, four, people, client):
    assert found(client, people.clerk, number=word) == []
    assert found(client, people.clerk, q=word) == found(client, people.clerk)


def test_a_search_without_a_match_says_so_and_the_desk_leads_to_the_search(four, people, client):
    client.force_login(people.clerk)
    assert "没有符合条件的诉求" in client.get(ALL, {"number": "999"}).content.decode()
    assert f'action="{ALL}"' in client.get("/staff/feedback/").content.decode()
