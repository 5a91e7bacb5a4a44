"""The app of the public pages, which read across rooms; it looks at the whole site as well."""

from importlib import import_module

from django.apps import AppConfig
from django.core import checks


class PublicConfig(AppConfig):
    name = "public"

    def ready(self) -> None:
        # The check asks models, which are there only now.
        found = import_module("public.checks").check_what_is_forgotten
        checks.register(found, deploy=True)
