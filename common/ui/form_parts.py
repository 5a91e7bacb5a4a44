"""What the form components ask of Django's bound fields."""

from collections.abc import Iterator
from itertools import chain


def shape_of(bound) -> str:
    """choices (a group with a legend), checkbox (words after the box) or control (words above it)."""
    input_type = getattr(bound.field.widget, "input_type", "")
    if bound.use_fieldset and input_type in {"radio", "checkbox"}:
        return "choices"
    return "checkbox" if input_type == "checkbox" else "control"


def typed_words(posted) -> list[str]:
    """The sentences somebody sent, to be given back where they could not be kept.

    Choices and numbers are soon given again; no password ever goes back.
    """
    values = [value for name, values in posted.lists() if "password" not in name for value in values]
    return [value for value in values if not value.isascii()]


def errors_of(form_or_formset) -> Iterator[tuple[str, str]]:
    """(id of the control or "", wording) in page order."""
    if not hasattr(form_or_formset, "forms"):
        return _form_errors(form_or_formset)
    whole = (("", error) for error in form_or_formset.non_form_errors())
    return chain(whole, *map(_form_errors, form_or_formset.forms))


def _form_errors(form):
    yield from (("", error) for error in form.non_field_errors())
    for bound in form:
        yield from ((control_id(bound), error) for error in bound.errors)


def control_id(bound) -> str:
    """Radios and checkbox lists number their controls; an error link goes to the first."""
    return f"{bound.auto_id}_0" if shape_of(bound) == "choices" else bound.auto_id
