"""Reminders about 需协调事项: to leaders when one is raised;
to its owner when it is decided, instructed and due.
"""

from collections.abc import Iterable
from datetime import date

from departments.models import Department, User
from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients, same_words
from subscriptions.reminders.reminder import CoordinationReminder
from subscriptions.roles import SIGNERS_FIRST
from supervision.choices import CoordinationNoteKind
from supervision.models import CoordinationItem


def coordination_reminders(recipients: Recipients) -> list[CoordinationReminder]:
    """The reminders about every active item; four queries at most."""
    rows = CoordinationItem.objects.active().with_related()
    rows = rows.prefetch_related("notes", "task__responsibilities__department")
    return [reminder for item in rows.order_by("pk") for reminder in _reminders(item, recipients)]


def _reminders(item: CoordinationItem, recipients: Recipients) -> Iterable[CoordinationReminder]:
    for note in item.notes.all():
        if note.kind == CoordinationNoteKind.INSTRUCTION:
            instructed = _instructed(item, recipients)
            yield _reminder(Event.INSTRUCTED, item, instructed, mark=f"-{note.pk}")
    # It has an owner exactly from its decision on: a constraint sees to that.
    if item.owner is None:
        yield _reminder(Event.COORDINATION_RAISED, item, _deciders(item, recipients))
    else:
        yield from _owner_reminders(item, recipients.current_successor(item.owner), recipients)


def _owner_reminders(
    item: CoordinationItem, owner: Department, recipients: Recipients
) -> Iterable[CoordinationReminder]:
    """That it was decided and, until the unit has reported, that it is due."""
    notified = recipients.notified_for([owner], *UNIT_ROLES)
    yield _reminder(Event.COORDINATION_DECIDED, item, notified)
    if not _is_answered(item):
        late = recipients.notified_for([owner], *SIGNERS_FIRST)
        late |= recipients.supervisors_with(owner.short_name)
        yield _reminder(
            Event.COORDINATION_DUE, item, notified, notified_late=late, due_on=item.due_on
        )


def _is_answered(item: CoordinationItem) -> bool:
    """Whether the owner has reported; what is left then is the supervisors'."""
    return any(note.kind == CoordinationNoteKind.REPLY for note in item.notes.all())


def _reminder(
    event: Event,
    item: CoordinationItem,
    notified: dict[int, str],
    *,
    mark: str = "",
    notified_late: dict[int, str] | None = None,
    due_on: date | None = None,
) -> CoordinationReminder:
    return CoordinationReminder(
        event=event,
        subject=f"{item.task.code}:{item.period.address}@{item.pk}{mark}",
        period=item.period,
        coordination=item,
        notified=notified,
        notified_late=notified_late or {},
        due_on=due_on,
    )


def _deciders(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """Leaders whose portfolio holds its section or a responsible unit, else all leaders;
    else the supervisors.
    """
    words = f"{item.department.short_name}提出"
    leaders = _leaders_in_charge(item, recipients) or [
        leader.person for leader in recipients.leaders
    ]
    return same_words(leaders, words) or recipients.supervisors_with(words)


def _leaders_in_charge(item: CoordinationItem, recipients: Recipients) -> list[User]:
    units = {unit.pk for unit in _answering(item)}
    return [
        leader.person
        for leader in recipients.leaders
        if leader.units & units or item.task.section_id in leader.sections
    ]


def _instructed(item: CoordinationItem, recipients: Recipients) -> dict[int, str]:
    """The owner unit or its current successor; the responsible units while there is no owner."""
    units = [recipients.current_successor(item.owner)] if item.owner else _answering(item)
    return recipients.notified_for(units, *UNIT_ROLES)


def _answering(item: CoordinationItem) -> list[Department]:
    return [row.department for row in item.task.responsibilities.all() if row.valid_to is None]
