from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from departments.models import Department, Role, User
from tasks.querysets import paper_of
from yantian_portal.lib.days import day_end

READS_FROM_SUBMITTED = [Role.SUPERVISOR, Role.LEADER]
READS_SLIPS = [Role.SUPERVISOR, Role.LEADER, Role.AUDITOR]


class PeriodQuerySet(models.QuerySet):
    def with_plan(self):
        return self.select_related("plan").defer(*paper_of("plan"))

    def public(self):
        return self.exclude(plan__state="draft")

    def quarters(self):
        return self.filter(kind="quarter")

    def open(self):
        return self.filter(state="open")

    def ahead(self):
        """Still to be released by a plan that runs, the soonest first."""
        return self.filter(plan__state="published").exclude(state="released").order_by("release_on")

    def released(self):
        return self.filter(state="released")


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Own units from the first draft; supervisors and leaders once submitted; publishers once verified."""
        own = user.departments_as(Role.REPORTER, Role.SIGNER)
        seen = Q(task__responsibilities__department__in=own, task__responsibilities__valid_to=None)
        if user.has_role(*READS_FROM_SUBMITTED):
            seen |= Q(first_submitted_at__isnull=False)
        if user.has_role(Role.PUBLISHER):
            seen |= Q(status__in=["verified", "released"])
        if user.has_role(Role.AUDITOR):
            return self
        return self.filter(seen).distinct()

    def with_places(self):
        """With task, period and plan, as far as a list names them."""
        return _with_places(self)

    def awaiting_review(self):
        return self.filter(status="submitted")


class EvidenceQuerySet(models.QuerySet):
    def public(self):
        """Marked public, and there when its report was published: a draft behind 未报送 stays private."""
        return self.filter(
            is_public=True,
            added_at__lte=models.F("contribution__report__publications__published_at"),
            contribution__report__publications__is_current=True,
            contribution__report__publications__withheld_basis="",
            contribution__report__publications__self_pace__gt="",
        ).distinct()

    def visible_to(self, user: User):
        from progress.models import ProgressReport

        return self.filter(contribution__report__in=ProgressReport.objects.visible_to(user))


class ClearanceQuerySet(models.QuerySet):
    def withheld(self):
        return self.filter(decision="withheld")

    def in_force(self):
        """Withheld from a quarter that is public, and not lifted since."""
        return self.withheld().filter(release__state="published", lifted_at=None)

    def with_places(self):
        rows = self.select_related("task", "release__period__plan")
        return rows.defer(*paper_of("release__period__plan"), "task__search_text")


class BreakdownQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state="proposed")

    def confirmed(self, day: date | None = None):
        """Those that hold; of a day past, those of them that held by then."""
        found = self.filter(state="confirmed")
        return found.filter(decided_at__lt=day_end(day)) if day else found


class PublicationQuerySet(models.QuerySet):
    def current(self):
        return self.filter(is_current=True)

    def published_by(self, day: date | None):
        """Every revision there was at the end of a day; without one, all."""
        return self.filter(published_at__lt=day_end(day)) if day else self

    def shown(self, day: date | None):
        """The newest revision of each line: now, or of those published by the end of a day.

        What had to be taken down by law comes back on no day: the next revision stands in its place.
        """
        if day is None:
            return self.current()
        line = self.model.objects.filter(task=models.OuterRef("task"), period=models.OuterRef("period"))
        newest = line.published_by(day).order_by("-revision").values("revision")[:1]
        found = self.readable().annotate(newest_then=models.Subquery(newest))
        between = {"revision__gte": models.OuterRef("newest_then"), "revision__lt": models.OuterRef("revision")}
        earlier = models.Exists(line.readable().filter(**between))
        return found.filter(~earlier, revision__gte=models.F("newest_then"))

    def readable(self):
        """Without those that had to be taken down: of them only a tombstone is shown."""
        return self.filter(taken_down_at=None)

    def of_quarter(self, year: int, quarter: int):
        return self.filter(period__kind="quarter", period__year=year, period__index=quarter)

    def never_filed(self, today: date):
        """Published without a word and not begun since: may be filed late. Not while a granted day is still ahead."""
        from progress.models import ExtensionRequest, ProgressReport

        here = {"task": OuterRef("task"), "period": OuterRef("period")}
        silent = self.current().filter(headline__in=["not_reported", "extended"])
        begun, allowed = ProgressReport.objects.filter(**here), ExtensionRequest.objects.running(today).filter(**here)
        return silent.exclude(Exists(begun)).exclude(Exists(allowed))

    def lapsed(self, today: date):
        """Shown as allowed to file later, and that day has passed in silence."""
        from progress.models import ProgressReport

        filed = ProgressReport.objects.filter(
            task=OuterRef("task"), period=OuterRef("period"), status__in=["submitted", "verified", "released"]
        )
        return self.current().filter(headline="extended", extended_to__lt=today).exclude(Exists(filed))

    def disagreeing(self):
        return self.exclude(self_pace="").exclude(assessment_pace="").exclude(self_pace=models.F("assessment_pace"))


class ExtensionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="asked")

    def granted(self):
        return self.filter(state="granted")

    def running(self, today: date):
        return self.granted().filter(granted_until__gte=today)

    def with_places(self):
        return _with_places(self.select_related("department", "asked_by", "decided_by"))


class UnlockQuerySet(models.QuerySet):
    def running(self, today: date):
        return self.filter(is_current=True, expires_on__gte=today)

    def with_places(self):
        return _with_places(self)


def _with_places(rows):
    return rows.select_related("task", "period__plan").defer(*paper_of("period__plan"), "task__search_text")


def _with_publication(rows):
    """With the publication, its task and plan, as far as a list names them."""
    heavy = ["publication__content", "publication__task__search_text", *paper_of("publication__period__plan")]
    places = ["publication__task", "publication__period__plan", "department", "decided_by"]
    return rows.select_related(*places).defer(*heavy)


class ObjectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="filed")

    def upheld(self):
        """In full or in part: a correction follows."""
        return self.filter(state__in=["upheld", "partly"])

    def with_places(self):
        return _with_publication(self.select_related("filed_by"))


class CorrectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="proposed")

    def with_places(self):
        return _with_publication(self.select_related("proposed_by"))


class SlipQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Supervisors, leaders and auditors read all; a unit its own and those of the units it came from."""
        if user.has_role(*READS_SLIPS):
            return self
        return self.filter(department__in=user.kin_as(Role.REPORTER, Role.SIGNER))

    def open(self):
        return self.exclude(state__in=["closed", "withdrawn"])

    def withdrawn(self):
        return self.filter(state="withdrawn")

    def standing(self):
        """Not issued in error, as it turned out."""
        return self.exclude(state="withdrawn")

    def awaiting_reply(self):
        return self.filter(state__in=["issued", "sent_back"])

    def with_places(self):
        rows = self.select_related("task__plan", "department", "unit", "issued_by")
        return rows.defer(*paper_of("task__plan"), "task__search_text")


class SlipFileQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        from progress.models import SupervisionSlip

        return self.filter(step__slip__in=SupervisionSlip.objects.visible_to(user))


def _answered_by(units: set[int]) -> Q:
    answers = Q(task__responsibilities__department__in=units, task__responsibilities__valid_to=None)
    return answers | Q(owner__in=Department.objects.kin_of(units))


class CoordinationQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="raised")

    def decided(self):
        return self.filter(state="decided")

    def in_hand(self):
        return self.exclude(state="closed")

    def overdue(self, today: date):
        return self.decided().filter(due_on__lt=today)

    def visible_to(self, user: User):
        """All of them for who oversees; a unit's people those they answer for, and those that it or a unit it came
        from raised or has to carry out.
        """
        if user.has_role(*READS_FROM_SUBMITTED, Role.AUDITOR):
            return self
        own = user.departments_as(Role.REPORTER, Role.SIGNER)
        return self.filter(_answered_by(own) | Q(department__in=Department.objects.kin_of(own))).distinct()

    def within(self, units: set[int], sections: set[int]):
        """Of these sections, about tasks these units answer for, or for them or their kin to carry out."""
        return self.filter(_answered_by(units) | Q(task__section__in=sections)).distinct()

    def with_places(self):
        return _with_places(self.select_related("department", "owner", "raised_by", "decided_by", "closed_by"))
