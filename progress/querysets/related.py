"""The related rows that lists about a task and a period name."""

from typing import TypeVar

from django.db.models import QuerySet

from tasks.querysets import source_document_fields

Rows = TypeVar("Rows", bound=QuerySet)


def with_related(rows: Rows) -> Rows:
    """A queryset of rows with a task and a period, with both and the plan, but no long texts."""
    return rows.select_related("task", "period__plan").defer(
        *source_document_fields("period__plan"), "task__search_text"
    )
