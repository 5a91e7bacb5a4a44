"""The rights of a second database role on PostgreSQL, under which the site runs.

The owner of the tables can switch their triggers off, so the process that faces the network should
not be the owner. Its role may read and write everywhere, but only read and append the record.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common.errors import Refused
from ledger.models import Entry, RecordCheck

# The record, what was found of it, and the list of migrations, which only the owner continues.
APPENDED = (Entry._meta.db_table, RecordCheck._meta.db_table)
READ_ONLY = ("django_migrations",)

OF_THE_ROLE = """
SELECT r.rolsuper OR r.rolcreaterole OR pg_has_role(r.oid, c.relowner, 'MEMBER'),
    c.relnamespace::regnamespace::text
FROM pg_roles r, pg_class c WHERE r.rolname = %s AND c.oid = 'ledger_entry'::regclass
"""
CAN_CHANGE = "SELECT has_table_privilege(%s, 'ledger_entry', 'UPDATE, DELETE, TRUNCATE, TRIGGER')"


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Gives the role its rights, all at once; may be repeated, and has to be after each migrate.

    Raises Refused where there are no roles, where there is none of this name, and for a role that
    could change the record all the same.
    """
    if connection.vendor != "postgresql":
        raise Refused("只有 PostgreSQL 有数据库账号，SQLite 不用设置。")
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(OF_THE_ROLE, [role])
        found = cursor.fetchone()
        if found is None:
            raise Refused(f"数据库里没有账号 {role}，请先建立。")
        if found[0]:
            raise Refused(f"账号 {role} 是表的所有者或有管理权限，挡不住改动，请另建一个。")
        for statement in _statements(connection, role, schema=found[1]):
            cursor.execute(statement)
        cursor.execute(CAN_CHANGE, [role])
        if cursor.fetchone()[0]:
            raise Refused(f"账号 {role} 从别的账号那里得到了改动的权限，请先收回。")


def _statements(connection: BaseDatabaseWrapper, role: str, *, schema: str) -> list[str]:
    quote = connection.ops.quote_name
    who = quote(role)
    appended, read_only = (", ".join(map(quote, tables)) for tables in (APPENDED, READ_ONLY))
    return [
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {schema} FROM {who}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {who}, PUBLIC",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {who}, PUBLIC",
        f"GRANT USAGE ON SCHEMA {schema} TO {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {who}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {who}",
        f"REVOKE UPDATE, DELETE ON {appended} FROM {who}",
        f"REVOKE INSERT, UPDATE, DELETE ON {read_only} FROM {who}",
    ]
