"""Search by plain substring: two Chinese characters are as good as ten."""

import re
from dataclasses import dataclass

from django.urls import reverse

from common.text.folding import fold
from common.ui.chips import Chip
from departments.models import Department
from feedback.models import Ticket
from feedback.read_models.questions import Question, questions
from publishing.read_models.public_status import latest_of, status_chip
from tasks.choices import PassageKind
from tasks.models import Passage, Plan, Task

AROUND, MOST = 40, 50
NOT_SEARCHED = [
    PassageKind.TABLE_MARK,
    PassageKind.SEPARATOR,
    PassageKind.REPEATED_HEAD,
    PassageKind.LABEL,
    PassageKind.PAGE_FURNITURE,
    PassageKind.TASK_TITLE,
]


@dataclass(frozen=True)
class Snippet:
    """A place in official wording: the words before, the words found, the words after."""

    before: str
    found: str
    after: str


@dataclass(frozen=True)
class TaskHit:
    task: Task
    chip: Chip
    snippet: Snippet | None


@dataclass(frozen=True)
class PassageHit:
    """Wording that belongs to no task: an overview, a principle, last year's results."""

    plan: Plan
    passage: Passage
    snippet: Snippet

    @property
    def url(self) -> str:
        return f"{reverse('public:document', args=[self.plan.slug])}#p{self.passage.start}"


@dataclass(frozen=True)
class Results:
    departments: list[Department]
    tasks: list[TaskHit]
    questions: list[Question]
    passages: list[PassageHit]

    def __bool__(self) -> bool:
        return bool(self.departments or self.tasks or self.questions or self.passages)


def search_results(query: str) -> Results:
    """Six queries; at most fifty of each kind."""
    words = fold(query).split()
    if not words:
        return Results([], [], [], [])
    hits = list(_passages(words[0]))
    places: dict[int, Snippet] = {}
    for hit in hits:
        places.setdefault(hit.passage.task_id, hit.snippet)
    loose = [hit for hit in hits if hit.passage.task_id is None and all(word in _folded(hit) for word in words)]
    named = [unit for unit in Department.objects.all() if all(word in _names(unit) for word in words)]
    answers = questions(Ticket.objects.published().matching(query)[:MOST])
    return Results(named[:MOST], _tasks(query, places), answers, loose[:MOST])


def _names(department: Department) -> str:
    return fold(f"{department.short_name} {department.full_name}")


def _tasks(query: str, places: dict[int, Snippet]) -> list[TaskHit]:
    rows = Task.objects.published().matching(query).with_plan().defer("text", "goal")
    tasks = list(rows.order_by("-plan__starts_on", "number")[:MOST])
    latest = latest_of([task.pk for task in tasks])
    return [TaskHit(task, status_chip(task.plan, latest.get(task.pk)), places.get(task.pk)) for task in tasks]


def _passages(word: str):
    plans = {plan.pk: plan for plan in Plan.objects.published().defer("source_bytes")}
    rows = Passage.objects.filter(plan__in=plans).exclude(kind__in=NOT_SEARCHED).order_by("plan", "order")
    for passage in rows:
        plan = plans[passage.plan_id]
        if snippet := snippet_of(plan.source_text[passage.start : passage.end], word):
            yield PassageHit(plan, passage, snippet)


def _folded(hit: PassageHit) -> str:
    return fold(hit.plan.source_text[hit.passage.start : hit.passage.end])


def snippet_of(text: str, word: str) -> Snippet | None:
    """None where the word is not in the text. Full width in print, half width in the query: the opening is shown."""
    if word not in fold(text):
        return None
    place = re.search(re.escape(word), text, re.IGNORECASE)
    if place is None:
        return Snippet("", "", text[: 2 * AROUND])
    start, end = place.span()
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Snippet("…" * (start > AROUND) + before, place[0], after + "…" * (end + AROUND < len(text)))
