from django.db import models


class NoticeState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    SETTLED = "settled", "发送前已办结"
