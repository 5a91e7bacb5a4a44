"""What a person has typed and not yet sent, as its page and the list of all of it show it."""

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
    """What the person typed on this page and has not sent, newest first. One query."""
    return [_unsent(row, today) for row in UnsentForm.objects.filter(user=user, page=page)]


def unsent_of(user: User, today: date) -> list[Unsent]:
    """All that the person typed anywhere and has not sent, newest first. One query."""
    return [_unsent(row, today) for row in UnsentForm.objects.filter(user=user)]


def _unsent(row: UnsentForm, today: date) -> Unsent:
    saved_at = timezone.localtime(row.saved_at)
    time = f"{saved_at:%H:%M}"
    when = time if saved_at.date() == today else f"{saved_at.month}月{saved_at.day}日 {time}"
    address, typed = row.address.partition(BESIDE)[0], row.typed
    return Unsent(row.address, address, row.page, when, version_of(typed), typed)
