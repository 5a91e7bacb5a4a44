"""Coordination items (需协调事项) and the notes on them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.not_null import not_null
from departments.models import Department
from progress.models import ReportingPeriod
from supervision.choices import OPEN_COORDINATION, CoordinationNoteKind, CoordinationState
from supervision.querysets.coordination import CoordinationQuerySet
from tasks.models import Task


class CoordinationItem(models.Model):
    """需协调事项: what a unit cannot settle by itself, from the request to the outcome. Never
    public.

    It came up in the report of its task and period.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="coordination", verbose_name="任务")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="coordination", verbose_name="填报期"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="提出单位"
    )
    text = models.TextField("需协调什么")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    raised_at = models.DateTimeField("提出时间")
    state = models.CharField(
        "状态", max_length=20, choices=CoordinationState, default=CoordinationState.RAISED
    )
    meeting = models.CharField("会议", max_length=120, blank=True)
    decision = models.TextField("决定", blank=True)
    # The day of the meeting, since which the papers of the next meeting report the changes.
    decided_on = models.DateField("决定日期", null=True, blank=True)
    owner = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="落实单位"
    )
    due_on = models.DateField("落实期限", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    decided_at = models.DateTimeField("登记时间", null=True, blank=True)
    outcome = models.TextField("落实结果", blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = CoordinationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需协调事项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period"],
                condition=Q(state__in=OPEN_COORDINATION),
                name="coordination_one_active",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CoordinationState.values), name="coordination_state"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="coordination_explained"),
            # An item that settled itself is closed without a decision.
            models.CheckConstraint(
                condition=~Q(state=CoordinationState.DECIDED)
                & Q(
                    meeting="",
                    decision="",
                    decided_on=None,
                    owner=None,
                    due_on=None,
                    decided_by=None,
                    decided_at=None,
                )
                | ~Q(state=CoordinationState.RAISED)
                & Q(decided_on__isnull=False, owner__isnull=False, due_on__isnull=False)
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(meeting="")
                & ~Q(decision=""),
                name="coordination_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("decided_on")),
                name="coordination_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=CoordinationState.CLOSED, closed_by__isnull=False, closed_at__isnull=False
                )
                & ~Q(outcome="")
                | ~Q(state=CoordinationState.CLOSED)
                & Q(closed_by=None, closed_at=None, outcome=""),
                name="coordination_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_id} {self.state}"

    @property
    def is_decided(self) -> bool:
        """Whether it is decided and not closed: its owner has to act by `due_on`."""
        return self.state == CoordinationState.DECIDED

    @property
    def decision_due_on(self) -> date:
        """The day by which the decision has to be carried out, of an item that is decided."""
        return not_null(self.due_on)  # by the constraint coordination_decided_whole

    @property
    def decision_owner(self) -> Department:
        """The unit that carries out the decision, of an item that is decided."""
        return not_null(self.owner)  # by the constraint coordination_decided_whole

    def days_late(self, today: date) -> int:
        """Calendar days since the decision was due; 0 where it is not overdue."""
        return max((today - self.decision_due_on).days, 0) if self.is_decided else 0


class CoordinationNote(models.Model):
    """An instruction (批示) of a leader or a report of the owner unit. Added, never changed."""

    item = models.ForeignKey(
        CoordinationItem, models.PROTECT, related_name="notes", verbose_name="需协调事项"
    )
    kind = models.CharField("种类", max_length=20, choices=CoordinationNoteKind)
    text = models.TextField("内容")
    day = models.DateField("日期")
    unit = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="单位")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="写的人"
    )
    written_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "批示和落实情况"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CoordinationNoteKind.values), name="coordination_note_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="coordination_note_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.day}"
