"""The choices of the letters: status, steps, kind, channel, reply, rating.

Imports nothing of ours.
"""

from django.db import models


class TicketStatus(models.TextChoices):
    """Where a letter is; the writer reads the same words."""

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
    """The steps of a letter as its writer reads them, each with its day."""

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


class ClockEffect(models.TextChoices):
    """What a step does to the days within which a letter has to be answered."""

    NONE = "none"
    STARTS = "starts"
    PAUSES = "pauses"
    RESUMES = "resumes"
    EXTENDS = "extends"


Is = TicketStatus
# An answer is still owed.
OPEN = [Is.RECEIVED, Is.NEEDS_MORE, Is.ACCEPTED, Is.ASSIGNED, Is.HANDLING, Is.CHECKING, Is.MERGED]
# The office is at it: a clock runs. One that was merged runs with its head, one that needs more
# stands still.
RUNNING = [Is.RECEIVED, Is.ACCEPTED, Is.ASSIGNED, Is.HANDLING, Is.CHECKING]
AT_THE_UNIT = [Is.ASSIGNED, Is.HANDLING]
REPLIED = [Is.ANSWERED, Is.CLOSED]


class TicketKind(models.TextChoices):
    """What the writer wants."""

    ENQUIRY = "enquiry", "咨询"
    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"


class TicketChannel(models.TextChoices):
    """How a letter, or a word about it, reached the portal."""

    WEB = "web", "网页"
    MAIL = "mail", "邮件"
    TELEPHONE = "telephone", "电话"
    COUNTER = "counter", "窗口"

    @classmethod
    def heard_by_staff(cls) -> list[tuple[str, str]]:
        """The channels other than the form, as a clerk chooses them."""
        return [(way.value, str(way.label)) for way in (cls.TELEPHONE, cls.MAIL, cls.COUNTER)]


class ReplyMethod(models.TextChoices):
    """How the writer wants to hear of the answer."""

    WEB = "web", "我自己上网查"
    TELEPHONE = "telephone", "打电话给我"
    SMS = "sms", "发短信给我"
    MAIL = "mail", "发邮件给我"

    @classmethod
    def on_the_form(cls) -> list[tuple[str, str]]:
        """The choices of the public form; only whoever wrote a mail is answered by mail."""
        return [(way.value, way.label) for way in cls if way != cls.MAIL]

    @classmethod
    def staff_choices(cls) -> list[tuple[str, str]]:
        """The choices in the words of the staff, who fill in the form for the writer."""
        return [
            (cls.WEB, "来信人自己上网查"),
            (cls.TELEPHONE, "打电话"),
            (cls.SMS, "发短信"),
            (cls.MAIL, "发邮件"),
        ]


class NotificationOutcome(models.TextChoices):
    """How the writer was notified, or that nobody could be reached."""

    TELEPHONE = "telephone", "已打电话告知"
    SMS = "sms", "已发短信告知"
    MAIL = "mail", "已发邮件告知"
    NOT_REACHED = "not_reached", "按留下的方式没有联系上"


class SetAsideReason(models.TextChoices):
    """Why a mail became no letter by itself."""

    UNREADABLE = "unreadable", "读不出来"
    TOO_LARGE = "too_large", "太大"
    EMPTY = "empty", "空的"
    AUTOMATIC = "automatic", "像是机器发的"

    @classmethod
    def of_machines(cls) -> list["SetAsideReason"]:
        """What nobody has to answer, if nobody looks at it."""
        return [cls.AUTOMATIC, cls.EMPTY]


class ReviewOutcome(models.TextChoices):
    """The outcome of the review of a published line that a letter called untrue."""

    UPHELD = "upheld", "属实"
    PARTLY = "partly", "部分属实"
    REJECTED = "rejected", "不属实"


class ReplyState(models.TextChoices):
    """How far a reply has come: to its check, back to the unit, or to the writer."""

    CHECKING = "checking", "待审核"
    RETURNED = "returned", "退回修改"
    SENT = "sent", "已发出"


class Adoption(models.TextChoices):
    """What becomes of a suggestion."""

    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    REJECTED = "rejected", "不采纳"


class RatingGrade(models.TextChoices):
    """What the writer thinks of one answer."""

    VERY_GOOD = "very_good", "非常满意"
    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"
    VERY_BAD = "very_bad", "非常不满意"


# As the state's own good-and-bad rating counts.
SATISFIED = [RatingGrade.VERY_GOOD, RatingGrade.GOOD, RatingGrade.FAIR]
DISSATISFIED = [RatingGrade.BAD, RatingGrade.VERY_BAD]
