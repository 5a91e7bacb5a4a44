"""Who is told about 需协调事项: leaders when one is raised, its owner when it is decided, instructed and due."""

from collections.abc import Iterable

from departments.models import Department, Role
from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder
from subscriptions.roles import HEADS_FIRST
from supervision.choices import CoordinationNoteKind, CoordinationState
from supervision.models import CoordinationItem


def coordination_reminders(recipients: Recipients) -> list[Reminder]:
    """Four queries at most."""
    rows = CoordinationItem.objects.active().with_related()
    rows = rows.prefetch_related("notes", "task__responsibilities__department")
    found = [_reminders(item, recipients) for item in rows.order_by("pk")]
    return [reminder for reminders in found for reminder in reminders]


def _reminders(item: CoordinationItem, recipients: Recipients) -> Iterable[Reminder]:
    notes = [note for note in item.notes.all() if note.kind == CoordinationNoteKind.INSTRUCTION]
    yield from (_reminder(Event.INSTRUCTED, item, _instructed(item, recipients), mark=f"-{note.pk}") for note in notes)
    if item.state == CoordinationState.RAISED:
        yield _reminder(Event.COORDINATION_RAISED, item, _deciders(item, recipients))
        return
    unit = recipients.current_successor(item.owner)
    owner = recipients.told([unit], *UNIT_ROLES)
    yield _reminder(Event.COORDINATION_DECIDED, item, owner)
    heads = recipients.told([unit], *HEADS_FIRST)
    heads |= dict.fromkeys((person.pk for person in recipients.everywhere(Role.SUPERVISOR)), unit.short_name)
    if not _answered(item):
        yield _reminder(Event.COORDINATION_DUE, item, owner, heads=heads, due_on=item.due_on)


def _answered(item: CoordinationItem) -> bool:
    """The owner has reported; the rest is the supervisor's."""
    return any(note.kind == CoordinationNoteKind.REPLY for note in item.notes.all())


def _reminder(event: Event, item: CoordinationItem, told: dict[int, str], *, mark: str = "", **more) -> Reminder:
    subject = f"{item.task.code}:{item.period.address}@{item.pk}{mark}"
    return Reminder(event, subject, item.period, told, coordination=item, **more)


def _deciders(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """Leaders who look after its section or a unit that answers for it, else all leaders; else the supervisors."""
    units, section = {unit.pk for unit in _answering(item)}, item.task.section_id
    mine = [person for person, own, sections in recipients.leaders if own & units or section in sections]
    leaders = mine or [person for person, *_ in recipients.leaders]
    leaders = leaders or recipients.everywhere(Role.SUPERVISOR)
    return dict.fromkeys((person.pk for person in leaders), f"{item.department.short_name}提出")


def _instructed(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """The owner unit, or its heir, once there is one; before that the units that answer for the task."""
    units = [recipients.current_successor(item.owner)] if item.owner else _answering(item)
    return recipients.told(units, *UNIT_ROLES)


def _answering(item: CoordinationItem) -> list[Department]:
    return [row.department for row in item.task.responsibilities.all() if row.valid_to is None]
