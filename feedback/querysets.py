from datetime import datetime

from django.db import models
from django.db.models import Q

from departments.models import Department, Role, User
from yantian_portal.lib.crypto import code_fits

UNFINISHED = ["received", "accepted", "assigned", "handling"]
READS_ALL = [Role.CLERK, Role.LEADER, Role.AUDITOR]
# Nothing a stranger's page may need beyond these; the letter itself is not even fetched.
PUBLIC_COLUMNS = [
    "number",
    "kind",
    "public_text",
    "public_reply",
    "received_at",
    "answered_at",
    "published_at",
    "days_taken",
    "demonstration",
    "lead_department__short_name",
    "lead_department__slug",
    "task__code",
    "task__title",
]


class TicketQuerySet(models.QuerySet):
    def published(self):
        rows = self.filter(published_at__isnull=False).select_related("lead_department", "task")
        return rows.only(*PUBLIC_COLUMNS).order_by("-published_at", "-id")

    def matching(self, words: str):
        """All the words, each in the public question or the public answer; the letter itself is never searched."""
        found = self
        for word in words.split():
            found = found.filter(Q(public_text__icontains=word) | Q(public_reply__icontains=word))
        return found

    def visible_to(self, user: User):
        """Clerks, leaders and auditors read all, supervisors the complaints, units what was forwarded to them.

        Whoever belongs to the unit a ticket is about sees it only once it was forwarded to that unit.
        """
        own = user.departments_as(Role.REPORTER, Role.SIGNER)
        forwarded = Q(lead_department__in=own) | Q(supporting_departments__in=own)
        seen = forwarded
        if user.has_role(Role.SUPERVISOR):
            seen |= Q(kind="complaint")
        if user.has_role(*READS_ALL):
            seen = Q()
        members = user.departments_as(*Role.values)
        concerned = Department.objects.filter(Q(pk__in=members) | Q(successor__in=members))
        return self.filter(seen).filter(~Q(about_department__in=concerned) | forwarded).distinct()

    def opened_with(self, number: str, code: str):
        """The ticket of this number if the code fits, else None; takes as long for a number nobody has."""
        ticket = self.with_parts().filter(number=number).first()
        fits = code_fits(code, ticket.code_digest if ticket else "0" * 64)
        return ticket if ticket and fits else None

    def with_parts(self):
        """What a desk line or a ticket's page shows beside the ticket's own columns."""
        return self.select_related("task", "lead_department", "about_department", "contact")

    def unfinished(self):
        """Somebody still owes a step, publication not counted."""
        return self.filter(status__in=UNFINISHED)

    def closed_before(self, moment: datetime):
        """Nobody owes anything any more, and the last step lies before the moment."""
        closed = self.exclude(status__in=UNFINISHED)
        return closed.annotate(last_step=models.Max("events__at")).filter(last_step__lt=moment)

    def publishable(self):
        return self.filter(status="answered", consent_to_publish=True, published_at=None, taken_down_at=None)
