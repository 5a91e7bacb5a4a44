"""Calls the action behind a form, and shows the reasons of a refusal in the form."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from common.errors import Refused

Result = TypeVar("Result")


def attempt(form: Form, perform: Callable[[], Result]) -> Result | None:
    """What `perform` returns; None if the form is invalid or the action was refused.

    The reasons of a refusal are then errors of the form.
    """
    if not form.is_valid():
        return None
    try:
        return perform()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None


def succeeds(request: HttpRequest, form: Form, perform: Callable[[], str]) -> bool:
    """Whether the action was carried out; the person then sees the message `perform` returned."""
    message = attempt(form, perform)
    if message is None:
        return False
    messages.success(request, message)
    return True
