"""Rotation of CONTACT_KEYS: every contact is sealed anew with the newest key, some hundred in one transaction.

Killed in between, what is done is done and the rest is still sealed with the older key, which opens it: run again, it
goes on. Nothing is half done, because one row is one value.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.security.crypto import NoKey, reseal
from feedback.models import Contact
from ledger.actions import Actor, LedgerEvent, append

BATCH = 500


@dataclass(frozen=True)
class Batch:
    """`last`: the row to go on from; `lost` ones no key opens, so they stay as they are."""

    last: int
    seen: int
    resealed: int
    lost: int


@transaction.atomic
def reseal_contacts(*, after: int, by: Actor, at: datetime) -> Batch | None:
    """The next contacts beyond that row; None when there are no more."""
    rows = list(Contact.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:BATCH])
    if not rows:
        return None
    changed, lost = [], 0
    for row in rows:
        try:
            fresh = reseal(row.sealed)
        except NoKey:
            lost += 1
            continue
        if fresh != row.sealed:
            row.sealed = fresh
            changed.append(row)
    # An update finds no row that was deleted meanwhile: nothing forgotten comes back.
    Contact.objects.bulk_update(changed, ["sealed"])
    if changed:
        append([LedgerEvent("reseal_contacts", "contact", "all", {"count": len(changed)}, public=False)], by=by, at=at)
    return Batch(rows[-1].pk, len(rows), len(changed), lost)
