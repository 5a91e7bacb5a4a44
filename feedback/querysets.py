from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from common.security.crypto import code_fits
from departments.models import Membership, Role, User
from departments.roles import UNIT_ROLES
from feedback.assignment import desks_of
from feedback.choices import (
    AT_THE_UNIT,
    DISSATISFIED,
    OPEN,
    REPLIED,
    RUNNING,
    ReplyMethod,
    ReplyState,
    TicketKind,
    TicketStatus,
    TicketVerb,
)
from feedback.roles import READS_ALL
from feedback.rules.clocks import ALARM_DAYS
from feedback.transitions import HANDOVER_VERBS, TRANSITIONS, WRITER_NOTICE_VERBS

# Nothing a stranger's page may need beyond these; the letter itself is not even fetched.
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


class TicketQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)._for_the_public().order_by("-published_at", "-id")

    def once_public(self):
        """Published, or taken down since: for whoever may keep a copy."""
        rows = self.filter(Q(published_at__isnull=False) | Q(taken_down_at__isnull=False))
        return rows._for_the_public("taken_down_at", "taken_down_reason")

    def _for_the_public(self, *more: str):
        return self.select_related("answered_by", "task", "disputed__period").only(*PUBLIC_COLUMNS, *more)

    def matching(self, words: str):
        """All the words, each in the public question or the public answer; the letter itself is never searched."""
        found = self
        for word in words.split():
            found = found.filter(Q(public_text__icontains=word) | Q(public_reply__icontains=word))
        return found

    def visible_to(self, user: User):
        """Clerks, leaders and auditors read all, units what is theirs.

        Supervisors read complaints, what was escalated and what calls a published line untrue.

        Whoever belongs to the unit a ticket is about, or to any of its kin, sees it only once it was forwarded to them.
        """
        own = user.department_ids(*UNIT_ROLES)
        forwarded = Q(lead_department__in=own) | Q(supporting_departments__in=own)
        seen = forwarded
        if user.has_role(Role.SUPERVISOR):
            seen |= Q(kind=TicketKind.COMPLAINT) | Q(escalated_at__isnull=False) | Q(disputed__isnull=False)
            seen |= _no_clerk_may(user)
        if user.has_role(*READS_ALL):
            seen = Q()
        return self.filter(seen).filter(~Q(about_department__in=user.related_units) | forwarded).distinct()

    def opened_with(self, number: str, code: str):
        """The ticket of this number if the code fits, else None.

        A wrong code and a number nobody has cost the same: one look for a digest, one comparison with a digest.
        """
        kept = self.filter(number=number).values_list("code_digest", flat=True).first()
        return self.with_parts().with_owner().get(number=number) if code_fits(code, kept or "0" * 64) else None

    def with_parts(self):
        """What a desk line or a ticket's page shows beside the ticket's own columns."""
        return self.select_related("task", "lead_department", "about_department", "contact", "merged_into")

    def unfinished(self):
        """Somebody still owes a step, publication not counted; what was merged waits with its head."""
        return self.filter(status__in=OPEN).exclude(status=TicketStatus.MERGED)

    def owed(self):
        """Somebody owes a step: an answer, a finding or a word to the person; publication not counted."""
        rows = self.model.objects
        afterwards = self.filter(Q(pk__in=rows.untold().values("pk")) | Q(pk__in=rows.to_follow_up().values("pk")))
        return self.unfinished() | self.to_review() | afterwards

    def left_unanswered(self, today: date):
        """Unfinished and never answered for longer than a site can afford, whatever its clock says."""
        return self.unfinished().filter(_unanswered(today))

    def to_review(self):
        """A published line was called untrue and nobody has said yet whether it is."""
        return self.filter(disputed__isnull=False, review_outcome="")

    def taken_down(self):
        """What was public once: its number, day and reason are all that is left of it."""
        rows = self.filter(taken_down_at__isnull=False).select_related("task")
        return rows.only("number", "taken_down_at", "taken_down_reason", "demonstration", "task__code")

    def with_since(self):
        """`since`: when it came to where it lies now."""
        return self.annotate(since=models.Max("events__at", filter=Q(events__verb__in=HANDOVER_VERBS)))

    def untold(self):
        """Something was said that the person wanted to hear otherwise than by looking it up, and nobody told them.

        Whoever rated the answer has read it.
        """
        said = models.Max("events__pk", filter=Q(events__verb__in=WRITER_NOTICE_VERBS))
        heard = [TicketVerb.TELL, TicketVerb.RATE]
        told = models.Max("events__pk", filter=Q(events__verb__in=heard), default=0)
        rows = self.filter(status__in=TRANSITIONS["tell"].from_statuses, contact__isnull=False)
        rows = rows.exclude(reply_by=ReplyMethod.WEB)
        return rows.filter(withdrawn_at=None).alias(said=said, told=told).filter(said__gt=F("told"))

    def to_follow_up(self):
        """Somebody is not satisfied with the latest answer, and nobody has gone back to it yet."""
        rated = models.Max("events__pk", filter=Q(events__verb=TicketVerb.RATE))
        followed = models.Max("events__pk", filter=Q(events__verb=TicketVerb.FOLLOW_UP), default=0)
        # In one filter: the rating of that very answer.
        bad = Q(replies__sent_at=F("answered_at"), replies__rating__grade__in=DISSATISFIED)
        answered = TRANSITIONS["follow_up"].from_statuses
        rows = self.filter(bad, status__in=answered, withdrawn_at=None)
        return rows.alias(rated=rated, followed=followed).filter(rated__gt=F("followed"))

    def with_owner(self):
        """`abandoned`: nobody of the unit that leads can get on with it, as after a merger.

        `is_untold`, `is_displeased`: see `untold` and `to_follow_up`.
        """
        at_work = Membership.objects.current().of_role(Role.REPORTER).filter(department=OuterRef("lead_department"))
        led = Q(status__in=[*AT_THE_UNIT, TicketStatus.NEEDS_MORE], lead_department__isnull=False)
        all_rows, this = self.model.objects, Q(pk=OuterRef("pk"))
        return self.annotate(
            abandoned=ExpressionWrapper(led & ~Exists(at_work), models.BooleanField()),
            is_untold=Exists(all_rows.untold().filter(this)),
            is_displeased=Exists(all_rows.to_follow_up().filter(this)),
        )

    def closed_before(self, moment: datetime):
        """Nobody owes anything any more, and the last step lies before the moment."""
        closed = self.exclude(status__in=OPEN)
        return closed.annotate(last_step=models.Max("events__at")).filter(last_step__lt=moment)

    def answered_before(self, moment: datetime):
        """Answered, not rated, and the answer was given before the moment."""
        return self.filter(status=TicketStatus.ANSWERED, answered_at__lt=moment)

    def to_escalate(self, today: date, idle_since: date):
        """Past its day, untouched since before that day where the due day is not yet the alarm, or never answered."""
        desks = [one for one in RUNNING if one != TicketStatus.HANDLING]
        idle = Q(status__in=desks, since__date__lte=idle_since)
        late = Q(status__in=RUNNING, due_on__lt=today)
        chased = TRANSITIONS["escalate"].from_statuses
        rows = self.filter(status__in=chased, escalated_at=None).with_since()
        return rows.filter(late | idle | _unanswered(today))

    def publishable(self):
        asked = self.filter(consent_to_publish=True, merged_into=None)
        return asked.filter(status__in=REPLIED, published_at=None, taken_down_at=None)


def _no_clerk_may(user: User) -> Q:
    """Letters about a unit to which every clerk belongs, or answered by it; without any clerk all letters."""
    barred = desks_of(user).barred(Role.CLERK)
    return Q(pk__isnull=False) if barred is None else Q(about_department__in=barred) | Q(answered_by__in=barred)


def _unanswered(today: date) -> Q:
    return Q(answered_at=None, received_at__date__lte=today - timedelta(days=ALARM_DAYS))


class ReplyQuerySet(models.QuerySet):
    def sent(self):
        """What the person may read."""
        return self.filter(state=ReplyState.SENT)

    def in_check(self):
        return self.filter(state=ReplyState.CHECKING)
