"""Supervision slips (督办单) with their steps, and the counter that numbers them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.not_null import not_null
from departments.models import Department
from progress.models import ReportingPeriod
from publishing.models import Publication
from supervision.choices import (
    AWAITING_REPLY,
    ENDED,
    ENDING_STEPS,
    REPORT_GROUNDS,
    SlipGround,
    SlipState,
    SlipStepKind,
)
from supervision.querysets.slips import SlipQuerySet
from tasks.models import Task


class SlipCounter(models.Model):
    """The last serial number given out in a year. Locking its row numbers one slip at a time."""

    year = models.PositiveSmallIntegerField("年", unique=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "督办单编号"

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class SupervisionSlip(models.Model):
    """What a supervisor demands of the lead unit of one task.

    `due_on` is the day by which the next step is due: the unit's reply, or the judgement of the
    unit that issued the slip. It is empty once the slip has ended.
    """

    year = models.PositiveSmallIntegerField("年")
    number = models.PositiveIntegerField("序号")
    task = models.ForeignKey(Task, models.PROTECT, related_name="slips", verbose_name="任务")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="slips", verbose_name="主送单位"
    )
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="发出单位")
    level = models.CharField("级别", max_length=20)
    ground = models.CharField("缘由", max_length=20, choices=SlipGround)
    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slips",
        verbose_name="填报期",
    )
    publication = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="公布版本",
    )
    basis = models.TextField("依据")
    demand = models.TextField("督办要求")
    # Level and day as issued; later ones are in the steps.
    first_level = models.CharField("发出时级别", max_length=20)
    first_due_on = models.DateField("发出时回复期限")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("发出时间")
    state = models.CharField("状态", max_length=20, choices=SlipState, default=SlipState.ISSUED)
    due_on = models.DateField("期限", null=True, blank=True)
    demonstration = models.BooleanField("演示", default=False)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="slip_serial_once"),
            # A task has one open slip at most; a more urgent matter is raised, not issued again.
            models.UniqueConstraint(
                fields=["task"], condition=~Q(state__in=ENDED), name="slip_one_open"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="slip_serial_starts_at_one"),
            models.CheckConstraint(
                condition=Q(state__in=SlipState.values),
                name="slip_state_known",
            ),
            # This also refuses a ground that is not one of SlipGround.
            models.CheckConstraint(
                condition=Q(ground=SlipGround.OTHER, period=None, publication=None)
                | Q(ground=SlipGround.PUBLISHED, period__isnull=False, publication__isnull=False)
                | Q(ground__in=REPORT_GROUNDS, period__isnull=False, publication=None),
                name="slip_ground_has_its_reference",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(demand="") & ~Q(level="") & ~Q(first_level=""),
                name="slip_says_it_all",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, due_on=None)
                | ~Q(state__in=ENDED) & Q(due_on__isnull=False),
                name="slip_due_until_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    def get_absolute_url(self) -> str:
        return reverse("supervision:slip", args=[self.year, self.number])

    @property
    def serial(self) -> str:
        """Its serial number as printed."""
        return f"督办〔{self.year}〕{self.number}号"

    @property
    def subject(self) -> str:
        """The name under which the ledger and the outbox refer to it."""
        return f"{self.year}-{self.number}"

    @property
    def awaits_reply(self) -> bool:
        """Whether the unit has to reply, for the first time or again."""
        return self.state in AWAITING_REPLY

    @property
    def next_due_on(self) -> date:
        """The day by which the next step is due, of a slip that has not ended."""
        return not_null(self.due_on)  # by the constraint slip_due_until_it_ends

    def is_overdue(self, today: date) -> bool:
        """Whether the unit should have replied before this day."""
        return self.awaits_reply and self.next_due_on < today

    @property
    def is_ended(self) -> bool:
        """Whether it is closed or withdrawn, so that no step is due any more."""
        return self.due_on is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was issued in error; it keeps its number and is counted apart."""
        return self.state == SlipState.WITHDRAWN


class SlipStep(models.Model):
    """One step taken with a slip after it was issued. Steps are added, never changed."""

    slip = models.ForeignKey(
        SupervisionSlip, models.PROTECT, related_name="steps", verbose_name="督办单"
    )
    kind = models.CharField("步骤", max_length=20, choices=SlipStepKind)
    words = models.TextField("内容")
    level = models.CharField("提高到", max_length=20, blank=True)
    # The day by which the step after this one is due.
    due_on = models.DateField("期限", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经手人"
    )
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "督办步骤"
        ordering = ["slip_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slip"], condition=Q(kind__in=ENDING_STEPS), name="slip_ended_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SlipStepKind.values), name="slip_step_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="slip_step_explained"),
            models.CheckConstraint(
                condition=Q(kind=SlipStepKind.RAISED) & ~Q(level="")
                | ~Q(kind=SlipStepKind.RAISED) & Q(level=""),
                name="slip_raised_to_a_level",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ENDING_STEPS, due_on=None)
                | ~Q(kind__in=ENDING_STEPS) & Q(due_on__isnull=False),
                name="slip_step_sets_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} {self.kind}"
