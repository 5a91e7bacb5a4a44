"""The letter itself."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse

from common.security.crypto import code_fits, query_codes
from common.security.personal_data import without_personal_data
from common.text.wording import cn_date
from common.time.days import local_day
from common.ui.chips import Chip, Tone
from departments.models import Department, User
from feedback.choices import (
    OPEN,
    REPLIED,
    ReplyMethod,
    ReviewOutcome,
    TicketChannel,
    TicketKind,
    TicketStatus,
    TicketVerb,
)
from feedback.models.photos import Pictured
from feedback.models.ticket_constraints import TICKET_CONSTRAINTS
from feedback.querysets import TicketQuerySet
from feedback.rules.clocks import ALARM_DAYS
from feedback.subjects import subject_name
from feedback.transitions import TRANSITIONS
from publishing.models import Publication
from tasks.models import Task

if TYPE_CHECKING:
    from feedback.models.steps import Contact, Reply

TONES: dict[str, Tone] = {
    TicketStatus.NEEDS_MORE: Tone.BEHIND,
    TicketStatus.ACCEPTED: Tone.COURSE,
    TicketStatus.ASSIGNED: Tone.COURSE,
    TicketStatus.HANDLING: Tone.COURSE,
    TicketStatus.CHECKING: Tone.COURSE,
    TicketStatus.MERGED: Tone.COURSE,
    TicketStatus.ANSWERED: Tone.DONE,
    TicketStatus.CLOSED: Tone.DONE,
}
NOT_SATISFIED = "评价不满意，等待核实"


class Ticket(Pictured):
    """诉求: one enquiry, complaint or suggestion, from receipt to published answer."""

    # Set by `TicketQuerySet.with_owner`.
    abandoned: bool
    needs_notice: bool
    needs_follow_up: bool
    # Set by `TicketQuerySet.with_since`.
    since: datetime

    number = models.CharField("登记编号", max_length=30, unique=True)
    # Signed and handed out with the form: sending the same form twice finds the same ticket.
    form_token = models.CharField("一次性标记", max_length=64, unique=True)
    code_digest = models.CharField("查询码校验值", max_length=64)
    kind = models.CharField("类别", max_length=20, choices=TicketKind)
    status = models.CharField(
        "办理状态", max_length=20, choices=TicketStatus, default=TicketStatus.RECEIVED
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="有关任务"
    )
    # A key of the site's list, which may change under it; so no constraint knows the keys.
    subject = models.CharField("主题", max_length=40, blank=True)
    location = models.CharField("地点", max_length=100, blank=True)
    text = models.TextField("来信原文")
    channel = models.CharField("来源", max_length=20, choices=TicketChannel)
    reply_by = models.CharField(
        "答复方式", max_length=20, choices=ReplyMethod, default=ReplyMethod.WEB
    )
    consent_to_publish = models.BooleanField("同意公开", default=False)
    notice_version = models.CharField("告知版本", max_length=20)
    demonstration = models.BooleanField("演示", default=False)
    received_at = models.DateTimeField("收到时间")

    due_on = models.DateField("答复期限")
    due_days = models.PositiveSmallIntegerField("期限工作日数")
    due_provisional = models.BooleanField("期限暂定", default=False)
    # 2 once the person had it opened again: another piece of work with a day of its own.
    opening = models.PositiveSmallIntegerField("第几次办理", default=1)
    extension_asked_until = models.DateField("申请延期至", null=True, blank=True)
    escalated_at = models.DateTimeField("提请督办时间", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="并入"
    )

    about_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets_about",
        verbose_name="所涉单位",
    )
    # What is forwarded: the matter without the person. A unit complained of never reads anything
    # else.
    handling_text = models.TextField("交办内容", blank=True)
    declined_reason = models.TextField("不予受理的理由", blank=True)
    redirected_to = models.CharField("转往渠道", max_length=60, blank=True)
    redirected_on = models.DateField("转出日期", null=True, blank=True)
    redirected_number = models.CharField("对方编号", max_length=60, blank=True)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_tickets",
        verbose_name="主办单位",
    )
    supporting_departments = models.ManyToManyField(
        Department, blank=True, related_name="supported_tickets", verbose_name="协办单位"
    )
    handed_back_at = models.DateTimeField("退回时间", null=True, blank=True)
    hand_back_reason = models.TextField("退回理由", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    days_taken = models.PositiveSmallIntegerField("用时工作日数", null=True, blank=True)
    # Who gave the latest answer; the lead may be somebody else by now.
    answered_by = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_tickets",
        verbose_name="答复单位",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    # The public columns stand in one row, so that one check constraint can refuse a page without
    # redaction.
    public_text = models.TextField("公开的问题", blank=True)
    public_reply = models.TextField("公开的答复", blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_reason = models.CharField("撤下原因", max_length=200, blank=True)

    # 进展不实: the published line it calls untrue, and what the supervisors found; the words are
    # for the public.
    disputed = models.ForeignKey(
        Publication,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disputes",
        verbose_name="所指的公布版本",
    )
    review_by = models.DateField("核实期限", null=True, blank=True)
    review_outcome = models.CharField("核实结论", max_length=20, choices=ReviewOutcome, blank=True)
    review_note = models.TextField("核实说明", blank=True)
    reviewed_at = models.DateTimeField("核实时间", null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "诉求"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["status", "due_on"], name="ticket_desk"),
            models.Index(fields=["-published_at"], name="ticket_public"),
        ]
        constraints = [*Pictured.Meta.constraints, *TICKET_CONSTRAINTS]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("feedback:question", args=[self.number])

    @property
    def subject_name(self) -> str:
        return subject_name(self.subject)

    @property
    def reply_by_for_staff(self) -> str:
        return dict(ReplyMethod.staff_choices())[self.reply_by]

    @property
    def chip(self) -> Chip:
        """Its status, but nothing done while the office owes a step after the answer.

        Reads what `TicketQuerySet.with_owner` sets.
        """
        words, tone = self.get_status_display(), TONES.get(self.status, Tone.QUIET)
        if self.needs_follow_up:
            words, tone = NOT_SATISFIED, Tone.COURSE
        elif self.needs_notice and self.status in REPLIED:
            words, tone = "已答复，待告知", Tone.COURSE
        return Chip(words, tone, demo=self.demonstration)

    @property
    def is_complaint(self) -> bool:
        return self.kind == TicketKind.COMPLAINT

    @property
    def is_received(self) -> bool:
        return self.status == TicketStatus.RECEIVED

    @property
    def is_accepted(self) -> bool:
        return self.status == TicketStatus.ACCEPTED

    @property
    def is_assigned(self) -> bool:
        return self.status == TicketStatus.ASSIGNED

    @property
    def is_being_handled(self) -> bool:
        return self.status == TicketStatus.HANDLING

    @property
    def is_being_checked(self) -> bool:
        return self.status == TicketStatus.CHECKING

    @property
    def is_declined(self) -> bool:
        return self.status == TicketStatus.DECLINED

    @property
    def is_redirected(self) -> bool:
        return self.status == TicketStatus.REDIRECTED

    @property
    def is_spam(self) -> bool:
        return self.status == TicketStatus.SPAM

    @property
    def wants_no_message(self) -> bool:
        """Whether the writer looks the answer up instead of being notified."""
        return self.reply_by == ReplyMethod.WEB

    @property
    def wants_mail(self) -> bool:
        return self.reply_by == ReplyMethod.MAIL

    @property
    def wants_sms(self) -> bool:
        return self.reply_by == ReplyMethod.SMS

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def may_be_published(self) -> bool:
        """Whether the letter has consent, was never public and follows no other letter."""
        waiting = self.published_at is None and self.taken_down_at is None
        return self.consent_to_publish and waiting and self.merged_into_id is None

    @property
    def awaits_review(self) -> bool:
        """Whether a review of published progress is open."""
        return self.disputed_id is not None and not self.review_outcome

    @property
    def contact_or_none(self) -> "Contact | None":
        """How to reach the writer; None where nothing is kept."""
        return getattr(self, "contact", None)

    def allows(self, verb: str) -> bool:
        """Whether the moment is right for the transition; who may take it is another question."""
        return TRANSITIONS[verb].is_allowed(self)

    def advance(self, verb: str) -> None:
        """Sets the status to which the transition leads; not saved here."""
        self.status = TRANSITIONS[verb].status_after(self)

    def is_left_unanswered(self, today: date) -> bool:
        """Whether the letter was not answered in `ALARM_DAYS`;
        a merged one is counted with its head.
        """
        waits = self.is_open and self.status != TicketStatus.MERGED and self.answered_at is None
        return waits and local_day(self.received_at) <= today - timedelta(days=ALARM_DAYS)

    @property
    def closes_at(self) -> datetime | None:
        """Until when an answer may be rated or the work opened again."""
        return self.answered_at and self.answered_at + timedelta(
            days=settings.SITE["tickets"]["rating_days"]
        )

    @property
    def due_explanation(self) -> str:
        """How the due day on the receipt was counted; later shifts are explained by the steps."""
        received = cn_date(local_day(self.received_at))
        words = f"{self.get_kind_display()} {self.due_days} 个工作日，自 {received}次日起算"
        return f"{words}；日历未公布，暂按周一至周五推算" if self.due_provisional else words

    @property
    def query_code(self) -> str:
        """The code on the receipt, made again from the form's token with whichever
        key made it; never stored.
        """
        return next(
            code for code in query_codes(self.form_token) if code_fits(code, self.code_digest)
        )

    def concerns(self, user: User) -> bool:
        """Whether the letter is about a unit of this person or one related to it by a merger."""
        return (
            self.about_department_id is not None and self.about_department_id in user.related_units
        )

    def set_answer(self, sent: "Reply") -> None:
        """Takes over the facts of a sent reply; not saved here."""
        self.advance(TicketVerb.REPLY)
        self.extension_asked_until = None
        self.answered_at, self.days_taken, self.answered_by = (
            sent.sent_at,
            sent.days,
            sent.department,
        )

    def readable_text(self, user: User) -> str:
        """The words this person may read: the letter, or only what the desk wrote about it."""
        return self.handling_text if self.concerns(user) else self.text

    def listed_text(self, user: User) -> str:
        """The words by which lists name it to this person: what is to be done, as soon as the desk
        has written that; before, the letter without what looks like personal data.
        """
        return without_personal_data(self.handling_text or self.readable_text(user))
