"""Rotation of CONTACT_KEYS: every contact is encrypted anew with the newest key, some hundred in
one transaction.

A run that is killed leaves finished batches done and the rest under the older key, which still
opens it; the next run goes on. No row is ever half done, because one row is one value.
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
    """What one transaction did. `last`: the id of the row to go on from. `lost`: contacts that no
    key opens, which stay as they are.
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
    rows = list(Contact.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:BATCH])
    if not rows:
        return None
    changed, lost = _reseal(rows)
    # An update does not bring back a row that was deleted meanwhile.
    Contact.objects.bulk_update(changed, ["sealed"])
    if changed:
        append(
            [
                LedgerEvent(
                    "reseal_contacts", "contact", "all", {"count": len(changed)}, public=False
                )
            ],
            by=by,
            at=at,
        )
    return Batch(rows[-1].pk, len(rows), len(changed), lost)


def _reseal(rows: list[Contact]) -> tuple[list[Contact], int]:
    """Encrypts what an older key closed, not saved here; returns those rows, and how many of all no
    key opens.
    """
    changed, lost = [], 0
    for row in rows:
        try:
            sealed_anew = reseal(row.sealed)
        except NoKey:
            lost += 1
            continue
        if sealed_anew != row.sealed:
            row.sealed = sealed_anew
            changed.append(row)
    return changed, lost
