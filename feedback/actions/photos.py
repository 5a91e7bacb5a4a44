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
    additions = list(Addition.objects.filter(ticket__in=tickets).exclude(photo=""))
    for row in [*tickets, *additions]:
        row.drop_photo()
    Ticket.objects.bulk_update(tickets, COLUMNS)
    Addition.objects.bulk_update([addition for addition in additions if addition.text], COLUMNS)
    Addition.objects.filter(
        pk__in=[addition.pk for addition in additions if not addition.text]
    ).delete()


def sweep_photos(*, before: datetime) -> int:
    """Deletes files changed before that moment which no row names; returns how many.

    A file is deleted after its row. A process killed in between leaves a file that the ledger calls
    gone, and this finds it.
    """
    kept_names = {
        name
        for model in (Ticket, Addition)
        for name in model.objects.exclude(photo="").values_list("photo", flat=True)
    }
    filenames = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    orphans = [
        name
        for name in (f"{FOLDER}/{filename}" for filename in filenames)
        if name not in kept_names
    ]
    old = [name for name in orphans if default_storage.get_modified_time(name) < before]
    for name in old:
        default_storage.delete(name)
    return len(old)
