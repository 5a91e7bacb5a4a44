"""The words of supervision; each state stands beside its tone and the sets that queries ask for."""

from django.db import models

from common.ui.chips import Tone


class SlipState(models.TextChoices):
    """Who has a 督办单 now: the unit addressed, the issuer's side, or nobody any more."""

    ISSUED = "issued", "待回复"
    REPLIED = "replied", "待销号"
    SENT_BACK = "sent_back", "退回重办"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤销"


# The unit addressed owes an answer.
AWAITING_REPLY = [SlipState.ISSUED, SlipState.SENT_BACK]
# Nobody owes anything any more.
ENDED = [SlipState.CLOSED, SlipState.WITHDRAWN]
SLIP_TONES = {
    SlipState.ISSUED: Tone.COURSE,
    SlipState.REPLIED: Tone.COURSE,
    SlipState.SENT_BACK: Tone.BEHIND,
    SlipState.CLOSED: Tone.DONE,
    SlipState.WITHDRAWN: Tone.QUIET,
}


class SlipGround(models.TextChoices):
    """What led to a slip; its own words stand in `basis`."""

    RETURNED = "returned", "填报再次退回修改"
    OVERDUE = "overdue", "逾期未报送"
    REPORT = "report", "填报的内容"
    PUBLISHED = "published", "公布的状态"
    OTHER = "other", "其他督查情况"


# They rest on a report of a quarter, not on what was published about it.
REPORT_GROUNDS = [SlipGround.RETURNED, SlipGround.OVERDUE, SlipGround.REPORT]


class SlipStepKind(models.TextChoices):
    REPLIED = "replied", "回复"
    SENT_BACK = "sent_back", "退回重办"
    RAISED = "raised", "提高级别"
    CLOSED = "closed", "销号"
    WITHDRAWN = "withdrawn", "撤销"


# The last step of a slip.
ENDING_STEPS = [SlipStepKind.CLOSED, SlipStepKind.WITHDRAWN]


class CoordinationState(models.TextChoices):
    RAISED = "raised", "待决定"
    DECIDED = "decided", "已决定，待落实"
    CLOSED = "closed", "已办结"


OPEN_COORDINATION = [CoordinationState.RAISED, CoordinationState.DECIDED]
COORDINATION_TONES = {
    CoordinationState.RAISED: Tone.BEHIND,
    CoordinationState.DECIDED: Tone.COURSE,
    CoordinationState.CLOSED: Tone.DONE,
}


class CoordinationNoteKind(models.TextChoices):
    INSTRUCTION = "instruction", "批示"
    REPLY = "reply", "落实情况"
