from django.db import models


class EntryQuerySet(models.QuerySet):
    def public(self):
        return self.filter(visibility="public")

    def about(self, subject_type: str, *subject_ids):
        return self.filter(subject_type=subject_type, subject_id__in=[str(i) for i in subject_ids])

    def newest_first(self):
        return self.order_by("-seq")
