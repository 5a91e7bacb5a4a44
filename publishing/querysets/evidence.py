from django.db.models import F, QuerySet

from progress.models import Evidence


def published_evidence() -> QuerySet[Evidence]:
    """Files marked public that were there when their report was published: a draft behind 未报送 stays private."""
    return Evidence.objects.filter(
        is_public=True,
        added_at__lte=F("contribution__report__publications__published_at"),
        contribution__report__publications__is_current=True,
        contribution__report__publications__withheld_basis="",
        contribution__report__publications__self_pace__gt="",
    ).distinct()
