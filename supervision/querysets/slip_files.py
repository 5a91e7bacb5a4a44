"""Questions to the table of slip files."""

from typing import Self

from django.db import models

from departments.models import User
from supervision.models.slips import SupervisionSlip


class SlipFileQuerySet(models.QuerySet):
    """Files by the people who may see them."""

    def visible_to(self, user: User) -> Self:
        """The files of the slips that the person may see."""
        return self.filter(step__slip__in=SupervisionSlip.objects.visible_to(user))
