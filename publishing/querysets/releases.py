from django.db import models

from tasks.querysets import paper_of


class ClearanceQuerySet(models.QuerySet):
    def withheld(self):
        return self.filter(decision="withheld")

    def in_force(self):
        """Withheld from a quarter that is public, and not lifted since."""
        return self.withheld().filter(release__state="published", lifted_at=None)

    def with_places(self):
        rows = self.select_related("task", "release__period__plan")
        return rows.defer(*paper_of("release__period__plan"), "task__search_text")
