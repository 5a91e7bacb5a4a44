"""What a person has typed and not yet sent, as its page and the list of all of it show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from common.text.typed import Typed, version_of, words_of
from departments.actions.unsent import BESIDE
from departments.models import UnsentForm, User


@dataclass(frozen=True)
class Unsent:
    """What was typed into one form.

    `key`: under which it is kept; `address`: where the form is sent, both are paths with a query.
    `page`: the address of the page the form stands on. `when`: in words, when it was kept.
    `typed`: names and values.
    """

    key: str
    address: str
    page: str
    when: str
    version: str
    typed: Typed

    @property
    def words(self) -> list[str]:
        return words_of(self.typed)


def unsent_on(user: User, page: str, today: date) -> list[Unsent]:
    """What the person typed on this page and has not sent, newest first. One query.

    `page`: its path, with a query string if it has one, which need not be part of the form's own.
    """
    rows = UnsentForm.objects.filter(user=user, page__in={page, page.partition("?")[0]})
    return _readable(rows, today)


def unsent_of(user: User, today: date) -> list[Unsent]:
    """All that the person typed anywhere and has not sent, newest first. One query."""
    return _readable(UnsentForm.objects.filter(user=user), today)


def _readable(rows: Iterable[UnsentForm], today: date) -> list[Unsent]:
    """Without those that no key of the site opens any more."""
    return [kept for row in rows if (kept := _unsent(row, today)).typed]


def _unsent(row: UnsentForm, today: date) -> Unsent:
    saved_at = timezone.localtime(row.saved_at)
    time = f"{saved_at:%H:%M}"
    when = time if saved_at.date() == today else f"{saved_at.month}月{saved_at.day}日 {time}"
    address, typed = row.address.partition(BESIDE)[0], row.typed
    return Unsent(row.address, address, row.page, when, version_of(typed), typed)
