"""Facts about bound fields and forms that the form components and error pages need."""

from collections.abc import Iterator
from itertools import chain

from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict


def shape_of(bound: BoundField) -> str:
    """How a field is drawn.

    "choices": a group with a legend; "checkbox": label after the box; "control": label above it.
    """
    input_type = getattr(bound.field.widget, "input_type", "")
    if bound.use_fieldset and input_type in {"radio", "checkbox"}:
        return "choices"
    return "checkbox" if input_type == "checkbox" else "control"


def typed_words(posted: QueryDict) -> list[str]:
    """The Chinese texts of a form that could not be saved, to show them to the person again.

    Choices and numbers are quickly entered again; a password is never shown.
    """
    shown = (values for name, values in posted.lists() if "password" not in name)
    return [value for value in chain.from_iterable(shown) if not value.isascii()]


def errors_of(form_or_formset: BaseForm | BaseFormSet) -> Iterator[tuple[str, str]]:
    """Errors in page order as (id of the control or "", message)."""
    if isinstance(form_or_formset, BaseForm):
        return _form_errors(form_or_formset)
    formset_errors = (("", str(error)) for error in form_or_formset.non_form_errors())
    return chain(formset_errors, *map(_form_errors, form_or_formset.forms))


def _form_errors(form: BaseForm) -> Iterator[tuple[str, str]]:
    yield from (("", str(error)) for error in form.non_field_errors())
    for bound in form:
        yield from ((control_id(bound), str(error)) for error in bound.errors)


def control_id(bound: BoundField) -> str:
    """The id an error links to: in a group of radios or checkboxes that of the first one."""
    return f"{bound.auto_id}_0" if shape_of(bound) == "choices" else bound.auto_id
