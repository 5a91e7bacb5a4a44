"""The form of one action on a letter, and the fields that several of these forms have."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from common.ui.form_fields import DayField, PlainForm
from departments.models import Department
from feedback.models import Ticket


def words(label: str, missing: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A required field for sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, widget=widget, help_text=help_text, error_messages={"required": missing}
    )


def day(label: str, missing: str, initial: Callable[[], date] | None = None) -> DayField:
    """A required day."""
    return DayField(label=label, error_messages={"required": missing}, initial=initial)


def units() -> QuerySet[Department]:
    """The units there are today."""
    return Department.objects.current()


class ActionForm(PlainForm):
    """What one action asks about one letter.

    `consequence`: what follows, where no field says it.
    """

    consequence = ""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        ticket: Ticket,
        **kwargs: Any,
    ):
        self.ticket = ticket
        super().__init__(
            data, files, initial=self.get_initial() if data is None else None, **kwargs
        )
        self.adapt_fields()

    def get_initial(self) -> dict[str, Any]:
        """The values filled in beforehand."""
        return {}

    def adapt_fields(self) -> None:
        """Adapts the fields to the letter; called at the end of `__init__`."""
