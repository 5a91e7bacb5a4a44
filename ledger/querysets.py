"""Questions to the ledger."""

from django.db import models


class EntryQuerySet(models.QuerySet):
    """Entries by visibility, subject and order."""

    def public(self):
        """Entries that the public ledger shows."""
        return self.filter(visibility="public")

    def about(self, subject_type: str, *subject_ids):
        """Entries on these subjects of one type."""
        return self.filter(
            subject_type=subject_type,
            subject_id__in=[str(subject_id) for subject_id in subject_ids],
        )

    def newest_first(self):
        return self.order_by("-seq")
