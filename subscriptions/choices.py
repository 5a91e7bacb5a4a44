"""The choices of notices. Imports nothing of ours."""

from django.db import models


class NoticeState(models.TextChoices):
    """Whether a notice waits, was sent, or was no longer needed before it was sent."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    SETTLED = "settled", "发送前已办结"
