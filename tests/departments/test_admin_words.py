"""The reference data room speaks Chinese, also to those who have it read out."""

import re

import pytest

from tests.fixtures.people import PEOPLE

# The framework's own templates ask for variables they may not have.
pytestmark = pytest.mark.ignore_template_errors
# What is said of a thing: text, and the names that a screen reader reads out.
SAID = re.compile(r'>([^<]+)<|(?:title|aria-label|placeholder|alt)="([^"]*)"')
# Names that stand for themselves: of accounts, of formats, and the printed address.
OWN_NAMES = re.compile(r"&\w+;|xlsx|http\S+|" + "|".join(sorted(PEOPLE, key=len, reverse=True)))
ROOMS = ["", "departments/", "tasks/"]
ROOMS += [f"departments/{model}/" for model in ("user", "membership", "department", "calendarday")]


def english_on(client, address: str) -> list[str]:
    html = client.get(f"/admin/{address}").content.decode()
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    said = [OWN_NAMES.sub("", text or name) for text, name in SAID.findall(html)]
    return [words.strip() for words in said if re.search(r"[A-Za-z]{3,}", words)]


@pytest.mark.parametrize("address", [*ROOMS, "departments/user/?q=1"])
def test_no_word_of_the_reference_data_room_is_english(client, people, address):
    client.force_login(people.administrator)
    assert english_on(client, address) == []


def test_what_cannot_be_changed_is_said_in_chinese_too(client, people, white_paper):
    client.force_login(people.administrator)
    assert english_on(client, f"departments/user/{people.reporter.pk}/change/") == []
    client.force_login(people.supervisor)
    target = white_paper.indicator.targets.first()
    assert english_on(client, f"tasks/target/{target.pk}/change/") == []


def test_a_column_of_yes_and_no_can_be_sorted_by(client, people):
    client.force_login(people.administrator)
    page = client.get("/admin/departments/user/").content.decode()
    assert re.search(r'<a href="\?o=4">可登录</a>', page)
