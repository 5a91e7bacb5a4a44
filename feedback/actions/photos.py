"""Deletion of photos, which go with the writer's contact: the letter's own and those sent later."""

from datetime import datetime

from django.core.files.storage import default_storage

from feedback.models import Addition, Ticket
from feedback.models.photos import FOLDER

COLUMNS = ["photo", "photo_sha256"]


def forget_photos(tickets: list[Ticket]) -> None:
    """Deletes the photos of these letters; an addition that was only a photo is deleted as a row,
    while the step that it came stays.
    """
    for ticket in tickets:
        ticket.drop_photo()
    Ticket.objects.bulk_update(tickets, COLUMNS)
    _forget_added_photos(tickets)


def _forget_added_photos(tickets: list[Ticket]) -> None:
    additions = list(Addition.objects.filter(ticket__in=tickets).exclude(photo=""))
    for addition in additions:
        addition.drop_photo()
    Addition.objects.bulk_update([addition for addition in additions if addition.text], COLUMNS)
    ids = [addition.pk for addition in additions]
    Addition.objects.filter(pk__in=ids, text="").delete()


def sweep_photos(*, before: datetime) -> int:
    """Deletes files changed before that moment which no row names; returns how many.

    A file is deleted after its row. A process killed in between leaves a file that the ledger calls
    gone, and this finds it.
    """
    # Read before the directory: a photo saved in between is not yet old.
    kept = _kept_names()
    orphans = [name for name in _stored_names() if name not in kept]
    old = [name for name in orphans if default_storage.get_modified_time(name) < before]
    for name in old:
        default_storage.delete(name)
    return len(old)


def _kept_names() -> set[str]:
    """The names of the files that a row names."""
    return {
        name
        for model in (Ticket, Addition)
        for name in model.objects.exclude(photo="").values_list("photo", flat=True)
    }


def _stored_names() -> list[str]:
    """The names of the files there are; the folder comes with the first photo."""
    try:
        _, filenames = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{filename}" for filename in filenames]
