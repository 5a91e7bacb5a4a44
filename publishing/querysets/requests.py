from django.db import models

from publishing.choices import UPHELD, CorrectionState, ObjectionState
from tasks.querysets import source_document_fields


def _with_publication(rows):
    """With the publication, its task and plan, as far as a list names them."""
    heavy = [
        "publication__content",
        "publication__task__search_text",
        *source_document_fields("publication__period__plan"),
    ]
    places = ["publication__task", "publication__period__plan", "department", "decided_by"]
    return rows.select_related(*places).defer(*heavy)


class ObjectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=ObjectionState.FILED)

    def upheld(self):
        """In full or in part: a correction follows."""
        return self.filter(state__in=UPHELD)

    def with_related(self):
        return _with_publication(self.select_related("filed_by"))


class CorrectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=CorrectionState.PROPOSED)

    def with_related(self):
        return _with_publication(self.select_related("proposed_by"))
