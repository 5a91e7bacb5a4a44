"""Questions to the table of publications."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from common.time.days import day_end
from progress.choices import WITHOUT_REPORT, PeriodKind, ReportStatus, State
from progress.models import ExtensionRequest, ProgressReport


class PublicationQuerySet(models.QuerySet):
    """Publications by revision, period and state."""

    def current(self) -> Self:
        return self.filter(is_current=True)

    def published_by(self, day: date | None) -> Self:
        """The revisions that were published by the end of `day`; all of them without a day."""
        return self.filter(published_at__lt=day_end(day)) if day else self

    def as_of(self, day: date | None) -> Self:
        """One revision of each task and period: the current one, or the newest by the end of `day`.

        A revision that was taken down by law is not shown for any day; the next readable revision
        stands in its place.
        """
        if day is None:
            return self.current()
        revisions: PublicationQuerySet = PublicationQuerySet(self.model).filter(
            task=models.OuterRef("task"), period=models.OuterRef("period")
        )
        newest = revisions.published_by(day).order_by("-revision").values("revision")[:1]
        readable = self.readable().annotate(newest_then=models.Subquery(newest))
        between = {
            "revision__gte": models.OuterRef("newest_then"),
            "revision__lt": models.OuterRef("revision"),
        }
        earlier = models.Exists(revisions.readable().filter(**between))
        return readable.filter(~earlier, revision__gte=models.F("newest_then"))

    def readable(self) -> Self:
        """Those that were not taken down; of the others the public sees only a notice."""
        return self.filter(taken_down_at=None)

    def of_quarter(self, year: int, quarter: int) -> Self:
        """Those of one quarter (1-4) of a year."""
        return self.filter(
            period__kind=PeriodKind.QUARTER, period__year=year, period__index=quarter
        )

    def never_filed(self, today: date) -> Self:
        """Published without a report, of which none was begun and no extension still runs.

        Where the period was closed early, a draft was begun before and says nothing.
        """
        same_task_and_period = {"task": OuterRef("task"), "period": OuterRef("period")}
        without_report = self.current().filter(headline__in=WITHOUT_REPORT)
        begun = ProgressReport.objects.filter(**same_task_and_period).exclude(
            ~Q(period__early_reason=""), status=ReportStatus.DRAFT
        )
        extended = ExtensionRequest.objects.running(today).filter(**same_task_and_period)
        return without_report.exclude(Exists(begun)).exclude(Exists(extended))

    def lapsed(self, today: date) -> Self:
        """Published as extended to a day that has passed without a report."""
        filed = ProgressReport.objects.filter(
            task=OuterRef("task"),
            period=OuterRef("period"),
            status__in=[ReportStatus.SUBMITTED, ReportStatus.VERIFIED, ReportStatus.RELEASED],
        )
        return (
            self.current()
            .filter(headline=State.EXTENDED, extended_to__lt=today)
            .exclude(Exists(filed))
        )

    def disagreeing(self) -> Self:
        """Those in which the unit and the supervisor gave different verdicts."""
        return (
            self.exclude(self_pace="")
            .exclude(assessment_pace="")
            .exclude(self_pace=models.F("assessment_pace"))
        )

    def open_to_objection(self, since: date) -> Self:
        """The current verdicts that differ from the unit's own, published on `since` or later, to
        which no unit has objected.
        """
        unopposed = self.current().disagreeing().filter(objections=None, withheld_basis="")
        return unopposed.filter(published_at__date__gte=since)
