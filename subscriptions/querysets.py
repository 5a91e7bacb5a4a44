"""Queries on the notices of the outbox."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from subscriptions.choices import NoticeState

if TYPE_CHECKING:
    from subscriptions.models import Notice

# How long a run that died while sending keeps others from its notices.
CLAIM = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> Self:
        """Notices that wait to be sent."""
        return self.filter(state=NoticeState.WAITING)

    def settled(self) -> Self:
        """Notices taken out because they were no longer needed."""
        return self.filter(state=NoticeState.SETTLED)

    def free(self, at: datetime) -> Self:
        """Waiting notices that no other run has claimed."""
        return self.waiting().filter(Q(claimed_at=None) | Q(claimed_at__lte=at - CLAIM))

    def being_sent(self, at: datetime) -> Self:
        """Waiting notices that a run has claimed."""
        return self.waiting().filter(claimed_at__gt=at - CLAIM)
