"""Photos go when the letter's contact goes: the letter's own and those that were sent later."""

from feedback.models import Addition, Ticket

COLUMNS = ["photo", "photo_sha256"]


def forget_photos(tickets: list[Ticket]) -> None:
    """An addition that was nothing but its photo goes with it; the step that it came stays."""
    additions = list(Addition.objects.filter(ticket__in=tickets).exclude(photo=""))
    for row in [*tickets, *additions]:
        row.drop_photo()
    Ticket.objects.bulk_update(tickets, COLUMNS)
    Addition.objects.bulk_update([one for one in additions if one.text], COLUMNS)
    Addition.objects.filter(pk__in=[one.pk for one in additions if not one.text]).delete()
