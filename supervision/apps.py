"""Registers the room supervision with Django."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
