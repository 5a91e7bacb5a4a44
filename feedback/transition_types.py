"""What a row of the table of transitions holds, and the group of the inbox that belongs to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedback.choices import ClockEffect, TicketStatus, TicketVerb

if TYPE_CHECKING:
    from feedback.models import Ticket


@dataclass(frozen=True)
class InboxQueue:
    """The group of the inbox in which letters wait for the transition.

    `rank`: its position among the groups, the most urgent first. `missing`: what the letter lacks.
    `owner`: the predicate of `permissions.py` for whoever owes the step; it may admit fewer people
    than the transition does. `waits`: whether a letter belongs here, where that is not simply
    whether the transition is allowed. `is_work_item`: False where the step may
    also be left.
    `spans`: letters of several statuses stand here, so that each shows its own.
    """

    rank: int
    title: str
    missing: str
    owner: str
    waits: "Callable[[Ticket], bool] | None" = None
    is_work_item: bool = True
    spans: bool = False


@dataclass(frozen=True)
class TicketTransition:
    """One row of the table.

    `event`: the step that the writer reads and the ledger keeps; the verb itself unless another is
    named. `to_status`: None leaves the status as it is. `when`: what must hold besides the status.
    `may`: the predicate of `permissions.py` for the staff, "" where no page offers it to them.
    `by_writer`: offered on the writer's own page. `hands_over`: somebody else has the letter now,
    or has it anew; from one such step to the next is counted how long it lay. `notifies_writer`:
    a writer who looks nothing up has to be called or written to. `notifies_staff`: whoever has to
    act next is sent a reminder.
    """

    verb: str
    from_statuses: tuple[TicketStatus, ...]
    to_status: "TicketStatus | Callable[[Ticket], str] | None" = None
    when: "Callable[[Ticket], bool] | None" = None
    event: TicketVerb | None = None
    may: str = ""
    by_writer: bool = False
    clock: ClockEffect = ClockEffect.NONE
    hands_over: bool = False
    notifies_writer: bool = False
    notifies_staff: bool = False
    queue: InboxQueue | None = None

    @property
    def leaves(self) -> TicketVerb:
        """The step it leaves behind."""
        return self.event or TicketVerb(self.verb)

    @property
    def label(self) -> str:
        """What the writer reads."""
        return str(self.leaves.label)

    @property
    def ledger_verb(self) -> str:
        return f"{self.leaves}_ticket"

    def is_allowed(self, ticket: "Ticket") -> bool:
        """Whether the moment is right; who may is another question."""
        return ticket.status in self.from_statuses and (self.when is None or self.when(ticket))

    def status_after(self, ticket: "Ticket") -> str:
        if self.to_status is None:
            return ticket.status
        return self.to_status(ticket) if callable(self.to_status) else self.to_status
