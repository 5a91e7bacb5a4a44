"""Publications: what the public reads of a task in a period, with its findings and readings."""

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.text.wording import number
from progress.choices import (
    MUST_EXPLAIN,
    PUBLISHED_STATES,
    WITHOUT_REPORT,
    Confidence,
    Method,
    Pace,
    Reporting,
    State,
    TargetBasis,
    Timing,
    Trajectory,
)
from progress.models import ProgressReport, ReportingPeriod
from publishing.choices import CORRECTIONS, ReasonClass
from publishing.models.releases import Release
from publishing.querysets.publications import PublicationQuerySet
from tasks.choices import TargetDirection
from tasks.models import Commitment, Indicator, Task


class Publication(models.Model):
    """One revision of what the public reads of a task in a period.

    Its content is never changed; what is corrected or added becomes the next revision.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="publications", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="publications", verbose_name="填报期"
    )
    revision = models.PositiveSmallIntegerField("版次")
    is_current = models.BooleanField("现行", default=True)
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name="填报",
    )
    release = models.ForeignKey(
        Release, models.PROTECT, related_name="publications", verbose_name="发布"
    )
    headline = models.CharField("公开状态", max_length=20, choices=State)
    self_pace = models.CharField("单位自评", max_length=20, choices=Pace, blank=True)
    assessment_pace = models.CharField("督查核定", max_length=20, choices=Pace, blank=True)
    # Empty when nothing is left to measure, because the promises were kept in time.
    timing = models.CharField("时限", max_length=20, choices=Timing, blank=True)
    trajectory = models.CharField("序时", max_length=20, choices=Trajectory)
    reporting = models.CharField("报送", max_length=20, choices=Reporting)
    # The day to which the deadline was extended; empty without an extension.
    extended_to = models.DateField("经批准延期至", null=True, blank=True)
    data_date = models.DateField("数据截至")
    first_filed_at = models.DateTimeField("首次报送", null=True, blank=True)
    narrative = models.TextField("进展情况", blank=True)
    # Public names of the partners of a joint item whose parts were missing when the lead filed.
    silent_units = models.TextField("未交本单位部分的单位", blank=True)
    assessed_how = models.CharField("核查方式", max_length=20, choices=Method, blank=True)
    confidence = models.CharField("把握程度", max_length=20, choices=Confidence, blank=True)
    assessment_note = models.TextField("核查意见", blank=True)
    assessor_unit = models.CharField("核查单位", max_length=80, blank=True)
    withheld_basis = models.CharField("暂不公开依据", max_length=200, blank=True)
    reason_class = models.CharField("版次原因", max_length=20, choices=ReasonClass)
    reason = models.TextField("说明", blank=True)
    # Public name of the unit that proposed the correction; empty for other revisions.
    corrected_by = models.CharField("更正由谁提出", max_length=80, blank=True)
    demonstration = models.BooleanField("演示", default=False)
    published_at = models.DateTimeField("公布时间")
    # The version of the published definitions of words (progress/definitions.py) that applied.
    definitions = models.CharField("词义版本", max_length=20, blank=True)
    # Set when a law required to take it down; the public sees that it existed and why it is gone.
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_basis = models.CharField("撤下依据", max_length=200, blank=True)
    content = models.TextField("公布内容")
    sha256 = models.CharField("校验值", max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公布版本"
        ordering = ["task", "period", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period", "revision"], name="publication_revision_once"
            ),
            models.UniqueConstraint(
                fields=["task", "period"],
                condition=Q(is_current=True),
                name="publication_one_current",
            ),
            models.CheckConstraint(
                condition=Q(headline__in=PUBLISHED_STATES), name="publication_headline_known"
            ),
            models.CheckConstraint(
                condition=Q(trajectory__in=Trajectory.values), name="publication_trajectory_known"
            ),
            models.CheckConstraint(
                condition=Q(reporting__in=Reporting.values), name="publication_reporting_known"
            ),
            models.CheckConstraint(
                condition=Q(timing="") | Q(timing__in=Timing.values),
                name="publication_timing_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    self_pace__in=["", *Pace.values], assessment_pace__in=["", *Pace.values]
                ),
                name="publication_paces_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    assessed_how__in=["", *Method.values], confidence__in=["", *Confidence.values]
                ),
                name="publication_check_known",
            ),
            models.CheckConstraint(
                condition=Q(reason_class__in=ReasonClass.values), name="publication_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(headline=State.WITHHELD) | ~Q(withheld_basis=""),
                name="publication_withheld_has_basis",
            ),
            models.CheckConstraint(
                condition=~Q(headline=State.EXTENDED) | Q(extended_to__isnull=False),
                name="publication_extended_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, reason_class=ReasonClass.FIRST)
                | Q(revision__gt=1) & ~Q(reason_class=ReasonClass.FIRST) & ~Q(reason=""),
                name="publication_revision_explained",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None, taken_down_basis="")
                | Q(taken_down_at__isnull=False, is_current=False) & ~Q(taken_down_basis=""),
                name="publication_taken_down_by_law",
            ),
            models.CheckConstraint(
                condition=Q(corrected_by="") | Q(reason_class__in=CORRECTIONS),
                name="publication_corrected_by_a_voice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse(
            "public:publication", args=[self.task.code, self.period.address, self.revision]
        )

    @property
    def is_unreported(self) -> bool:
        return self.headline == State.NOT_REPORTED

    @property
    def was_closed_early(self) -> bool:
        """Whether nothing had come when the period was closed before its due day."""
        return self.headline == State.CLOSED_EARLY

    @property
    def silent_unit_names(self) -> list[str]:
        """The partners of a joint item that filed no part, by their public names."""
        return self.silent_units.split("、") if self.silent_units else []

    @property
    def is_extended(self) -> bool:
        """Whether it was published while an extension of the unit was still running."""
        return self.headline == State.EXTENDED

    @property
    def has_no_report(self) -> bool:
        """Whether the unit had filed nothing, be it overdue or within an extension."""
        return self.headline in WITHOUT_REPORT

    @property
    def is_returned(self) -> bool:
        return self.headline == State.RETURNED

    @property
    def is_ended(self) -> bool:
        return self.headline == State.ENDED

    @property
    def was_filed_late(self) -> bool:
        return self.reporting == Reporting.LATE

    @property
    def needed_no_report(self) -> bool:
        """Whether the task had ended, or another task had taken it over, before the period."""
        return self.reporting == Reporting.NOT_ASKED

    @cached_property
    def numbers(self) -> "list[PublishedReading]":
        """Its readings. A preview of an unsaved publication sets them itself."""
        return list(self.readings.all())

    @cached_property
    def verdicts(self) -> "list[PublishedFinding]":
        """Its findings. A preview of an unsaved publication sets them itself."""
        return list(self.findings.all())

    @property
    def reason_label(self) -> str:
        """The label of its reason with the unit that proposed it,
        as in 更正：笔误 · 由安监局提出.
        """
        by = f" · 由{self.corrected_by}提出" if self.corrected_by else ""
        return f"{self.get_reason_class_display()}{by}"

    @property
    def why(self) -> str:
        """The label and the text of its reason; a text that repeats the label is left out."""
        label, text = str(self.get_reason_class_display()), self.reason.strip()
        is_repeated = text.strip("。") in {"", label, label.removeprefix("更正：")}
        return self.reason_label if is_repeated else f"{self.reason_label}。{text}"

    @property
    def voices_disagree(self) -> bool:
        return bool(
            self.self_pace and self.assessment_pace and self.self_pace != self.assessment_pace
        )

    @property
    def disagreement(self) -> str:
        """How the verdict differs from what the unit said, in words, where it does."""
        own, verdict = self.get_self_pace_display(), self.get_assessment_pace_display()
        return f"督查核定{verdict}，与自评{own}不一致"

    @property
    def awaits_assessment(self) -> bool:
        """Whether it shows the unit's verdict alone."""
        return bool(self.self_pace) and not self.assessment_pace


