"""The lists of the reference data ask as many questions however many rows there are."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.fixtures import reference_rows

# The framework's own templates ask for variables they may not have.
pytestmark = pytest.mark.ignore_template_errors
REGISTERED = [pytest.param(model, id=model._meta.label) for model in admin.site._registry]


def test_every_list_of_the_reference_data_is_tried_in_this_module():
    assert len(REGISTERED) == 14


@pytest.mark.parametrize("model", REGISTERED)
def test_a_list_asks_as_many_questions_for_twelve_rows_as_for_two(
    model, client, people, white_paper
):
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")

    client.force_login(people.administrator)

    def questions() -> tuple[int, int]:
        """How many rows the list has, and how many questions it asked."""
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        assert page.status_code == 200
        return page.context["cl"].result_count, len(asked)

    reference_rows.grow(white_paper, range(2))
    questions()
    few, for_few = questions()
    reference_rows.grow(white_paper, range(2, 12))
    many, for_many = questions()
    assert many >= few + 10
    assert for_many == for_few <= 14
