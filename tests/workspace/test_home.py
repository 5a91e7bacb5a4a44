"""今天要做的: each line says what is missing and is one click from its form,
the soonest due first, nothing above.
"""

import re
from copy import copy
from datetime import date

import pytest

from tests.fixtures import letters
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from workspace.read_models.work_items import work_items_for

pytestmark = pytest.mark.both

TODAY = JULY_2.date()


@pytest.fixture
def desk(client, office):
    """A reporter with two open quarters and a letter."""
    later = copy(office.period)
    later.pk, later.index, later.due_on = None, 3, date(2013, 7, 10)
    later.save(force_insert=True)
    letters.assigned(office.people.clerk, office.units["anjianju"])
    client.force_login(office.people.reporter)
    return client


def main_of(client) -> str:
    return source_of(client.get("/staff/")).split("<main", 1)[1].split("</main>")[0]


def test_a_report_not_begun_says_how_much_is_asked(office):
    assert (
        work_items_for(office.people.reporter, TODAY)[0].missing
        == "未开始，要填：2 条自评、1 项数据、进展情况"
    )
    office.save()
    assert work_items_for(office.people.reporter, TODAY)[0].missing == "已填完，可以报送"


def test_each_line_of_the_workspace_says_what_is_missing(desk):
    missing = re.findall(r'<p class="todo__missing">(.*?)</p>', main_of(desk))
    assert len(missing) == 3
    assert all(words.startswith(("未开始，要填：", "还差：")) for words in missing)


def test_each_line_of_the_workspace_is_one_click_from_its_form(desk):
    addresses = set(re.findall(r'<a class="button button--plain" href="(.*?)">', main_of(desk)))
    assert len(addresses) == 3
    for address in addresses:
        assert '<form class="form"' in desk.get(address).content.decode().split("<main", 1)[1]


def test_the_work_item_due_soonest_comes_first(desk):
    days = re.findall(r'<span class="todo__due">(\d+)年(\d+)月(\d+)日', main_of(desk))
    assert days == sorted(days, key=lambda day: list(map(int, day)))
    assert len(set(days)) == 3


def test_nothing_but_the_heading_stands_above_the_first_line_of_the_workspace(desk):
    above = main_of(desk).split('<ul class="todo">')[0]
    assert re.sub(r"<.*?>", "", above.split(">", 1)[1], flags=re.DOTALL).split() == ["今天要做的"]
