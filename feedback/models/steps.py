from django.conf import settings
from django.db import models
from django.db.models import Q

from departments.models import Department
from feedback.models.tickets import Ticket
from yantian_portal.lib.crypto import decrypt, encrypt
from yantian_portal.lib.privacy import mask


class Contact(models.Model):
    """How to reach the person: a row of its own, sealed, deletable without touching the ticket."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="contact", verbose_name="诉求")
    sealed = models.TextField("联系方式（已加密）")

    class Meta:
        verbose_name = verbose_name_plural = "联系方式"
        constraints = [models.CheckConstraint(condition=~Q(sealed=""), name="contact_not_empty")]

    def __str__(self) -> str:
        return f"{self.ticket_id} ****"

    @classmethod
    def seal(cls, ticket: Ticket, text: str) -> "Contact":
        return cls.objects.create(ticket=ticket, sealed=encrypt(text))

    @property
    def text(self) -> str:
        return decrypt(self.sealed)

    @property
    def masked(self) -> str:
        return mask(self.text)


class TicketEvent(models.Model):
    """One dated step as the citizen reads it."""

    class Verb(models.TextChoices):
        RECEIVE = "receive", "收到"
        ACCEPT = "accept", "受理"
        DECLINE = "decline", "不予受理"
        REDIRECT = "redirect", "转其他渠道"
        ASSIGN = "assign", "转办"
        TAKE = "take", "开始办理"
        HAND_BACK = "hand_back", "退回重新转办"
        REPLY = "reply", "答复"
        PUBLISH = "publish", "公开"
        WITHDRAW = "withdraw", "撤回"
        TAKE_DOWN = "take_down", "撤下公开页"
        RESCHEDULE = "reschedule", "重算期限"

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", verbose_name="诉求")
    verb = models.CharField("事项", max_length=20, choices=Verb)
    at = models.DateTimeField("时间")
    unit = models.CharField("单位", max_length=80, blank=True)
    public_note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理步骤"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    verb__in=[
                        "receive",
                        "accept",
                        "decline",
                        "redirect",
                        "assign",
                        "take",
                        "hand_back",
                        "reply",
                        "publish",
                        "withdraw",
                        "take_down",
                        "reschedule",
                    ]
                ),
                name="ticket_event_verb",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.verb}"


class Reply(models.Model):
    """The unit's answer as sent to the person; what the public reads stands redacted on the ticket."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="replies", verbose_name="诉求")
    department = models.ForeignKey(Department, models.PROTECT, related_name="replies", verbose_name="答复单位")
    text = models.TextField("答复")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人")
    at = models.DateTimeField("答复时间")

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.department_id}"
