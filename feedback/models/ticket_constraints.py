"""What the database guards in the row of a letter: which facts stand together in which status."""

from django.db import models
from django.db.models import F, Q

from feedback.choices import (
    AT_THE_UNIT,
    REPLIED,
    ReplyMethod,
    ReviewOutcome,
    TicketChannel,
    TicketKind,
    TicketStatus,
)

# A unit has it, or had it; and before that the desk has written what is to be done. Whoever was
# merged has neither.
NEEDS_UNIT = [TicketStatus.ASSIGNED, TicketStatus.HANDLING, TicketStatus.CHECKING, *REPLIED]
NEEDS_WORDS = [TicketStatus.ACCEPTED, *NEEDS_UNIT]

TICKET_CONSTRAINTS = [
    models.CheckConstraint(condition=Q(kind__in=TicketKind.values), name="ticket_kind"),
    models.CheckConstraint(condition=Q(status__in=TicketStatus.values), name="ticket_status"),
    models.CheckConstraint(condition=Q(channel__in=TicketChannel.values), name="ticket_channel"),
    models.CheckConstraint(condition=Q(reply_by__in=ReplyMethod.values), name="ticket_reply_by"),
    models.CheckConstraint(
        condition=~Q(text="") & ~Q(notice_version=""), name="ticket_says_something"
    ),
    models.CheckConstraint(
        condition=~Q(status__in=NEEDS_WORDS) | ~Q(handling_text="") | Q(merged_into__isnull=False),
        name="ticket_accepted_with_handling_text",
    ),
    models.CheckConstraint(
        condition=~Q(status=TicketStatus.DECLINED) | ~Q(declined_reason=""),
        name="ticket_declined_with_reason",
    ),
    models.CheckConstraint(
        condition=~Q(status=TicketStatus.REDIRECTED)
        | Q(redirected_on__isnull=False) & ~Q(redirected_to=""),
        name="ticket_redirected_somewhere",
    ),
    models.CheckConstraint(
        condition=~Q(status__in=NEEDS_UNIT)
        | Q(lead_department__isnull=False)
        | Q(merged_into__isnull=False),
        name="ticket_assigned_to_a_unit",
    ),
    models.CheckConstraint(
        condition=Q(handed_back_at=None, hand_back_reason="")
        | Q(handed_back_at__isnull=False) & ~Q(hand_back_reason=""),
        name="ticket_handed_back_with_reason",
    ),
    # Opened again, the earlier answer and its day stay until the next one.
    models.CheckConstraint(
        condition=Q(answered_at=None, days_taken=None, answered_by=None, opening=1)
        & ~Q(status__in=REPLIED)
        | Q(answered_at__isnull=False, days_taken__isnull=False, answered_by__isnull=False)
        & (Q(status__in=REPLIED) | Q(opening=2)),
        name="ticket_answered_at_a_time",
    ),
    models.CheckConstraint(condition=Q(opening__in=[1, 2]), name="ticket_opened_again_once"),
    models.CheckConstraint(
        condition=Q(extension_asked_until=None)
        | Q(status__in=[*AT_THE_UNIT, TicketStatus.NEEDS_MORE]),
        name="ticket_extension_asked_at_work",
    ),
    models.CheckConstraint(
        condition=~Q(status=TicketStatus.MERGED) | Q(merged_into__isnull=False),
        name="ticket_merged_into_another",
    ),
    models.CheckConstraint(
        condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
        name="ticket_not_merged_into_itself",
    ),
    models.CheckConstraint(
        condition=Q(status=TicketStatus.WITHDRAWN, withdrawn_at__isnull=False)
        | ~Q(status=TicketStatus.WITHDRAWN),
        name="ticket_withdrawn_at_a_time",
    ),
    models.CheckConstraint(
        condition=Q(published_at=None, public_text="", public_reply="")
        | Q(answered_at__isnull=False, published_at__isnull=False, consent_to_publish=True)
        & ~Q(public_text="")
        & ~Q(public_reply=""),
        name="ticket_published_redacted",
    ),
    models.CheckConstraint(
        condition=Q(taken_down_at=None) | Q(published_at=None) & ~Q(taken_down_reason=""),
        name="ticket_taken_down_with_reason",
    ),
    models.CheckConstraint(
        condition=Q(disputed=None, review_by=None)
        | Q(disputed__isnull=False, review_by__isnull=False),
        name="ticket_disputed_for_a_day",
    ),
    models.CheckConstraint(
        condition=Q(review_outcome="", review_note="", reviewed_at=None)
        | Q(
            review_outcome__in=ReviewOutcome.values,
            reviewed_at__isnull=False,
            disputed__isnull=False,
        )
        & ~Q(review_note=""),
        name="ticket_review_with_reason",
    ),
]
