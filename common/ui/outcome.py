"""A form and the action behind it: done, or its reasons beside what was typed."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from common.errors import Refused

Result = TypeVar("Result")


def attempt(form: Form, perform: Callable[[], Result]) -> Result | None:
    """What `perform` returns; None where the form is wrong or the action was refused.

    The reasons of a refusal stand in the form then.
    """
    if not form.is_valid():
        return None
    try:
        return perform()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None


def succeeds(request: HttpRequest, form: Form, perform: Callable[[], str]) -> bool:
    """Whether the action was done; the person reads what `perform` returns."""
    message = attempt(form, perform)
    if message is None:
        return False
    messages.success(request, message)
    return True
