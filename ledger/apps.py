from django.apps import AppConfig
from django.core import checks
from django.db import connections

from ledger import triggers


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = "公开记录"

    def ready(self) -> None:
        checks.register(triggers_in_place, checks.Tags.database)


def triggers_in_place(app_configs, databases, **kwargs):
    """SQLite drops triggers silently when a migration rebuilds the table, so every migrate looks again."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if triggers.TABLE in connection.introspection.table_names():
            found += [
                checks.Error(f"ledger trigger {name} is missing in {alias}", id="ledger.E001")
                for name in triggers.missing(connection)
            ]
    return found
