"""The newest ledger entries about documents and tasks, with titles and addresses."""

from dataclasses import dataclass

from django.urls import reverse

from ledger.models import Entry
from public.read_models.ledger import EntryLine, entry_line
from tasks.models import Plan, Task


@dataclass(frozen=True)
class News:
    """One ledger entry with the title and address of the document or task it is about."""

    line: EntryLine
    title: str
    url: str


def newest_news(limit: int = 10) -> list[News]:
    """The newest entries about published documents and their tasks, but for those of our own plain
    words, which change nothing that was promised or done. Three queries.
    """
    entries = Entry.objects.public().filter(subject_type__in=["plan", "task"])
    rows = entries.exclude(verb="save_summary").newest_first()[: 2 * limit]
    lines = [entry_line(row) for row in rows]
    titles = _titles({line.entry.subject_id for line in lines})
    return [
        News(line, *titles[line.entry.subject_id])
        for line in lines
        if line.entry.subject_id in titles
    ][:limit]


def _titles(ids: set[str]) -> dict[str, tuple[str, str]]:
    plans = Plan.objects.published().filter(slug__in=ids).values_list("slug", "title")
    tasks = Task.objects.published().filter(code__in=ids).only("code", "plain_name", "title")
    return {slug: (title, reverse("public:plan", args=[slug])) for slug, title in plans} | {
        task.code: (task.name, task.get_absolute_url()) for task in tasks
    }
