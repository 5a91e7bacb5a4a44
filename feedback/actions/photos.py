"""Photos go when the letter's contact goes: the letter's own and those that were sent later."""

from datetime import datetime

from django.core.files.storage import default_storage

from feedback.models import Addition, Ticket
from feedback.models.photos import FOLDER

COLUMNS = ["photo", "photo_sha256"]


def forget_photos(tickets: list[Ticket]) -> None:
    """An addition that was nothing but its photo goes with it; the step that it came stays."""
    additions = list(Addition.objects.filter(ticket__in=tickets).exclude(photo=""))
    for row in [*tickets, *additions]:
        row.drop_photo()
    Ticket.objects.bulk_update(tickets, COLUMNS)
    Addition.objects.bulk_update([one for one in additions if one.text], COLUMNS)
    Addition.objects.filter(pk__in=[one.pk for one in additions if not one.text]).delete()


def sweep_photos(*, before: datetime) -> int:
    """Deletes files older than that which no row names; returns how many.

    A file goes after its row: killed in between, a process leaves one that the record says is gone.
    """
    named = {
        name for model in (Ticket, Addition) for name in model.objects.exclude(photo="").values_list("photo", flat=True)
    }
    found = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    names = [name for name in (f"{FOLDER}/{one}" for one in found) if name not in named]
    left = [name for name in names if default_storage.get_modified_time(name) < before]
    for name in left:
        default_storage.delete(name)
    return len(left)
