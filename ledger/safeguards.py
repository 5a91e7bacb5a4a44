"""Whether the database really refuses to change the record: the triggers say what they should,
and an attempt at each kind of change is refused.
"""

import re
from collections.abc import Iterator
from itertools import starmap
from typing import NamedTuple

from django.db import DatabaseError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger import triggers
from ledger.models import Entry

# Each would change nothing even if it were let through and stayed.
ATTEMPTS = {
    "sqlite": {
        "改动": "UPDATE ledger_entry SET verb = verb WHERE id = %d",
        "删除": "DELETE FROM ledger_entry WHERE id = %d",
        "替换": "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE id = %d",
    },
    "postgresql": {
        "改动": "UPDATE ledger_entry SET verb = verb WHERE id = %d",
        "删除": "DELETE FROM ledger_entry WHERE id = %d",
    },
}
# The lock that TRUNCATE asks for is not waited for: everybody else would wait behind it.
TRUNCATE = ("SET LOCAL lock_timeout = '500ms'", "TRUNCATE ledger_entry")


def faults(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """What is wrong with the safeguards, as Chinese sentences.

    Nothing of the attempts stays. Raises OperationalError where an attempt could not be made.
    """
    yield from {"sqlite": _faults_on_sqlite, "postgresql": _faults_on_postgresql}[
        connection.vendor
    ](connection)
    for name, *statements in _attempts(connection):
        if not _is_refused(connection, *statements):
            yield f"数据库没有拒绝{name}记录的尝试"


def owns_record(connection: BaseDatabaseWrapper) -> bool:
    """Whether this role could switch the triggers off; not asked on SQLite, which has no roles."""
    if connection.vendor != "postgresql":
        return False
    query = (
        "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class "
        "WHERE oid = 'ledger_entry'::regclass"
    )
    return bool(_rows(connection, query)[0][0])


def _attempts(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, ...]]:
    """What is tried, and the statements to try it with; of an empty record nothing of a row."""
    newest = Entry.objects.order_by("-seq").values_list("pk", flat=True).first()
    if newest is not None:
        for name, statement in ATTEMPTS[connection.vendor].items():
            yield name, statement % newest
    if connection.vendor == "postgresql":
        yield "清空", *TRUNCATE


def _is_refused(connection: BaseDatabaseWrapper, *statements: str) -> bool:
    """Whether the database refuses one of these statements; all is taken back."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            transaction.set_rollback(True, using=connection.alias)
    except OperationalError:
        raise
    except DatabaseError:
        return True
    return False


def _faults_on_sqlite(connection: BaseDatabaseWrapper) -> Iterator[str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    found = dict(_rows(connection, query, triggers.TABLE))
    expected = dict(zip(triggers.NAMES["sqlite"], triggers.SQLITE, strict=True))
    for name, text in expected.items():
        if name not in found:
            yield f"缺少防改触发器 {name}"
        elif _plain(found[name]) != _plain(text):
            yield f"防改触发器 {name} 的内容被改过"
    yield from (f"多出触发器 {name}" for name in sorted(found.keys() - expected.keys()))


class _Trigger(NamedTuple):
    """A trigger as PostgreSQL has it; `is_own`: its function belongs to whom the table does."""

    name: str
    is_on: bool
    definition: str
    body: str
    is_own: bool


TRIGGERS = """
SELECT t.tgname, t.tgenabled IN ('O', 'A'), pg_get_triggerdef(t.oid), f.prosrc,
    f.proowner = c.relowner AND l.lanname = 'plpgsql' AND f.proconfig IS NULL
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
    JOIN pg_language l ON l.oid = f.prolang
WHERE c.oid = 'ledger_entry'::regclass AND NOT t.tgisinternal ORDER BY t.tgname
"""
RULES = "SELECT rulename FROM pg_rewrite WHERE ev_class = 'ledger_entry'::regclass"


def _faults_on_postgresql(connection: BaseDatabaseWrapper) -> Iterator[str]:
    found = {trigger.name: trigger for trigger in starmap(_Trigger, _rows(connection, TRIGGERS))}
    for name in triggers.DEFINITIONS:
        if name in found:
            yield from _faults_of_trigger(found[name])
        else:
            yield f"缺少防改触发器 {name}"
    others = sorted(found.keys() - triggers.DEFINITIONS.keys())
    rules = [name for (name,) in _rows(connection, RULES)]
    yield from map("多出触发器 {}".format, others)
    yield from map("多出改写规则 {}".format, rules)


def _faults_of_trigger(trigger: _Trigger) -> Iterator[str]:
    name = trigger.name
    if not trigger.is_on:
        yield f"防改触发器 {name} 没有生效"
    if _plain(trigger.definition) != _plain(triggers.DEFINITIONS[name]):
        yield f"防改触发器 {name} 的内容被改过"
    if _plain(trigger.body) != _plain(triggers.BODY) or not trigger.is_own:
        yield f"防改触发器 {name} 调用的函数被改过"


def _plain(text: str) -> str:
    """The text without names of schemas and with single blanks."""
    return " ".join(re.sub(r'"?\b\w{1,63}"?\.(?=ledger_)', "", text).split())


def _rows(connection: BaseDatabaseWrapper, query: str, *values: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())
