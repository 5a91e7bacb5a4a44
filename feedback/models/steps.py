"""What belongs to a letter: contact, steps, additions, replies, ratings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.not_null import not_null
from common.security.crypto import NoKey, decrypt, encrypt
from common.security.personal_data import mask
from common.time.days import local_day
from departments.models import Department
from feedback.choices import Adoption, RatingGrade, ReplyState, TicketVerb
from feedback.models.photos import Pictured, photo_digest
from feedback.models.tickets import Ticket
from feedback.querysets import ReplyQuerySet
from feedback.rules.clocks import days_in_words

LOST = "打不开，缺少当时的密钥"


class Contact(models.Model):
    """How to reach the writer: an encrypted row of its own that can be deleted
    without the letter.
    """

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, related_name="contact", verbose_name="诉求"
    )
    sealed = models.TextField("联系方式（已加密）")

    class Meta:
        verbose_name = verbose_name_plural = "联系方式"
        constraints = [models.CheckConstraint(condition=~Q(sealed=""), name="contact_not_empty")]

    def __str__(self) -> str:
        return f"{self.ticket_id} ****"

    @classmethod
    def seal(cls, ticket: Ticket, text: str) -> "Contact":
        """Encrypts and saves the contact of a letter."""
        return cls.objects.create(ticket=ticket, sealed=encrypt(text))

    @property
    def text(self) -> str:
        """The contact in clear; "" where its key is lost, so that one lost contact breaks no
        page.
        """
        try:
            return decrypt(self.sealed)
        except NoKey:
            return ""

    @property
    def masked(self) -> str:
        """The contact with most digits hidden."""
        text = self.text
        return mask(text) if text else LOST


class TicketEvent(models.Model):
    """One dated step of a letter, as its writer reads it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", verbose_name="诉求")
    verb = models.CharField("事项", max_length=20, choices=TicketVerb)
    at = models.DateTimeField("时间")
    unit = models.CharField("单位", max_length=80, blank=True)
    public_note = models.TextField("说明", blank=True)
    inner_note = models.TextField("内部说明", blank=True)
    # The day it set or, of a wish for more time, the day wished for.
    due_on = models.DateField("期限", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经手人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "办理步骤"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=TicketVerb.values), name="ticket_event_verb"
            ),
            models.CheckConstraint(
                condition=~Q(verb__in=[TicketVerb.ASK_EXTENSION, TicketVerb.EXTEND])
                | Q(due_on__isnull=False),
                name="ticket_event_sets_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.verb}"


class Addition(Pictured):
    """What the writer sent later: more material, or why the work should be done again.
    As private as the letter.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="additions", verbose_name="诉求"
    )
    text = models.TextField("补充内容", blank=True)
    at = models.DateTimeField("时间")
    # The digest of the mail it came in, so that the mail is taken in once; "" of other ways.
    mail_mark = models.CharField("邮件校验值", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "补充材料"
        ordering = ["id"]
        constraints = [
            *Pictured.Meta.constraints,
            models.UniqueConstraint(
                fields=["mail_mark"], condition=~Q(mail_mark=""), name="addition_of_a_mail_once"
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(photo=""), name="addition_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.at}"

    def holds(self, text: str, photo: bytes | None) -> bool:
        """Whether the addition has just these words and this photo."""
        return (self.text, self.photo_sha256) == (text, photo_digest(photo))


class Reply(models.Model):
    """A unit's answer. The writer reads it once it is sent;
    the redacted public answer is kept on the letter.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="replies", verbose_name="诉求")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="replies", verbose_name="答复单位"
    )
    text = models.TextField("答复")
    adoption = models.CharField("采纳情况", max_length=20, choices=Adoption, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人"
    )
    at = models.DateTimeField("写成时间")
    state = models.CharField("状态", max_length=20, choices=ReplyState, default=ReplyState.SENT)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    return_reason = models.TextField("退回理由", blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    days = models.PositiveSmallIntegerField("用时工作日数", null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),
            models.CheckConstraint(
                condition=Q(adoption__in=["", *Adoption.values]), name="reply_adoption_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ReplyState.CHECKING,
                    checked_by=None,
                    return_reason="",
                    sent_at=None,
                    days=None,
                )
                | Q(state=ReplyState.RETURNED, checked_by__isnull=False, sent_at=None, days=None)
                & ~Q(return_reason="")
                | Q(
                    state=ReplyState.SENT,
                    return_reason="",
                    sent_at__isnull=False,
                    days__isnull=False,
                ),
                name="reply_sent_or_returned_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")),
                name="reply_checked_by_another",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state=ReplyState.CHECKING), name="reply_one_in_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.department_id}"

    @property
    def is_sent(self) -> bool:
        return self.state == ReplyState.SENT

    @property
    def days_in_words(self) -> str:
        """How long it took; of a sent reply only."""
        asked_on, sent_on = (
            local_day(moment) for moment in (self.ticket.received_at, not_null(self.sent_at))
        )
        return days_in_words(not_null(self.days), asked_on, sent_on)

    @property
    def rating_or_none(self) -> "Rating | None":
        """What the writer thinks of the answer; None before it was rated."""
        return getattr(self, "rating", None)


class Rating(models.Model):
    """The writer's rating of one answer, on five levels, given once."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="rating", verbose_name="答复")
    grade = models.CharField("评价", max_length=20, choices=RatingGrade)
    words = models.TextField("评价说明", blank=True)
    at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=RatingGrade.values), name="rating_on_five_levels"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.grade}"
