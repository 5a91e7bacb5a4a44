"""The app of the staff pages that show several apps."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "workspace"
