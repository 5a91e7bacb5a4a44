from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from subscriptions.choices import NoticeState

# How long a run that died while sending keeps others from its notices.
CLAIM = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=NoticeState.WAITING)

    def settled(self):
        return self.filter(state=NoticeState.SETTLED)

    def free(self, at: datetime):
        """Waiting, and in no other run's hands."""
        return self.waiting().filter(Q(claimed_at=None) | Q(claimed_at__lte=at - CLAIM))

    def being_sent(self, at: datetime):
        return self.waiting().filter(claimed_at__gt=at - CLAIM)
