"""Where reminders go: kept by the person or by an administrator,
on record without the address, never in public.
"""

import pytest

from departments.models import User
from ledger.models import Entry
from tests.fixtures.quarter import JULY_2

ACCOUNT = "/staff/account/"


def test_a_person_says_where_reminders_go(client, people):
    client.force_login(people.reporter)
    page = client.post(ACCOUNT, {"email": "chen@unit.example"}, follow=True).content.decode()
    assert "以后的提醒发到 chen@unit.example。" in page
    assert 'value="chen@unit.example"' in page
    assert User.objects.get(username="reporter").email == "chen@unit.example"
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.visibility) == (
        "set_email",
        str(people.reporter.pk),
        "internal",
    )
    assert "unit.example" not in entry.payload


def test_a_person_may_take_the_address_for_reminders_back(client, people):
    User.objects.update(email="chen@unit.example")
    client.force_login(people.reporter)
    assert "以后不再给您发提醒" in client.post(ACCOUNT, {"email": ""}, follow=True).content.decode()
    assert list(User.objects.filter(email="")) == [people.reporter]


def test_half_an_address_is_given_back_to_be_completed(client, people):
    client.force_login(people.reporter)
    page = client.post(ACCOUNT, {"email": "chen@"}).content.decode()
    assert "邮箱写得不完整" in page
    assert 'value="chen@"' in page
    assert not Entry.objects.exists()


@pytest.mark.ignore_template_errors
def test_an_administrator_sets_an_address_for_reminders_and_renames_nobody_by_that(client, people):
    client.force_login(people.administrator)
    form = {
        "name": people.reporter.name,
        "email": "chen@unit.example",
        "memberships-TOTAL_FORMS": 0,
    }
    client.post(
        f"/admin/departments/user/{people.reporter.pk}/change/",
        form | {"memberships-INITIAL_FORMS": 0},
    )
    assert User.objects.get(username="reporter").email == "chen@unit.example"
    assert list(Entry.objects.values_list("verb", flat=True)) == ["set_email"]


@pytest.mark.parametrize(
    "place", ["/tasks/wp2013-18/", "/tasks/wp2013-18/history/", "/quarters/2013-2/", "/ledger/"]
)
def test_no_address_is_shown_in_public(client, office, place):
    User.objects.update(email="chen@unit.example")
    office.verify(office.submit(at=JULY_2))
    office.publish()
    assert "unit.example" not in client.get(place).content.decode()
