"""Questions to the tables of objections and corrections."""

from typing import Self, TypeVar

from django.db import models

from publishing.choices import UPHELD, CorrectionState, ObjectionState
from tasks.querysets import source_document_fields

Rows = TypeVar("Rows", bound=models.QuerySet)


def _with_publication(rows: Rows) -> Rows:
    """With publication, task and plan, without their long texts."""
    heavy = [
        "publication__content",
        "publication__task__search_text",
        *source_document_fields("publication__period__plan"),
    ]
    related = ["publication__task", "publication__period__plan", "department", "decided_by"]
    return rows.select_related(*related).defer(*heavy)


class ObjectionQuerySet(models.QuerySet):
    """Objections by their state."""

    def waiting(self) -> Self:
        """Those that are not decided."""
        return self.filter(state=ObjectionState.FILED)

    def upheld(self) -> Self:
        """Upheld in full or in part, so that a correction follows."""
        return self.filter(state__in=UPHELD)

    def with_related(self) -> Self:
        return _with_publication(self.select_related("filed_by"))


class CorrectionQuerySet(models.QuerySet):
    """Corrections by their state."""

    def waiting(self) -> Self:
        """Those that are neither decided nor withdrawn."""
        return self.filter(state=CorrectionState.PROPOSED)

    def with_related(self) -> Self:
        return _with_publication(self.select_related("proposed_by"))
