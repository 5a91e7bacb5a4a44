"""What the forms of a quarter share."""

from dataclasses import dataclass

from django import forms

from progress.choices import Pace


def words(values) -> list[tuple[str, str]]:
    return [(pace.value, pace.label) for pace in map(Pace, values)]


def lines(rows: int = 2) -> dict:
    return {"widget": forms.Textarea(attrs={"rows": rows})}


def prose(label: str, *, empty: str, rows: int = 4, **kwargs) -> forms.CharField:
    """Words that may not be left out; `empty` says so."""
    return forms.CharField(label=label, error_messages={"required": empty}, **lines(rows), **kwargs)


@dataclass(frozen=True)
class FieldDifference:
    label: str
    before: str
    after: str
    prose: bool = False


def differences(form: forms.Form) -> list[FieldDifference]:
    """What was typed against what is stored, field by field, for people to read."""
    names = [name for name in form.changed_data if not isinstance(form.fields[name], forms.FileField)]
    return [
        FieldDifference(
            form.fields[name].label or "",
            shown(form.fields[name], form.initial.get(name)),
            shown_typed(form[name]),
            prose=isinstance(form.fields[name].widget, forms.Textarea),
        )
        for name in names
        if not form[name].is_hidden
    ]


def shown_typed(bound: forms.BoundField) -> str:
    return shown(bound.field, bound.value())


def shown(field: forms.Field, value) -> str:
    if isinstance(field, forms.BooleanField):
        return "已勾选" if value else "未勾选"
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value or "", "未填写")
    return str(field.prepare_value(value) or "") or "未填写"
