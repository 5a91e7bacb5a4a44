"""The search page: plain substrings, so that two Chinese characters suffice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from common.text.folding import fold, search_words
from common.ui.chips import Chip
from departments.models import Department
from feedback.models import Ticket
from feedback.read_models.questions import Question, questions
from publishing.read_models.headlines import headlines_of
from tasks.choices import PassageKind
from tasks.models import Passage, Plan, Task

CONTEXT_LENGTH, MOST_RESULTS = 40, 50
# Straight quotation marks, as keyboards have them, or those that are printed.
QUOTED = re.compile(r"[\"“]([^\"“”]{1,60})[\"”]")
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
    """An excerpt of official wording: the match, with the text before and after it."""

    before: str
    match: str
    after: str


@dataclass(frozen=True)
class TaskHit:
    """A task that matches, with an excerpt where its wording does."""

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
class SearchResults:
    """All that matches a query, by kind."""

    departments: list[Department]
    tasks: list[TaskHit]
    questions: list[Question]
    passages: list[PassageHit]

    def __bool__(self) -> bool:
        return bool(self.departments or self.tasks or self.questions or self.passages)

    @property
    def has_plain_words(self) -> bool:
        """Whether the portal or a unit wrote a name or a sentence for one of these tasks."""
        return any(hit.task.summary_by for hit in self.tasks)


def search_results(query: str) -> SearchResults:
    """What matches all words of the query, at most fifty of each kind. Seven queries."""
    words = search_words(query)
    if not words:
        return SearchResults([], [], [], [])
    hits = _as_quoted(query, list(_passage_hits(words[0])))
    snippets: dict[int | None, Snippet] = {}
    for hit in hits:
        snippets.setdefault(hit.passage.task_id, hit.snippet)
    return SearchResults(
        departments=_units(words)[:MOST_RESULTS],
        tasks=_task_hits(query, snippets),
        questions=questions(Ticket.objects.published().matching(query)[:MOST_RESULTS]),
        passages=[hit for hit in hits if _is_general(hit, words)][:MOST_RESULTS],
    )


def _units(words: list[str]) -> list[Department]:
    return [unit for unit in Department.objects.all() if _names_match(unit, words)]


def _names_match(department: Department, words: list[str]) -> bool:
    folded = fold(f"{department.short_name} {department.full_name}")
    return all(word in folded for word in words)


def _is_general(hit: PassageHit, words: list[str]) -> bool:
    """Whether the passage belongs to no task and has all the words."""
    if hit.passage.task_id is not None:
        return False
    return _has_all(hit, words)


def _has_all(hit: PassageHit, words: list[str]) -> bool:
    folded = fold(hit.plan.source_text[hit.passage.start : hit.passage.end])
    return all(word in folded for word in words)


def _as_quoted(query: str, hits: list[PassageHit]) -> list[PassageHit]:
    """Those that have the phrases of the query between quotation marks as it has; all of them if
    none does, because many people set marks around whatever they look for.
    """
    phrases = [f"“{phrase}”" for phrase in QUOTED.findall(fold(query))]
    if not phrases:
        return hits
    return [hit for hit in hits if _has_all(hit, phrases)] or hits


def _task_hits(query: str, snippets: dict[int | None, Snippet]) -> list[TaskHit]:
    rows = Task.objects.published().matching(query).with_plan().defer("text", "goal")
    tasks = list(rows.order_by("-plan__starts_on", "number")[:MOST_RESULTS])
    headlines = headlines_of(tasks)
    return [TaskHit(task, headlines[task.pk].chip(), snippets.get(task.pk)) for task in tasks]


def _passage_hits(word: str) -> Iterator[PassageHit]:
    plans = {plan.pk: plan for plan in Plan.objects.published().defer("source_bytes")}
    rows = (
        Passage.objects.filter(plan__in=plans)
        .exclude(kind__in=NOT_SEARCHED)
        .order_by("plan", "order")
    )
    for passage in rows:
        plan = plans[passage.plan_id]
        if snippet := snippet_of(plan.source_text[passage.start : passage.end], word):
            yield PassageHit(plan, passage, snippet)


def snippet_of(text: str, word: str) -> Snippet | None:
    """The excerpt around a word, None where the text does not have it.

    Where the text has it in another width than the query, its beginning is shown instead.
    """
    if word not in fold(text):
        return None
    match = re.search(re.escape(word), text, re.IGNORECASE)
    if match is None:
        return Snippet("", "", text[: 2 * CONTEXT_LENGTH])
    start, end = match.span()
    before, after = text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]
    return Snippet(
        "…" * (start > CONTEXT_LENGTH) + before,
        match[0],
        after + "…" * (end + CONTEXT_LENGTH < len(text)),
    )
