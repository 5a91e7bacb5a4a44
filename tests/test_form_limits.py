"""No form takes a text without an end; new forms are found by themselves."""

import inspect

import django_filters
import pytest
from django import forms
from django.contrib import admin
from django.core.validators import MaxLengthValidator

from common.ui.form_fields import LONGEST_NUMBER, LONGEST_TEXT, BoundedForm, NumberField
from common.ui.reference_admin import ReferenceAdmin
from tests.fixtures.our_classes import ours


def test_every_form_limits_its_texts():
    unlimited = {one for one in ours(forms.BaseForm) if not issubclass(one, BoundedForm)}
    assert {one for one in unlimited if not inspect.isabstract(one)} == set()
    assert all(
        isinstance(shown, ReferenceAdmin) and issubclass(shown.form, BoundedForm)
        for shown in admin.site._registry.values()
    )


def test_every_filter_by_words_has_a_limit():
    words = {
        (one.__name__, name): written.extra
        for one in ours(django_filters.FilterSet)
        for name, written in one.base_filters.items()
        if type(written) is django_filters.CharFilter and not issubclass(_form(one), BoundedForm)
    }
    assert [name for name, extra in words.items() if "max_length" not in extra] == []


def _form(filters: type[django_filters.FilterSet]) -> type[forms.BaseForm]:
    return filters._meta.form


class Words(BoundedForm, forms.Form):
    free = forms.CharField()
    short = forms.CharField(max_length=3)
    number = NumberField()


@pytest.mark.parametrize(
    ("name", "longest"), [("free", "字" * LONGEST_TEXT), ("short", "字" * 3), ("number", "9" * 11)]
)
def test_the_longest_text_is_taken_and_one_character_more_is_not(name, longest):
    given = {"free": "字", "short": "字", "number": "1"}
    assert Words(given | {name: longest}).is_valid()
    assert not Words(given | {name: f"{longest}9"}).is_valid()


def test_a_limit_is_told_in_chinese_and_cuts_nothing_off():
    form = Words({"free": "字" * (LONGEST_TEXT + 1), "short": "字", "number": "9" * 9_999})
    assert form.errors["free"] == ["写了20001字，最多20000字，请缩短一些。"]
    assert form.errors["number"] == ["请填写数字，例如 4000 或 12.5。"]
    assert "maxlength" not in str(Words()["free"])
    assert len("9" * 9_999) > LONGEST_NUMBER


def test_the_limit_of_a_form_is_not_added_twice():
    form = Words({"free": "字", "short": "字", "number": "1"})
    form.full_clean()
    form.full_clean()
    limits = [one for one in form.fields["free"].validators if isinstance(one, MaxLengthValidator)]
    assert len(limits) == 1


class Days(BoundedForm, forms.Form):
    day = forms.DateField()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_without_neighbours_is_refused_in_chinese(day):
    assert Days({"day": day}).errors["day"] == ["请填写 1900 年到 2999 年之间的日期。"]


def test_the_first_and_the_last_day_are_taken():
    assert all(Days({"day": day}).is_valid() for day in ("1900-01-01", "2999-12-31"))
