from django.db import models

from common.ui.chips import Tone


class TicketStatus(models.TextChoices):
    """Where a ticket is; the citizen reads the same words."""

    RECEIVED = "received", "已收到，待受理"
    NEEDS_MORE = "needs_more", "等待补充材料"
    ACCEPTED = "accepted", "已受理，待转办"
    ASSIGNED = "assigned", "已转办"
    HANDLING = "handling", "办理中"
    CHECKING = "checking", "答复审核中"
    MERGED = "merged", "并案办理中"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    DECLINED = "declined", "不予受理"
    REDIRECTED = "redirected", "已转其他渠道"
    SPAM = "spam", "无关信息，不办理"
    WITHDRAWN = "withdrawn", "已撤回"


class TicketVerb(models.TextChoices):
    """The steps the citizen reads, each with its day."""

    RECEIVE = "receive", "收到"
    ACCEPT = "accept", "受理"
    DECLINE = "decline", "不予受理"
    REDIRECT = "redirect", "转其他渠道"
    SPAM = "spam", "判为无关信息，不办理"
    ASK_MORE = "ask_more", "请补充材料"
    SUPPLEMENT = "supplement", "收到补充材料"
    ADD = "add", "来信人补充说明"
    RESUME = "resume", "不等补充，继续办理"
    MERGE = "merge", "并案"
    UNMERGE = "unmerge", "解除并案，重新受理"
    ASSIGN = "assign", "转办"
    REASSIGN = "reassign", "改派"
    TAKE = "take", "开始办理"
    HAND_BACK = "hand_back", "退回重新转办"
    ASK_EXTENSION = "ask_extension", "申请延期"
    EXTEND = "extend", "同意延期"
    REFUSE_EXTENSION = "refuse_extension", "不同意延期"
    SEND_TO_CHECK = "send_to_check", "答复送审核"
    RETURN_REPLY = "return_reply", "答复退回修改"
    REPLY = "reply", "答复"
    RATE = "rate", "评价"
    CLOSE = "close", "办结"
    REOPEN = "reopen", "要求重办"
    ESCALATE = "escalate", "提请督办"
    TELL = "tell", "告知来信人"
    FOLLOW_UP = "follow_up", "回访"
    PUBLISH = "publish", "公开"
    WITHDRAW = "withdraw", "撤回"
    WITHDRAW_CONSENT = "withdraw_consent", "撤回公开同意"
    DELETE_CONTACT = "delete_contact", "删除联系方式"
    TAKE_DOWN = "take_down", "撤下公开页"
    DISPUTE = "dispute", "提请核实公布的进展"
    DECIDE_REVIEW = "decide_review", "核实结论"
    RESCHEDULE = "reschedule", "重算期限"


Is = TicketStatus
# An answer is still owed.
OPEN = [Is.RECEIVED, Is.NEEDS_MORE, Is.ACCEPTED, Is.ASSIGNED, Is.HANDLING, Is.CHECKING, Is.MERGED]
# The office is at it: a clock runs. One that was merged runs with its head, one that needs more stands still.
RUNNING = [Is.RECEIVED, Is.ACCEPTED, Is.ASSIGNED, Is.HANDLING, Is.CHECKING]
AT_THE_UNIT = [Is.ASSIGNED, Is.HANDLING]
REPLIED = [Is.ANSWERED, Is.CLOSED]
TONES = {
    Is.NEEDS_MORE: Tone.BEHIND,
    Is.ACCEPTED: Tone.COURSE,
    Is.ASSIGNED: Tone.COURSE,
    Is.HANDLING: Tone.COURSE,
    Is.CHECKING: Tone.COURSE,
    Is.MERGED: Tone.COURSE,
    Is.ANSWERED: Tone.DONE,
    Is.CLOSED: Tone.DONE,
}
