"""Rows chosen by lists of numbers that anybody can type."""

import pytest

from departments.models import Department
from tasks.forms import ConfirmForm

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TOO_LARGE = [2**63, 10**400, -(10**30)]


def test_a_number_that_no_row_can_have_is_in_no_row(units):
    pk = units["anjianju"].pk
    assert list(
        Department.objects.filter(pk__in=[pk, *TOO_LARGE]).values_list("pk", flat=True)
    ) == [pk]
    assert not Department.objects.filter(pk__in=TOO_LARGE).exists()
    assert Department.objects.exclude(pk__in=TOO_LARGE).count() == len(units)


@pytest.mark.parametrize("number", TOO_LARGE)
def test_a_choice_of_rows_refuses_such_a_number_in_words(db, number):
    form = ConfirmForm({"tasks": [str(number)]})
    assert form.errors["tasks"] == ["有的任务已由别人指定，请刷新页面再选。"]
