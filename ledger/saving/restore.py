"""Restores a backup into an empty site."""

from pathlib import Path

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from common.errors import Refused
from ledger.saving.backup import Backup
from ledger.saving.snapshot import current_holdings, load_database
from ledger.saving.stored_files import all_names, digest_of_file, is_intact

# Apps that earlier versions of the portal had: their migrations stay in the list of a site.
RETIRED = {"axes"}
# What making the tables writes by itself.
MADE_WITH_TABLES = ("django_", "auth_")


def check_site_is_empty() -> None:
    """Raises Refused for a site that has rows or files: nothing is ever restored over them."""
    if table := next(filter(has_rows, tables_of_use()), None):
        raise Refused(f"这个数据库里已有数据（{table}），只能恢复到空的站点。请另建一个空库。")


def check_store_is_empty(backup: Backup) -> None:
    """Raises Refused for files that are not those of a restore that was broken off."""
    ours = dict(backup.present_files)
    for name in all_names():
        with default_storage.open(name) as file:
            if digest_of_file(file) != ours.get(name):
                raise Refused(f"上传文件的存放处已有文件（{name}），只能恢复到空的站点。")


def tables_of_use() -> list[str]:
    """The tables there are, but for those that making them fills."""
    ours = {model._meta.db_table for model in apps.get_models()}
    there = sorted(ours & set(connection.introspection.table_names()))
    return [table for table in there if not table.startswith(MADE_WITH_TABLES)]


def has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
        return cursor.fetchone() is not None


def check_backup(backup: Backup) -> None:
    """Raises Refused for a backup that this site cannot take, or that is not as it was made."""
    if backup.engine != connection.vendor:
        raise Refused(f"备份来自 {backup.engine}，这个站点用的是 {connection.vendor}。")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = set(backup.migrations) - known
    if newer := sorted(name for name in unknown if name.partition(".")[0] not in RETIRED):
        raise Refused(f"备份来自更新的版本（{newer[-1]}），请先更新程序再恢复。")
    parts = [(backup.database_file, backup.database_sha256)]
    parts += [(backup.path_of(sha256), sha256) for _, sha256 in backup.present_files]
    for path, sha256 in parts:
        if not is_intact(path, sha256):
            raise Refused(f"{path} 与备份时不同，或者不在了。")


def restore(backup: Backup) -> None:
    """Loads the files and the database, and compares both with what the backup says of them.

    The files come first: broken off between them, on a full disk for example, the database is
    still empty, and the same command goes on from there.

    Raises Refused where something is not as it was, and OSError for a full disk.
    """
    check_site_is_empty()
    check_backup(backup)
    check_store_is_empty(backup)
    there = set(all_names())
    for name, sha256 in backup.present_files:
        if name not in there:
            _put_back(name, backup.path_of(sha256))
    load_database(backup.database_file)
    now = current_holdings()
    if (now.counts, tuple(now.head), now.files) != (backup.counts, backup.head, backup.files):
        raise Refused("恢复后的行数、公开记录的末条或文件清单与备份不同，请不要启用这个站点。")


def _put_back(name: str, path: Path) -> None:
    with path.open("rb") as file:
        kept = default_storage.save(name, File(file))
    if kept != name:
        default_storage.delete(kept)
        raise Refused(f"存放处不接受 {name} 这个名称。")
