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


@pytest.mark.parametrize("address", [*ROOMS, "departments/user/?q=1"])
def test_no_word_of_the_reference_data_room_is_english(client, people, address):
    client.force_login(people.administrator)
    html = client.get(f"/admin/{address}").content.decode()
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    said = [OWN_NAMES.sub("", text or name) for text, name in SAID.findall(html)]
    assert [words.strip() for words in said if re.search(r"[A-Za-z]{3,}", words)] == []
