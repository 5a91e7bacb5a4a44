"""The app of the ledger, with a check that its database triggers exist."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ledger import triggers


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = "公开记录"

    def ready(self) -> None:
        checks.register(check_triggers, checks.Tags.database)


def check_triggers(
    *, databases: Sequence[str] | None = None, **_asked_for: object
) -> list[checks.CheckMessage]:
    """Reports missing triggers where all migrations of the ledger are applied.

    SQLite drops triggers silently when a migration rebuilds their table. `migrate` asks before it
    begins: a trigger that one of its migrations is about to bring is not missing.
    """
    errors: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes("ledger")):
            errors += [
                checks.Error(f"ledger trigger {name} is missing in {alias}", id="ledger.E001")
                for name in triggers.missing(connection)
            ]
    return errors
