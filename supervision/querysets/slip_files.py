from django.db import models

from departments.models import User
from supervision.models.slips import SupervisionSlip


class SlipFileQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(step__slip__in=SupervisionSlip.objects.visible_to(user))
