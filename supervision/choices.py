"""The choices of supervision: states, grounds and kinds of steps, with their tones and sets."""

from django.db import models

from common.ui.chips import Tone


class SlipState(models.TextChoices):
    """Whose turn it is with a slip: the unit's, that of the unit that issued it, or nobody's."""

    ISSUED = "issued", "待回复"
    REPLIED = "replied", "待销号"
    SENT_BACK = "sent_back", "退回重办"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤销"


# The unit has to reply.
AWAITING_REPLY = [SlipState.ISSUED, SlipState.SENT_BACK]
# No step is due any more.
ENDED = [SlipState.CLOSED, SlipState.WITHDRAWN]
SLIP_TONES: dict[str, Tone] = {
    SlipState.ISSUED: Tone.COURSE,
    SlipState.REPLIED: Tone.COURSE,
    SlipState.SENT_BACK: Tone.BEHIND,
    SlipState.CLOSED: Tone.DONE,
    SlipState.WITHDRAWN: Tone.QUIET,
}


class SlipGround(models.TextChoices):
    """What led to a slip; the slip's `basis` says it in words."""

    RETURNED = "returned", "填报再次退回修改"
    OVERDUE = "overdue", "逾期未报送"
    REPORT = "report", "填报的内容"
    PUBLISHED = "published", "公布的状态"
    OTHER = "other", "其他督查情况"


# These grounds refer to the report of a quarter, not to its publication.
REPORT_GROUNDS = [SlipGround.RETURNED, SlipGround.OVERDUE, SlipGround.REPORT]


class SlipStepKind(models.TextChoices):
    """What was done in a step of a slip."""

    REPLIED = "replied", "回复"
    SENT_BACK = "sent_back", "退回重办"
    RAISED = "raised", "提高级别"
    CLOSED = "closed", "销号"
    WITHDRAWN = "withdrawn", "撤销"


# Steps after which a slip has ended.
ENDING_STEPS = [SlipStepKind.CLOSED, SlipStepKind.WITHDRAWN]


class CoordinationState(models.TextChoices):
    """Where a coordination item is."""

    RAISED = "raised", "待决定"
    DECIDED = "decided", "已决定，待落实"
    CLOSED = "closed", "已办结"


OPEN_COORDINATION = [CoordinationState.RAISED, CoordinationState.DECIDED]
COORDINATION_TONES: dict[str, Tone] = {
    CoordinationState.RAISED: Tone.BEHIND,
    CoordinationState.DECIDED: Tone.COURSE,
    CoordinationState.CLOSED: Tone.DONE,
}


class CoordinationNoteKind(models.TextChoices):
    """Whether a note on an item is a leader's instruction or a report of the owner unit."""

    INSTRUCTION = "instruction", "批示"
    REPLY = "reply", "落实情况"
