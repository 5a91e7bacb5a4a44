"""A withdrawn plan: everybody reads that it was, when and why, and nothing of it anywhere else."""

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from common.errors import Refused
from ledger.models import Entry
from ledger.public_version import read_version
from tasks.actions.plans import withdraw_plan
from tasks.models import Plan
from tests.fixtures.crawl import crawl
from tests.fixtures.site import PUBLIC
from tests.fixtures.site_setting import TODAY

pytestmark = pytest.mark.django_db
REASON = "印发机关已发文废止"
OPENED = [
    "/plans/wp2013/",
    "/plans/wp2013/document/",
    "/plans/wp2013/source.txt",
    "/plans/wp2013/year-end/2013/",
    "/tasks/wp2013-18/",
    "/tasks/wp2013-18/history/",
    "/tasks/wp2013-18/quarters/2013-2/r1/",
    "/tasks/wp2013-18/quarters/2013-2/r1.json",
]


@pytest.fixture(scope="module")
def withdrawn(house, django_db_blocker):
    """The house once its plan is withdrawn, and the public version of before."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(TODAY):
        plan = Plan.objects.get(slug="wp2013")
        before = read_version()
        by = house.people.publisher.actor("publisher")
        withdraw_plan(plan=plan, reason=REASON, by=by, at=TODAY)
        yield before
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", OPENED)
def test_every_address_of_a_withdrawn_plan_says_so_with_day_and_reason(withdrawn, address):
    page = Client().get(address)
    assert page.status_code == 410
    words = page.content.decode()
    assert "这份文件已撤回" in words
    assert REASON in words
    assert "2013年8月6日" in words


def test_nothing_of_a_withdrawn_plan_stands_on_any_other_public_page(withdrawn):
    pages = crawl(Client(), *PUBLIC)
    assert len(pages) > 20
    told = {
        address
        for address, page in pages.items()
        if page.status == 200
        and not address.startswith(("/ledger/", "/static/", "/feedback/", "/api/v1/questions"))
        and "wp2013" in page.text
    }
    # The list of plans leads to the page that says so.
    assert told == {"/plans/"}


def test_the_list_of_plans_keeps_the_withdrawn_one_with_its_reason(withdrawn):
    words = Client().get("/plans/").content.decode()
    assert "已撤回的文件" in words
    assert REASON in words


def test_withdrawing_raises_the_public_version_and_stands_in_the_public_record(withdrawn):
    assert read_version() != withdrawn
    entry = Entry.objects.about("plan", "wp2013").newest_first().first()
    assert (entry.verb, entry.visibility) == ("withdraw_plan", "public")


def test_nobody_withdraws_without_a_reason_or_twice(withdrawn, house):
    plan = Plan.objects.get(slug="wp2013")
    by = house.people.publisher.actor("publisher")
    with pytest.raises(Refused, match="请写明撤回的理由"):
        withdraw_plan(plan=plan, reason=" ", by=by, at=TODAY)
    with pytest.raises(Refused, match="现在的状态不能改为“已撤回”"):
        withdraw_plan(plan=plan, reason=REASON, by=by, at=TODAY)
