"""The supervisor's assessment of a report."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from departments.models import Department
from progress.choices import Confidence, Method, Pace
from progress.models.reports import Finding, ProgressReport


class Assessment(models.Model):
    """督查核定: the supervisor's assessment of a report, beside the unit's own and never in its
    place.

    A later assessment of the same report ends the earlier one.
    """

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="assessments", verbose_name="填报"
    )
    pace = models.CharField("督查核定", max_length=20, choices=Pace)
    how = models.CharField("核查方式", max_length=20, choices=Method)
    confidence = models.CharField("把握程度", max_length=20, choices=Confidence)
    note = models.TextField("核查意见", blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核查人"
    )
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="核查单位")
    assessed_at = models.DateTimeField("核查时间")
    # The version of progress/definitions.py in force when it was made; empty for the oldest.
    definitions = models.CharField("词义版本", max_length=20, blank=True)
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "督查核定"
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(is_current=True), name="assessment_one_current"
            ),
            models.CheckConstraint(condition=Q(pace__in=Pace.values), name="assessment_pace_known"),
            models.CheckConstraint(
                condition=Q(how__in=Method.values), name="assessment_method_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="assessment_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.pace}"

    def differs_from(self, report: ProgressReport) -> bool:
        """Whether it says anything else than the unit, as a whole or on a commitment."""
        return self.pace != report.pace or bool(self.findings.all())


class AssessedFinding(models.Model):
    """逐条核定: the supervisor's assessment of one commitment where it differs from the unit's."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="findings", verbose_name="督查核定"
    )
    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="assessed", verbose_name="逐条自评"
    )
    pace = models.CharField("督查核定", max_length=20, choices=Pace)
    note = models.TextField("核查意见")

    class Meta:
        verbose_name = verbose_name_plural = "逐条核定"
        ordering = ["assessment_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "finding"], name="assessed_finding_once"),
            models.CheckConstraint(
                condition=Q(pace__in=Pace.values), name="assessed_finding_pace_known"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="assessed_finding_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.pace}"
