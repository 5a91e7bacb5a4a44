"""Database triggers that make the ledger append-only, for both databases."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "ledger_entry"
NAMES = {
    "sqlite": ["ledger_entry_no_update", "ledger_entry_no_delete", "ledger_entry_no_replace"],
    "postgresql": ["ledger_entry_no_change", "ledger_entry_no_truncate"],
}
SQLITE = [
    *(
        f"CREATE TRIGGER ledger_entry_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    # REPLACE takes away what stands in its way, and the trigger for deletions is not asked.
    (
        "CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry WHEN EXISTS "
        "(SELECT 1 FROM ledger_entry WHERE id = NEW.id OR seq = NEW.seq OR hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    ),
]
BODY = "BEGIN RAISE EXCEPTION 'the ledger is append-only'; END"
# As PostgreSQL writes them, without the name of the schema.
DEFINITIONS = {
    "ledger_entry_no_change": (
        f"CREATE TRIGGER ledger_entry_no_change BEFORE DELETE OR UPDATE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
    ),
    "ledger_entry_no_truncate": (
        f"CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    ),
}
POSTGRESQL = [
    (
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ {BODY} $$"
    ),
    *DEFINITIONS.values(),
]


def install(connection: BaseDatabaseWrapper) -> None:
    """Creates the triggers; called by migrations."""
    with connection.cursor() as cursor:
        for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]:
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Removes the triggers, to take a migration back or to create them anew."""
    suffix = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in NAMES[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are missing or switched off."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in present]
