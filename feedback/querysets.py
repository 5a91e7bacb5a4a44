"""Queries on letters and replies: what is public, who sees what, and what waits for which step."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from common.security.crypto import code_fits
from common.text.folding import search_words
from departments.models import Membership, User
from departments.roles import UNIT_ROLES, Role
from feedback.assignment import desks_of
from feedback.choices import (
    AT_THE_UNIT,
    DISSATISFIED,
    OPEN,
    REPLIED,
    RUNNING,
    ReplyMethod,
    ReplyState,
    SetAsideReason,
    TicketKind,
    TicketStatus,
    TicketVerb,
)
from feedback.roles import READS_ALL
from feedback.rules.clocks import ALARM_DAYS
from feedback.transitions import HANDOVER_VERBS, TRANSITIONS, WRITER_NOTICE_VERBS

if TYPE_CHECKING:
    from feedback.models import Reply, SetAsideMail, Ticket

# All that a public page needs; the letter itself is not even fetched.
PUBLIC_COLUMNS = [
    "number",
    "kind",
    "subject",
    "public_text",
    "public_reply",
    "received_at",
    "answered_at",
    "published_at",
    "days_taken",
    "demonstration",
    "answered_by__short_name",
    "answered_by__slug",
    "task__code",
    "task__title",
    "review_outcome",
    "review_note",
    "reviewed_at",
    "disputed__revision",
    "disputed__period__kind",
    "disputed__period__year",
    "disputed__period__index",
]


TicketRows = TypeVar("TicketRows", bound="TicketQuerySet")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def published(self) -> Self:
        """Letters that are public now, the newest first, with public columns only."""
        rows = _with_public_columns(self.filter(published_at__isnull=False))
        return rows.order_by("-published_at", "-id")

    def once_public(self) -> Self:
        """Letters that are public or were taken down, for whoever keeps a copy."""
        rows = self.filter(Q(published_at__isnull=False) | Q(taken_down_at__isnull=False))
        return _with_public_columns(rows, "taken_down_at", "taken_down_reason")

    def matching(self, words: str) -> Self:
        """All the words, each in the public question or answer;
        the letter itself is never searched.
        """
        queryset = self
        for word in search_words(words):
            queryset = queryset.filter(
                Q(public_text__icontains=word) | Q(public_reply__icontains=word)
            )
        return queryset

    def visible_to(self, user: User) -> Self:
        """The letters a member of the staff may see.

        Clerks, leaders and auditors see all; units what they lead or support; supervisors
        complaints, escalated letters, those that call a published line untrue, and those that no
        clerk may see.

        Whoever belongs to the unit a letter is about, or to one related to it by a merger, sees it
        only once it was assigned to them.
        """
        own_units = user.department_ids(*UNIT_ROLES)
        forwarded = Q(lead_department__in=own_units) | Q(supporting_departments__in=own_units)
        visible = forwarded
        if user.has_role(Role.SUPERVISOR):
            visible |= (
                Q(kind=TicketKind.COMPLAINT)
                | Q(escalated_at__isnull=False)
                | Q(disputed__isnull=False)
            )
            visible |= _no_clerk_may(user)
        if user.has_role(*READS_ALL):
            visible = Q()
        return (
            self.filter(visible)
            .filter(~Q(about_department__in=user.related_units) | forwarded)
            .distinct()
        )

    def opened_with(self, number: str, code: str) -> "Ticket | None":
        """The letter of this number if the code fits, else None.

        A wrong code and an unknown number cost the same time: one query for a digest and one
        comparison.
        """
        stored_digest = self.filter(number=number).values_list("code_digest", flat=True).first()
        return (
            self.with_parts().with_owner().get(number=number)
            if code_fits(code, stored_digest or "0" * 64)
            else None
        )

    def with_parts(self) -> Self:
        """With the rows that an inbox line or a letter's page shows beside the
        letter's own columns.
        """
        return self.select_related(
            "task", "lead_department", "about_department", "contact", "merged_into"
        )

    def unfinished(self) -> Self:
        """Open letters; one that was merged waits with its head."""
        return self.filter(status__in=OPEN).exclude(status=TicketStatus.MERGED)

    def owed(self) -> Self:
        """Letters for which somebody owes a step: an answer, a review, a notification or a
        follow-up.

        Publication is not counted.
        """
        rows = self.model.objects
        afterwards = self.filter(
            Q(pk__in=rows.to_notify().values("pk")) | Q(pk__in=rows.to_follow_up().values("pk"))
        )
        return self.unfinished() | self.to_review() | afterwards

    def left_unanswered(self, today: date) -> Self:
        """Unfinished letters never answered in `ALARM_DAYS`, whatever their clock says."""
        return self.unfinished().filter(_unanswered(today))

    def to_review(self) -> Self:
        """Letters whose review of published progress is open."""
        return self.filter(disputed__isnull=False, review_outcome="")

    def taken_down(self) -> Self:
        """Letters that were public once, with the columns that are left of them."""
        rows = self.filter(taken_down_at__isnull=False).select_related("task")
        return rows.only(
            "number", "taken_down_at", "taken_down_reason", "demonstration", "task__code"
        )

    def with_since(self) -> Self:
        """Annotates `since`: when the letter came to whoever has it now."""
        return self.annotate(
            since=models.Max("events__at", filter=Q(events__verb__in=HANDOVER_VERBS))
        )

    def to_notify(self) -> Self:
        """Letters whose writer wanted to be notified of the last answer, question or refusal, and
        was not.

        Whoever rated the answer has read it.
        """
        notice = models.Max("events__pk", filter=Q(events__verb__in=WRITER_NOTICE_VERBS))
        proofs = [TicketVerb.TELL, TicketVerb.RATE]
        notified = models.Max("events__pk", filter=Q(events__verb__in=proofs), default=0)
        rows = self.filter(status__in=TRANSITIONS["tell"].from_statuses, contact__isnull=False)
        rows = rows.exclude(reply_by=ReplyMethod.WEB)
        return (
            rows.filter(withdrawn_at=None)
            .alias(notice=notice, notified=notified)
            .filter(notice__gt=F("notified"))
        )

    def to_follow_up(self) -> Self:
        """Letters whose latest answer was rated badly, without a follow-up yet."""
        rated = models.Max("events__pk", filter=Q(events__verb=TicketVerb.RATE))
        followed = models.Max("events__pk", filter=Q(events__verb=TicketVerb.FOLLOW_UP), default=0)
        # In one filter: the rating of that very answer.
        bad = Q(replies__sent_at=F("answered_at"), replies__rating__grade__in=DISSATISFIED)
        answered = TRANSITIONS["follow_up"].from_statuses
        rows = self.filter(bad, status__in=answered, withdrawn_at=None)
        return rows.alias(rated=rated, followed=followed).filter(rated__gt=F("followed"))

    def with_owner(self) -> Self:
        """Annotates what decides whose turn it is.

        `abandoned`: the leading unit has no reporter any more, as after a merger. `needs_notice`
        and `needs_follow_up`: whether `to_notify` and `to_follow_up` hold the letter.
        """
        at_work = (
            Membership.objects.current()
            .of_role(Role.REPORTER)
            .filter(department=OuterRef("lead_department"))
        )
        led = Q(status__in=[*AT_THE_UNIT, TicketStatus.NEEDS_MORE], lead_department__isnull=False)
        all_rows, same_row = self.model.objects, Q(pk=OuterRef("pk"))
        return self.annotate(
            abandoned=ExpressionWrapper(led & ~Exists(at_work), models.BooleanField()),
            needs_notice=Exists(all_rows.to_notify().filter(same_row)),
            needs_follow_up=Exists(all_rows.to_follow_up().filter(same_row)),
        )

    def closed_before(self, moment: datetime) -> Self:
        """Letters that are no longer open and whose last step lies before the moment."""
        closed = self.exclude(status__in=OPEN)
        return closed.annotate(last_step=models.Max("events__at")).filter(last_step__lt=moment)

    def answered_before(self, moment: datetime) -> Self:
        """Letters answered before the moment and not rated."""
        return self.filter(status=TicketStatus.ANSWERED, answered_at__lt=moment)

    def to_escalate(self, today: date, idle_since: date) -> Self:
        """Letters not escalated yet that are overdue, never answered in `ALARM_DAYS`, or idle at a
        desk since `idle_since`. While a unit handles a letter only the due day and the alarm count.
        """
        at_a_desk = [status for status in RUNNING if status != TicketStatus.HANDLING]
        idle = Q(status__in=at_a_desk, since__date__lte=idle_since)
        late = Q(status__in=RUNNING, due_on__lt=today)
        may_escalate = TRANSITIONS["escalate"].from_statuses
        rows = self.filter(status__in=may_escalate, escalated_at=None).with_since()
        return rows.filter(late | idle | _unanswered(today))

    def publishable(self) -> Self:
        """Answered letters with consent that were never public; followers are not published."""
        consented = self.filter(consent_to_publish=True, merged_into=None)
        return consented.filter(status__in=REPLIED, published_at=None, taken_down_at=None)


def _with_public_columns(rows: TicketRows, *more: str) -> TicketRows:
    return rows.select_related("answered_by", "task", "disputed__period").only(
        *PUBLIC_COLUMNS, *more
    )


def _no_clerk_may(user: User) -> Q:
    """Letters about a unit to which every clerk belongs, or answered by it;
    without any clerk all letters.
    """
    barred = desks_of(user).units_of_all(Role.CLERK)
    return (
        Q(pk__isnull=False)
        if barred is None
        else Q(about_department__in=barred) | Q(answered_by__in=barred)
    )


def _unanswered(today: date) -> Q:
    return Q(answered_at=None, received_at__date__lte=today - timedelta(days=ALARM_DAYS))


class ReplyQuerySet(models.QuerySet["Reply"]):
    def sent(self) -> Self:
        """Replies the writer can read."""
        return self.filter(state=ReplyState.SENT)

    def in_check(self) -> Self:
        """Replies that wait to be checked."""
        return self.filter(state=ReplyState.CHECKING)


class SetAsideMailQuerySet(models.QuerySet["SetAsideMail"]):
    def waiting(self) -> Self:
        """Mails that nobody has settled."""
        return self.filter(settled_at=None)

    def perhaps_letters(self) -> Self:
        """Mails that a person may have written, which somebody should look at today."""
        return self.waiting().exclude(reason__in=SetAsideReason.of_machines())

    def waiting_first(self) -> Self:
        """Those nobody has settled first, each group with the newest first."""
        return self.order_by(F("settled_at").desc(nulls_first=True), "-pk")

    def defer_sealed(self) -> Self:
        """Without the originals, which are large."""
        return self.defer("sealed_original")
