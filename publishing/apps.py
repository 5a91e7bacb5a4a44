"""Registers the room publishing with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"
