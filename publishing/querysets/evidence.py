"""The evidence that the public may download."""

from django.db.models import F, QuerySet

from progress.models import Evidence
from tasks.choices import PUBLIC_STATES


def published_evidence() -> QuerySet[Evidence]:
    """Public files of published reports, as far as they were there when the report was published.

    The files of a report that was not filed or is withheld, or of a plan not public, stay internal.
    """
    return Evidence.objects.filter(
        is_public=True,
        added_at__lte=F("contribution__report__publications__published_at"),
        contribution__report__publications__is_current=True,
        contribution__report__publications__withheld_basis="",
        contribution__report__publications__self_pace__gt="",
        contribution__report__task__plan__state__in=PUBLIC_STATES,
    ).distinct()
