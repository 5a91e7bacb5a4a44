from django.db import models

from yantian_portal.lib.text import fold


class PlanQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(state="draft")


class TaskQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(plan__state="draft")

    def answered_for_by(self, department_ids):
        """Tasks one of these units answers for today, whatever the authority for it."""
        return self.filter(responsibilities__department__in=department_ids, responsibilities__valid_to=None).distinct()

    def matching(self, words: str):
        """All the words, each anywhere; two Chinese characters are as good as ten."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found


class TargetQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(valid_to=None)


class ResponsibilityQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(valid_to=None)

    def public(self, *, demo: bool):
        """What a stranger may read: an unconfirmed owner only in the demonstration, where it is labelled."""
        return self.in_force() if demo else self.in_force().exclude(basis="proposed")
