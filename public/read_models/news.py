"""What the record says happened to documents and their tasks, with the names a reader knows."""

from dataclasses import dataclass

from django.urls import reverse

from ledger.models import Entry
from public.read_models.ledger import EntryLine, line_of
from tasks.models import Plan, Task


@dataclass(frozen=True)
class News:
    line: EntryLine
    title: str
    url: str


def newest_news(limit: int = 10) -> list[News]:
    """Three queries. What happened to drafts stays out."""
    rows = Entry.objects.public().filter(subject_type__in=["plan", "task"]).newest_first()[: 2 * limit]
    lines = [line_of(row) for row in rows]
    known = _names({line.entry.subject_id for line in lines})
    return [News(line, *known[line.entry.subject_id]) for line in lines if line.entry.subject_id in known][:limit]


def _names(ids: set[str]) -> dict[str, tuple[str, str]]:
    plans = Plan.objects.published().filter(slug__in=ids).values_list("slug", "title")
    tasks = Task.objects.published().filter(code__in=ids).values_list("code", "title")
    return {slug: (title, reverse("public:plan", args=[slug])) for slug, title in plans} | {
        code: (title, reverse("public:task", args=[code])) for code, title in tasks
    }
