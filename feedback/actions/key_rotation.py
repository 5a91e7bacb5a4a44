"""Rotation of CONTACT_KEYS: every contact and every mail set aside is encrypted anew with the
newest key, some hundred contacts or a few mails in one transaction.

A run that is killed leaves finished batches done and the rest under the older key, which still
opens it; the next run goes on. No row is ever half done, because one row is one value.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from common.security.crypto import NoKey, reseal
from feedback.models import Contact, SetAsideMail
from ledger.actions import Actor, LedgerEvent, append

Sealed = TypeVar("Sealed", Contact, SetAsideMail)
BATCH = 500
# Each may hold some millions of bytes.
MAIL_BATCH = 10


@dataclass(frozen=True)
class Batch:
    """What one transaction did. `last`: the id of the row to go on from. `lost`: rows that no key
    opens, which stay as they are.
    """

    last: int
    seen: int
    resealed: int
    lost: int


@transaction.atomic
def reseal_contacts(*, after: int, by: Actor, at: datetime) -> Batch | None:
    """Encrypts the next contacts anew, those with an id above `after`;
    None when there are no more.
    """
    contacts = Contact.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:BATCH]
    changed, batch = _reseal(contacts, "sealed")
    # An update does not bring back a row that was deleted meanwhile.
    Contact.objects.bulk_update(changed, ["sealed"])
    _record("contact", batch, by, at)
    return batch


@transaction.atomic
def reseal_mails(*, after: int, by: Actor, at: datetime) -> Batch | None:
    """The same for the mails set aside."""
    mails = SetAsideMail.objects.select_for_update().filter(pk__gt=after).order_by("pk")
    changed, batch = _reseal(mails[:MAIL_BATCH], "sealed_words", "sealed_original")
    SetAsideMail.objects.bulk_update(changed, ["sealed_words", "sealed_original"])
    _record("mail", batch, by, at)
    return batch


def _reseal(rows: QuerySet[Sealed], *columns: str) -> tuple[list[Sealed], Batch | None]:
    """Encrypts what an older key closed, not saved here; returns those rows and what was done."""
    found = list(rows)
    results = [_is_resealed(row, columns) for row in found]
    changed = [row for row, is_resealed in zip(found, results, strict=True) if is_resealed]
    if not found:
        return [], None
    return changed, Batch(found[-1].pk, len(found), len(changed), results.count(None))


def _is_resealed(row: Sealed, columns: tuple[str, ...]) -> bool | None:
    """Encrypts one row with the newest key; whether that changed it, None where no key opens it."""
    before = [getattr(row, column) for column in columns]
    try:
        after = [reseal(sealed) for sealed in before]
    except NoKey:
        return None
    for column, sealed in zip(columns, after, strict=True):
        setattr(row, column, sealed)
    return after != before


def _record(subject: str, batch: Batch | None, by: Actor, at: datetime) -> None:
    if batch and batch.resealed:
        facts = {"count": batch.resealed}
        event = LedgerEvent(f"reseal_{subject}s", subject, "all", facts, public=False)
        append([event], by=by, at=at)
