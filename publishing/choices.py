"""The choices of publishing: year-end outcomes, reasons, voices and states, with the sets of them.

Imports no model, so that models, querysets and forms can all use it.
"""

from django.db import models

from common.ui.chips import Tone


class Outcome(models.TextChoices):
    """年终结论: how a year's promise ended, as a person decides it; no rule computes it."""

    DONE = "done", "完成"
    EXCEEDED = "exceeded", "超额完成"
    PARTLY = "partly", "部分完成"
    NOT_DONE = "not_done", "未完成"
    DONE_CHANGED = "done_changed", "调整后完成"
    ENDED = "ended", "终止"


OUTCOME_TONES: dict[str, Tone] = {
    Outcome.DONE: Tone.DONE,
    Outcome.EXCEEDED: Tone.DONE,
    Outcome.PARTLY: Tone.BEHIND,
    Outcome.NOT_DONE: Tone.LATE,
    Outcome.DONE_CHANGED: Tone.DONE,
    Outcome.ENDED: Tone.QUIET,
}
# Outcomes that need a document; every outcome but 完成 needs a reason.
WITH_DOCUMENT = [Outcome.PARTLY, Outcome.NOT_DONE, Outcome.DONE_CHANGED, Outcome.ENDED]


class ReasonClass(models.TextChoices):
    """Why a revision of a publication exists."""

    FIRST = "first", "首次公布"
    LATE = "late", "逾期报送"
    FILED = "filed", "补充报送"
    ASSESSED = "assessed", "补充评估"
    LAPSED = "lapsed", "延期期满未报送"
    SLIP = "slip", "更正：笔误"
    DATA = "data", "更正：数据错误"
    SCOPE = "scope", "更正：口径调整"
    EVIDENCE = "evidence", "更正：佐证材料不实或失效"
    LIFTED = "lifted", "解除暂不公开"
    TAKEN_DOWN = "taken_down", "依法撤下"


CORRECTIONS = [ReasonClass.SLIP, ReasonClass.DATA, ReasonClass.SCOPE, ReasonClass.EVIDENCE]


class Voice(models.TextChoices):
    """Whose words a correction changes, which decides who may propose it."""

    UNIT = "unit", "单位填报"
    SUPERVISOR = "supervisor", "督查核定"


class CorrectionState(models.TextChoices):
    """Where a proposed correction is."""

    PROPOSED = "proposed", "待发布"
    PUBLISHED = "published", "已公布"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已收回"


class ObjectionState(models.TextChoices):
    """Where an objection is: filed, or decided with one of three outcomes."""

    FILED = "filed", "待复核"
    UPHELD = "upheld", "采纳"
    PARTLY = "partly", "部分采纳"
    REJECTED = "rejected", "维持"


# After these outcomes a supervisor proposes a correction.
UPHELD = [ObjectionState.UPHELD, ObjectionState.PARTLY]


class ReleaseState(models.TextChoices):
    """Where a release is: prepared, published, or dropped before its publication."""

    PREPARED = "prepared", "待发布"
    PUBLISHED = "published", "已发布"
    DROPPED = "dropped", "已撤回"


class ClearanceDecision(models.TextChoices):
    """Whether a task of a release is published or withheld by law."""

    PUBLIC = "public", "主动公开"
    WITHHELD = "withheld", "暂不公开"
