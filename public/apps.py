"""The app of the public pages."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "public"
