"""The app of the letters that citizens write, with a check that somebody takes them."""

from importlib import import_module

from django.apps import AppConfig
from django.core import checks


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "诉求"

    def ready(self) -> None:
        # The check asks models, which are there only now.
        found = import_module("feedback.checks").check_letters_are_taken
        checks.register(found, deploy=True)
