"""Facts about bound fields and forms that the form components and error pages need."""

from collections.abc import Iterator
from itertools import chain


def shape_of(bound) -> str:
    """How a field is drawn.

    "choices": a group with a legend; "checkbox": label after the box; "control": label above it.
    """
    input_type = getattr(bound.field.widget, "input_type", "")
    if bound.use_fieldset and input_type in {"radio", "checkbox"}:
        return "choices"
    return "checkbox" if input_type == "checkbox" else "control"


def typed_words(posted) -> list[str]:
    """The Chinese texts of a form that could not be saved, to show them to the person again.

    Choices and numbers are quickly entered again; a password is never shown.
    """
    values = [
        value for name, values in posted.lists() if "password" not in name for value in values
    ]
    return [value for value in values if not value.isascii()]


def errors_of(form_or_formset) -> Iterator[tuple[str, str]]:
    """Errors in page order as (id of the control or "", message)."""
    if not hasattr(form_or_formset, "forms"):
        return _form_errors(form_or_formset)
    formset_errors = (("", error) for error in form_or_formset.non_form_errors())
    return chain(formset_errors, *map(_form_errors, form_or_formset.forms))


def _form_errors(form):
    yield from (("", error) for error in form.non_field_errors())
    for bound in form:
        yield from ((control_id(bound), error) for error in bound.errors)


def control_id(bound) -> str:
    """The id an error links to: in a group of radios or checkboxes that of the first one."""
    return f"{bound.auto_id}_0" if shape_of(bound) == "choices" else bound.auto_id
