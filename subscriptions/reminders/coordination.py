"""Reminders about 需协调事项: to leaders when one is raised;
to its owner when it is decided, instructed and due.
"""

from collections.abc import Iterable

from departments.models import Department, Role
from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder
from subscriptions.roles import SIGNERS_FIRST
from supervision.choices import CoordinationNoteKind, CoordinationState
from supervision.models import CoordinationItem


def coordination_reminders(recipients: Recipients) -> list[Reminder]:
    """The reminders about every active item; four queries at most."""
    rows = CoordinationItem.objects.active().with_related()
    rows = rows.prefetch_related("notes", "task__responsibilities__department")
    return [reminder for item in rows.order_by("pk") for reminder in _reminders(item, recipients)]


def _reminders(item: CoordinationItem, recipients: Recipients) -> Iterable[Reminder]:
    notes = [note for note in item.notes.all() if note.kind == CoordinationNoteKind.INSTRUCTION]
    yield from (
        _reminder(Event.INSTRUCTED, item, _instructed(item, recipients), mark=f"-{note.pk}")
        for note in notes
    )
    if item.state == CoordinationState.RAISED:
        yield _reminder(Event.COORDINATION_RAISED, item, _deciders(item, recipients))
        return
    unit = recipients.current_successor(item.owner)
    owner = recipients.notified_for([unit], *UNIT_ROLES)
    yield _reminder(Event.COORDINATION_DECIDED, item, owner)
    late = recipients.notified_for([unit], *SIGNERS_FIRST)
    late |= dict.fromkeys(
        (person.pk for person in recipients.everywhere(Role.SUPERVISOR)), unit.short_name
    )
    if not _is_answered(item):
        yield _reminder(Event.COORDINATION_DUE, item, owner, notified_late=late, due_on=item.due_on)


def _is_answered(item: CoordinationItem) -> bool:
    """Whether the owner has reported; what is left then is the supervisors'."""
    return any(note.kind == CoordinationNoteKind.REPLY for note in item.notes.all())


def _reminder(
    event: Event, item: CoordinationItem, notified: dict[int, str], *, mark: str = "", **fields
) -> Reminder:
    subject = f"{item.task.code}:{item.period.address}@{item.pk}{mark}"
    return Reminder(event, subject, item.period, notified, coordination=item, **fields)


def _deciders(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """Leaders whose portfolio holds its section or a responsible unit, else all leaders;
    else the supervisors.
    """
    units, section = {unit.pk for unit in _answering(item)}, item.task.section_id
    responsible = [
        person
        for person, portfolio, sections in recipients.leaders
        if portfolio & units or section in sections
    ]
    leaders = responsible or [person for person, *_ in recipients.leaders]
    leaders = leaders or recipients.everywhere(Role.SUPERVISOR)
    return dict.fromkeys((person.pk for person in leaders), f"{item.department.short_name}提出")


def _instructed(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """The owner unit or its current successor; the responsible units while there is no owner."""
    units = [recipients.current_successor(item.owner)] if item.owner else _answering(item)
    return recipients.notified_for(units, *UNIT_ROLES)


def _answering(item: CoordinationItem) -> list[Department]:
    return [row.department for row in item.task.responsibilities.all() if row.valid_to is None]
