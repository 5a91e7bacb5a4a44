"""Pieces the forms share: choices, text fields, and the differences from what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from progress.choices import Pace


def pace_choices(paces: Iterable[str]) -> list[tuple[str, str]]:
    """The choices of a field for these values of `Pace`."""
    return [(pace.value, pace.label) for pace in map(Pace, paces)]


def lines(rows: int = 2) -> dict:
    """The widget argument of a text field with this many rows."""
    return {"widget": forms.Textarea(attrs={"rows": rows})}


def prose(label: str, *, empty: str, rows: int = 4, **kwargs) -> forms.CharField:
    """A required text field; `empty`: the error message when it is left out."""
    return forms.CharField(label=label, error_messages={"required": empty}, **lines(rows), **kwargs)


@dataclass(frozen=True)
class FieldDifference:
    """One field whose typed value differs from the stored one, as texts; `prose`: long ones."""

    label: str
    before: str
    after: str
    prose: bool = False


def differences(form: forms.Form) -> list[FieldDifference]:
    """The fields of a form that were changed, each with its stored and its typed value."""
    names = [
        name for name in form.changed_data if not isinstance(form.fields[name], forms.FileField)
    ]
    return [
        FieldDifference(
            form.fields[name].label or "",
            display_value(form.fields[name], form.initial.get(name)),
            display_value(form.fields[name], form[name].value()),
            prose=isinstance(form.fields[name].widget, forms.Textarea),
        )
        for name in names
        if not form[name].is_hidden
    ]


def display_value(field: forms.Field, value) -> str:
    """The value of a field as text for people."""
    if isinstance(field, forms.BooleanField):
        return "已勾选" if value else "未勾选"
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value or "", "未填写")
    return str(field.prepare_value(value) or "") or "未填写"
