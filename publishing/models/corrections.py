"""Corrections that were proposed for published content."""

import json
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department
from progress.choices import Pace
from publishing.choices import CORRECTIONS, CorrectionState, ReasonClass, Voice
from publishing.models.publications import Publication
from publishing.querysets.requests import CorrectionQuerySet


class CorrectionRequest(models.Model):
    """更正: the complete words of one voice as they are to be published in place of the wrong ones.

    The unit's voice has a narrative and readings, the supervisor's voice a verdict and a note.
    """

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="corrections", verbose_name="公布版本"
    )
    voice = models.CharField("更正的内容", max_length=20, choices=Voice)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name="提出单位"
    )
    reason_class = models.CharField("更正原因", max_length=20, choices=ReasonClass)
    reason = models.TextField("哪里错了，怎样改正")
    narrative = models.TextField("进展情况", blank=True)
    # Canonical JSON that maps an indicator id to its value, as a publication's content is.
    readings = models.TextField("数据", blank=True)
    assessment_pace = models.CharField("督查核定", max_length=20, choices=Pace, blank=True)
    assessment_note = models.TextField("核查意见", blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField(
        "状态", max_length=20, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    note = models.TextField("退回理由", blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state=CorrectionState.PROPOSED),
                name="correction_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CorrectionState.values), name="correction_state"
            ),
            models.CheckConstraint(
                condition=Q(voice=Voice.UNIT, assessment_pace="", assessment_note="")
                | Q(
                    voice=Voice.SUPERVISOR,
                    narrative="",
                    readings="",
                    assessment_pace__in=Pace.values,
                ),
                name="correction_of_own_words",
            ),
            models.CheckConstraint(
                condition=Q(reason_class__in=CORRECTIONS) & ~Q(reason=""),
                name="correction_explained",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_by=None, decided_at=None)
                # A withdrawn correction was decided by nobody; the day of withdrawal is kept.
                | Q(state=CorrectionState.WITHDRAWN, decided_by=None, decided_at__isnull=False)
                | ~Q(state__in=[CorrectionState.PROPOSED, CorrectionState.WITHDRAWN])
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.RETURNED) | ~Q(note=""),
                name="correction_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="correction_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.voice} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == CorrectionState.PROPOSED

    @property
    def is_of_the_unit(self) -> bool:
        """Whether it changes the unit's words, not the supervisor's."""
        return self.voice == Voice.UNIT

    @property
    def mistake(self) -> str:
        """The label of its reason without the prefix 更正,
        for places that print 更正 themselves.
        """
        return str(self.get_reason_class_display()).removeprefix("更正：")

    @property
    def values(self) -> dict[int, Decimal]:
        """Maps an indicator id to its right value."""
        return {int(pk): Decimal(value) for pk, value in json.loads(self.readings or "{}").items()}
