"""The version of what the public sees: raised by whatever changes it, read before it is kept."""

import secrets
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from ledger.models import Entry, PublicVersion

READ = (
    f"SELECT stamp, (SELECT MAX(seq) FROM {Entry._meta.db_table}) "  # noqa: S608
    f"FROM {PublicVersion._meta.db_table}"
)


class Version(NamedTuple):
    """`stamp`: changes with each change of a public page; `head`: the newest entry of the record,
    which also changes with what only the pages of the record show.
    """

    stamp: str
    head: int


def raise_version() -> None:
    """Says that a public page, file or answer of the API has changed; part of that transaction.

    Whoever writes the record holds its lock, so that there is one row even the first time.
    """
    raised = {"number": F("number") + 1, "stamp": secrets.token_hex(8)}
    if not PublicVersion.objects.filter(pk=1).update(**raised):
        PublicVersion.objects.create(pk=1, **raised | {"number": 1})


def read_version() -> Version:
    """The version as this connection sees it; one short query, which costs no model."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        found = cursor.fetchone()
    return Version(found[0], found[1] or 0) if found else Version("", 0)
