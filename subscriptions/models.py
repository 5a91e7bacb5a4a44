"""The outbox: notices, and when its commands last ran."""

from django.db import models
from django.db.models import Q

from departments.models import User
from subscriptions.choices import NoticeState
from subscriptions.querysets import NoticeQuerySet


class Event(models.TextChoices):
    """What a notice is about, in the order in which a mail lists it."""

    INSTRUCTED = "instructed", "领导批示"
    REPORT_RETURNED = "report_returned", "退回修改"
    SLIP_ISSUED = "slip_issued", "督办单"
    SLIP_SENT_BACK = "slip_sent_back", "督办单退回重办"
    SLIP_DUE = "slip_due", "请回复督办单"
    TICKET_ESCALATED = "ticket_escalated", "诉求提请督办"
    TICKET_RETURNED = "ticket_returned", "答复退回修改"
    TICKET_DUE = "ticket_due", "请答复诉求"
    TICKET_ASSIGNED = "ticket_assigned", "诉求转来"
    RELEASE_WARNING = "release_warning", "即将公布"
    CORRECTION_RETURNED = "correction_returned", "更正被退回"
    PART_NUDGED = "part_nudged", "牵头单位催交"
    REPORT_TO_SIGN = "report_to_sign", "请审签"
    REPORT_DUE = "report_due", "请报送进展"
    REVIEW_DUE = "review_due", "请核查填报"
    RELEASE_READY = "release_ready", "报审稿等您发布"
    CORRECTION_PROPOSED = "correction_proposed", "更正等您发布"
    COORDINATION_RAISED = "coordination_raised", "需协调事项等您决定"
    COORDINATION_DECIDED = "coordination_decided", "协调决定请您落实"
    COORDINATION_DUE = "coordination_due", "请报告落实情况"
    PERIOD_OPENED = "period_opened", "填报期已开放"
    CLOSED_EARLY = "closed_early", "填报期提前截止"
    FILE_LATE = "file_late", "可以补报"
    OBJECTION_DUE = "objection_due", "可以申请复核"
    VERDICT_DIFFERS = "verdict_differs", "督查核定与自评不一致"
    REPORT_VERIFIED = "report_verified", "审核通过"
    SLIP_ENDED = "slip_ended", "督办单已结束"


# Told, not asked: nothing has to be done about it.
ONLY_TOLD = {Event.VERDICT_DIFFERS, Event.REPORT_VERIFIED, Event.SLIP_ENDED}


class Notice(models.Model):
    """One line of the outbox: one person is notified of one thing once.
    Its text is made when it is sent.
    """

    event = models.CharField("事由", max_length=20, choices=Event)
    # Working days after the due day, negative before it; 0 where there is none.
    offset = models.SmallIntegerField("距期限工作日", default=0)
    # wp2013-18:2013-2 of a report, wp2013:2013-2 of a period, slip:2013-1 of a slip,
    # ticket:YT-2013-000001 of a letter; what comes again carries which time it is after an @.
    subject = models.CharField("对象", max_length=80)
    recipient = models.ForeignKey(
        User, models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    created_at = models.DateTimeField("生成时间")
    state = models.CharField(
        "状态", max_length=20, choices=NoticeState, default=NoticeState.WAITING
    )
    claimed_at = models.DateTimeField("正在发送", null=True, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    attempts = models.PositiveIntegerField("失败次数", default=0)
    last_error = models.CharField("最近一次失败", max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "offset", "subject", "recipient"], name="notice_once"
            ),
            models.CheckConstraint(condition=Q(event__in=Event.values), name="notice_event_known"),
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="notice_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENT, sent_at__isnull=False)
                | ~Q(state=NoticeState.SENT) & Q(sent_at=None),
                name="notice_sent_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.offset:+d} {self.subject} {self.recipient_id}"


class Run(models.Model):
    """When a command of the outbox last ran and what it reported,
    so that a stopped timer is noticed.
    """

    command = models.CharField("命令", max_length=40, unique=True)
    ran_at = models.DateTimeField("最近运行")
    result = models.CharField("结果", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "运行情况"

    def __str__(self) -> str:
        return f"{self.command} {self.ran_at}"
