"""Pages of the record, newest first: each begins below a number and costs the same everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from django.db.models import QuerySet
from django.http import QueryDict

from common.addresses import row_number
from ledger.models import Entry
from tasks.models import Task

PER_PAGE = 50
# The names of the two numbers in an address.
PLACES = ("before", "after")


@dataclass(frozen=True)
class Place:
    """Where a page begins: below the number `before`, or so that it ends above `after`."""

    before: int | None = None
    after: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """The place that an address names; what is no number is passed over."""
        return cls(*(row_number(query.get(name, "")) for name in PLACES))


@dataclass(frozen=True)
class InternalRun:
    """Entries in a row that a page of public entries passes over."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class EntryPage:
    """Entries of one page.

    `older`: the number below which the next page begins; `newer`: that above which the one before
    ends. None where there is no such page.
    """

    entries: list[Entry]
    before: int | None
    older: int | None
    newer: int | None

    @property
    def newest(self) -> int:
        return self.entries[0].seq

    @property
    def oldest(self) -> int:
        return self.entries[-1].seq


def entry_page(entries: QuerySet[Entry], place: Place) -> EntryPage:
    """The page of these entries at a place. Two queries at most."""
    before = place.before if place.after is None else _end_of_page_above(entries, place.after)
    below = entries.filter(seq__lt=before) if before is not None else entries
    found = list(below.order_by("-seq")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    return EntryPage(
        entries=shown,
        before=before,
        older=shown[-1].seq if len(found) > PER_PAGE else None,
        newer=shown[0].seq if shown and before is not None else None,
    )


def _end_of_page_above(entries: QuerySet[Entry], after: int) -> int | None:
    """The number of the entry that follows a whole page above `after`; None if none does."""
    above = entries.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True)
    return above[PER_PAGE : PER_PAGE + 1].first()


def internal_runs(page: EntryPage, *, newest: int) -> dict[int, InternalRun]:
    """Number of a listed entry -> the run that stands above it; 0 -> the run below the last one.

    `page`: one of all public entries; `newest`: the number of the newest entry of the record.
    """
    numbers = [entry.seq for entry in page.entries]
    top = min(page.before or newest + 1, newest + 1)
    bounds = [top, *numbers] + ([] if page.older else [0])
    return {
        lower: InternalRun(lower + 1, upper - 1)
        for upper, lower in pairwise(bounds)
        if upper - lower > 1
    }


def titles_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Code -> title of the published tasks that public entries are about. One query."""
    codes = {
        entry.subject_id
        for entry in entries
        if entry.subject_type == "task" and entry.visibility == Entry.Visibility.PUBLIC
    }
    tasks = Task.objects.published().filter(code__in=codes)
    return dict(tasks.values_list("code", "title"))
