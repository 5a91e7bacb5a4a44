"""Proposals to close a period before its due day is over."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from progress.choices import EarlyClosingState
from progress.models.periods import ReportingPeriod
from progress.querysets.early_closings import EarlyClosingQuerySet


class EarlyClosing(models.Model):
    """提前截止: one person proposes it with the reason, another one confirms it.

    A proposal changes nothing for the units; it can be withdrawn until it is confirmed.
    """

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="early_closings", verbose_name="填报期"
    )
    reason = models.TextField("提前截止的理由")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField(
        "状态", max_length=20, choices=EarlyClosingState, default=EarlyClosingState.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认或撤回的人",
    )
    decided_at = models.DateTimeField("确认或撤回时间", null=True, blank=True)
    # Copied from TWO_PERSON_CLOSING, so that the row keeps the rule that applied to it.
    two_persons = models.BooleanField("须由两人完成", default=True)

    objects = EarlyClosingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提前截止"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state=EarlyClosingState.PROPOSED),
                name="early_closing_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EarlyClosingState.values), name="early_closing_state"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="early_closing_explained"),
            models.CheckConstraint(
                condition=Q(state=EarlyClosingState.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(state=EarlyClosingState.PROPOSED)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="early_closing_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=EarlyClosingState.CONFIRMED)
                | Q(two_persons=False)
                | ~Q(decided_by=F("proposed_by")),
                name="early_closing_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == EarlyClosingState.PROPOSED
