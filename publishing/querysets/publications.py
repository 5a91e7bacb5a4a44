from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef

from common.time.days import day_end
from progress.choices import WITHOUT_REPORT, PeriodKind, ReportStatus, State
from progress.models import ExtensionRequest, ProgressReport


class PublicationQuerySet(models.QuerySet):
    def current(self):
        return self.filter(is_current=True)

    def published_by(self, day: date | None):
        """Every revision there was at the end of a day; without one, all."""
        return self.filter(published_at__lt=day_end(day)) if day else self

    def as_of(self, day: date | None):
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
        return self.filter(period__kind=PeriodKind.QUARTER, period__year=year, period__index=quarter)

    def never_filed(self, today: date):
        """Published without a word and not begun since: may be filed late. Not while a granted day is still ahead."""
        here = {"task": OuterRef("task"), "period": OuterRef("period")}
        silent = self.current().filter(headline__in=WITHOUT_REPORT)
        begun, allowed = ProgressReport.objects.filter(**here), ExtensionRequest.objects.running(today).filter(**here)
        return silent.exclude(Exists(begun)).exclude(Exists(allowed))

    def lapsed(self, today: date):
        """Shown as allowed to file later, and that day has passed in silence."""
        filed = ProgressReport.objects.filter(
            task=OuterRef("task"),
            period=OuterRef("period"),
            status__in=[ReportStatus.SUBMITTED, ReportStatus.VERIFIED, ReportStatus.RELEASED],
        )
        return self.current().filter(headline=State.EXTENDED, extended_to__lt=today).exclude(Exists(filed))

    def disagreeing(self):
        return self.exclude(self_pace="").exclude(assessment_pace="").exclude(self_pace=models.F("assessment_pace"))
