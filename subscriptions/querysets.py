"""Queries on the notices of the outbox."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from subscriptions.choices import NoticeState

# How long a run that died while sending keeps others from its notices.
CLAIM = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        """Notices that wait to be sent."""
        return self.filter(state=NoticeState.WAITING)

    def settled(self):
        """Notices taken out because they were no longer needed."""
        return self.filter(state=NoticeState.SETTLED)

    def free(self, at: datetime):
        """Waiting notices that no other run has claimed."""
        return self.waiting().filter(Q(claimed_at=None) | Q(claimed_at__lte=at - CLAIM))

    def being_sent(self, at: datetime):
        """Waiting notices that a run has claimed."""
        return self.waiting().filter(claimed_at__gt=at - CLAIM)