class PublishedFinding(models.Model):
    """The published verdicts on one commitment: the unit's own and the supervisor's."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="findings", verbose_name="公布版本"
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="published", verbose_name="承诺内容"
    )
    self_pace = models.CharField("单位自评", max_length=20, choices=Pace)
    assessment_pace = models.CharField("督查核定", max_length=20, choices=Pace, blank=True)
    note = models.TextField("说明", blank=True)
    assessment_note = models.TextField("核查意见", blank=True)
    by_default = models.BooleanField("一并填报", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "公布的逐条状态"
        ordering = ["publication_id", "commitment__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "commitment"], name="published_finding_once"
            ),
            models.CheckConstraint(
                condition=Q(self_pace__in=Pace.values, assessment_pace__in=["", *Pace.values]),
                name="published_finding_paces_known",
            ),
            # A report in progress may lack the explanation; a published one may not.
            models.CheckConstraint(
                condition=~Q(self_pace__in=MUST_EXPLAIN) | ~Q(note=""),
                name="published_finding_explains_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.commitment_id}"

    @property
    def pace(self) -> str:
        """The verdict that counts: the supervisor's, or the unit's as long as there is none."""
        return self.assessment_pace or self.self_pace


class PublishedReading(models.Model):
    """One published number with the target of that quarter, if there is one."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="readings", verbose_name="公布版本"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="published", verbose_name="指标"
    )
    value = models.DecimalField("实际值", max_digits=18, decimal_places=4)
    target = models.DecimalField(
        "当季目标值", max_digits=18, decimal_places=4, null=True, blank=True
    )
    target_max = models.DecimalField(
        "当季目标上限", max_digits=18, decimal_places=4, null=True, blank=True
    )
    target_direction = models.CharField(
        "当季目标方向", max_length=20, choices=TargetDirection, blank=True
    )
    target_basis = models.CharField("当季目标依据", max_length=20, choices=TargetBasis, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    trajectory = models.CharField("序时", max_length=20, choices=Trajectory)

    class Meta:
        verbose_name = verbose_name_plural = "公布的数据"
        ordering = ["publication_id", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "indicator"], name="published_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(trajectory__in=Trajectory.values), name="published_reading_trajectory"
            ),
            models.CheckConstraint(
                condition=Q(target=None, target_basis="")
                | Q(target__isnull=False, target_basis__in=TargetBasis.values),
                name="published_reading_target_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.indicator_id} {self.value}"

    @property
    def target_in_words(self) -> str:
        """The target with its direction, such as 不少于4000 or 10至12; empty without one."""
        if self.target is None:
            return ""
        upper = f"至{number(self.target_max)}" if self.target_max is not None else ""
        direction = self.target_direction
        unit = self.indicator.unit
        before = TargetDirection(direction).before(self.target, unit) if direction else ""
        return f"{before}{number(self.target)}{upper}"

    @property
    def has_printed_target(self) -> bool:
        return self.target_basis == TargetBasis.PRINTED

    @property
    def has_unknown_trajectory(self) -> bool:
        return self.trajectory == Trajectory.UNKNOWN
