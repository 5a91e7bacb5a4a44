"""Pieces the forms share: choices, text fields, and the differences from what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from django import forms
from django.db import models
from django.forms.widgets import ChoiceWidget

from progress.choices import Pace


def pace_choices(paces: Iterable[str]) -> list[tuple[str, str]]:
    """The choices of a field for these values of `Pace`."""
    return [(pace.value, pace.label) for pace in map(Pace, paces)]


def choices_of(field: forms.Field) -> dict[str, str]:
    """Value -> label of a field with choices; empty for any other field."""
    if not isinstance(field.widget, ChoiceWidget):
        return {}
    return {str(value): str(label) for value, label in field.widget.choices}


def column_label(model: type[models.Model], name: str) -> str:
    """The Chinese name of a column, as a form labels it."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field), f"{name} is a relation from another table"
    return str(column.verbose_name)


class Lines(TypedDict):
    """The arguments of a text field that make it a box of several lines."""

    widget: forms.Textarea


def lines(rows: int = 2) -> Lines:
    """The widget argument of a text field with this many rows."""
    return {"widget": forms.Textarea(attrs={"rows": rows})}


def prose(label: str, *, empty: str, rows: int = 4, help_text: str = "") -> forms.CharField:
    """A required text field; `empty`: the error message when it is left out."""
    return forms.CharField(
        label=label, error_messages={"required": empty}, help_text=help_text, **lines(rows)
    )


@dataclass(frozen=True)
class FieldDifference:
    """One field whose typed value differs from the stored one, as texts; `prose`: long ones."""

    label: str
    before: str
    after: str
    prose: bool = False


def differences(form: forms.Form) -> list[FieldDifference]:
    """The fields of a form that were changed, each with its stored and its typed value."""
    changed = (form[name] for name in form.changed_data)
    return [
        _difference(form, bound)
        for bound in changed
        if not (bound.is_hidden or isinstance(bound.field, forms.FileField))
    ]


def _difference(form: forms.Form, bound: forms.BoundField) -> FieldDifference:
    return FieldDifference(
        str(bound.field.label or ""),
        display_value(bound.field, form.initial.get(bound.name)),
        display_value(bound.field, bound.value()),
        prose=isinstance(bound.field.widget, forms.Textarea),
    )


def display_value(field: forms.Field, value: object) -> str:
    """The value of a field as text for people."""
    if isinstance(field, forms.BooleanField):
        return "已勾选" if value else "未勾选"
    if isinstance(field, forms.ChoiceField):
        return choices_of(field).get(str(value or ""), "未填写")
    return str(field.prepare_value(value) or "") or "未填写"
