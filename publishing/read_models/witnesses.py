"""The entries by which releases were recorded, as witnesses of the record outside of it."""

from collections.abc import Iterable

from ledger.models import Entry
from ledger.witnesses import Witness, witness_of
from progress.actions.locks import period_subject
from progress.models import ReportingPeriod


def release_witnesses(periods: Iterable[ReportingPeriod]) -> dict[int, Witness]:
    """Period id -> the entry that recorded its release, the last one of that moment. One query.

    Printed with what was released, it is a copy of the head that nobody can take back.
    """
    subjects = {period_subject(period): period.pk for period in periods}
    entries = Entry.objects.about("period", *subjects).filter(verb="release").order_by("seq")
    return {subjects[entry.subject_id]: witness_of(entry) for entry in entries}
