"""Questions to the ledger."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from ledger.models import Entry


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries by visibility, subject and order."""

    def public(self) -> Self:
        """Entries that the public ledger shows."""
        return self.filter(visibility="public")

    def about(self, subject_type: str, *subject_ids: str | int) -> Self:
        """Entries on these subjects of one type."""
        return self.filter(
            subject_type=subject_type,
            subject_id__in=[str(subject_id) for subject_id in subject_ids],
        )

    def newest_first(self) -> Self:
        return self.order_by("-seq")
