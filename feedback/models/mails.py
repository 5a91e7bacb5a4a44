"""The mails that made no letter by themselves, and the mails we sent about one."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.security.crypto import NoKey, decrypt, decrypt_bytes, encrypt, encrypt_bytes
from common.text.canonical import canonical
from feedback.choices import SetAsideReason
from feedback.models.tickets import Ticket
from feedback.querysets import SetAsideMailQuerySet

# Bytes of an original that are kept; the mailbox has all of it.
MOST_KEPT = 5 * 1024 * 1024


class SetAsideMail(models.Model):
    """A mail that became no letter, kept for the desk to look at.

    Its words and the original are encrypted, like a contact, because anything may stand in them.
    """

    # The digest of the mail as fetched: the same mail is set aside once.
    mark = models.CharField("校验值", max_length=64, unique=True)
    reason = models.CharField("为什么另放", max_length=20, choices=SetAsideReason)
    detail = models.CharField("说明", max_length=200, blank=True)
    sealed_words = models.TextField("读出的内容（已加密）")
    sealed_original = models.TextField("原件（已加密）")
    size = models.PositiveIntegerField("字节数")
    received_at = models.DateTimeField("收到时间")
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    settled_note = models.CharField("怎样处理的", max_length=200, blank=True)

    objects = SetAsideMailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "另放的邮件"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=SetAsideReason.values), name="set_aside_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(mark="") & ~Q(sealed_words="") & ~Q(sealed_original=""),
                name="set_aside_with_original",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, settled_note="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_note=""),
                name="set_aside_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.reason}"

    def seal(self, words: dict[str, str], original: bytes) -> None:
        """Encrypts what could be read of the mail and its beginning; the caller saves."""
        self.sealed_words = encrypt(canonical(words))
        self.sealed_original = encrypt_bytes(original[:MOST_KEPT])
        self.size = len(original)

    @property
    def words(self) -> dict[str, str]:
        """What could be read: `sender`, `subject`, `text`; empty where the key is lost."""
        try:
            return json.loads(decrypt(self.sealed_words))
        except NoKey:
            return {}

    @property
    def original(self) -> bytes:
        """The mail as it was fetched, or its beginning; raises NoKey where the key is lost."""
        return decrypt_bytes(self.sealed_original)

    @property
    def is_cut(self) -> bool:
        """Whether only the beginning of the original is kept."""
        return self.size > MOST_KEPT

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None


class SentMail(models.Model):
    """A mail we sent to the writer of a letter, so that an answer to it finds the letter."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="sent_mails", verbose_name="诉求"
    )
    message_id = models.CharField("邮件标识", max_length=255, unique=True)
    sent_at = models.DateTimeField("发出时间")

    class Meta:
        verbose_name = verbose_name_plural = "发出的邮件"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(message_id=""), name="sent_mail_has_an_id")
        ]

    def __str__(self) -> str:
        return self.message_id
