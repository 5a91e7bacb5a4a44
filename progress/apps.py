"""The reporting of progress: periods, reports, assessments, extensions and breakdowns."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"
    verbose_name = "进展"
