"""Person by table of reference data: who looks, who adds, who changes;
nobody deletes and nobody else comes in.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.fixtures.site import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
KEEPERS, SUPERVISORS = {"administrator"}, {"supervisor"}
BOTH, NOBODY = KEEPERS | SUPERVISORS, set()
PEOPLE = ["reporter", "supervisor", "publisher", "clerk", "leader", "auditor", "administrator"]

# Table -> (who looks, who adds, who changes).
TABLE = {
    "departments.Department": (BOTH, KEEPERS, KEEPERS),
    "departments.User": (KEEPERS, KEEPERS, KEEPERS),
    "departments.Membership": (KEEPERS, KEEPERS, NOBODY),
    "departments.CalendarDay": (BOTH, KEEPERS, NOBODY),
    "tasks.Plan": (BOTH, NOBODY, SUPERVISORS),
    "tasks.Task": (BOTH, NOBODY, SUPERVISORS),
    "tasks.Responsibility": (BOTH, SUPERVISORS, NOBODY),
    "tasks.Section": (BOTH, NOBODY, KEEPERS),
    "tasks.Milestone": (BOTH, NOBODY, NOBODY),
    "tasks.Commitment": (BOTH, NOBODY, NOBODY),
    "tasks.Indicator": (BOTH, NOBODY, NOBODY),
    "tasks.Target": (BOTH, NOBODY, NOBODY),
    "tasks.Passage": (BOTH, NOBODY, NOBODY),
    "tasks.ChangeRequest": (BOTH, NOBODY, NOBODY),
}


def at(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def let_in(house, address: str) -> set[str]:
    return {person for person in PEOPLE if signed_in(house, person).get(address).status_code == 200}


def test_every_model_of_the_reference_data_has_its_row_in_the_table():
    assert {model._meta.label for model in admin.site._registry} == TABLE.keys()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_who_may_view_add_and_change_each_model_of_the_reference_data(model, house):
    looks, adds, changes = TABLE[model._meta.label]
    row = model._default_manager.order_by("pk").first()
    assert let_in(house, at(model, "changelist")) == looks
    assert let_in(house, at(model, "add")) == adds
    assert let_in(house, at(model, "change", row.pk)) == looks
    assert let_in(house, at(model, "delete", row.pk)) == NOBODY
    saved = {
        person for person in PEOPLE if offers_saving(house, person, at(model, "change", row.pk))
    }
    assert saved == changes


def offers_saving(house, person: str, address: str) -> bool:
    page = signed_in(house, person).get(address)
    return page.status_code == 200 and 'name="_save"' in page.content.decode()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_a_forged_form_of_the_reference_data_changes_nothing(model, house):
    _, adds, changes = TABLE[model._meta.label]
    before = rows_of(model)
    row = model._default_manager.order_by("pk").first()
    made_up = {field.name: "x" for field in model._meta.concrete_fields}
    for person in PEOPLE:
        client = signed_in(house, person)
        tried = [at(model, "delete", row.pk)]
        tried += [at(model, "add")] if person not in adds else []
        tried += [at(model, "change", row.pk)] if person not in changes else []
        assert {
            client.post(address, made_up | {"post": "yes"}).status_code for address in tried
        } <= {302, 403}
    mass = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    signed_in(house, "administrator").post(at(model, "changelist"), mass)
    assert rows_of(model) == before


def rows_of(model) -> set[tuple]:
    """But for the moment of the last sign-in, which the test itself moves."""
    names = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
    return set(model._default_manager.values_list(*names))
