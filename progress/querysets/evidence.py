from django.db import models

from departments.models import User
from progress.models.reports import ProgressReport


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(contribution__report__in=ProgressReport.objects.visible_to(user))
