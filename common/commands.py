"""The base of the commands that write: they say to where, and what stopped them in a sentence."""

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

TROUBLES = {
    re.compile("locked|lock timeout"): (
        "数据库正被别的程序占用，请过一会儿再运行一次；什么也没有改动。"
    ),
    re.compile("no such (table|column)|does not exist"): (
        "数据库里还没有需要的表，请先运行 manage.py bootstrap（升级后也要运行）。"
    ),
}
UNREACHABLE = "连不上数据库，请看数据库是否在运行、环境文件里的 DATABASE_URL 是否正确。"


def database_in_words(database: BaseDatabaseWrapper = connection) -> str:
    """Which database this is, without the password: SQLite /srv/portal/var/portal.sqlite3."""
    chosen = database.settings_dict
    if database.vendor == "sqlite":
        return f"SQLite {chosen['NAME']}"
    host = chosen.get("HOST") or "本机"
    return f"PostgreSQL {chosen['NAME']}（{host}，账号 {chosen.get('USER') or '未写'}）"


def trouble_in_words(error: DatabaseError) -> str:
    """What an operator can do about an error of the database; "" for a fault of ours."""
    known = (words for said, words in TROUBLES.items() if said.search(str(error)))
    return next(known, UNREACHABLE if isinstance(error, OperationalError) else "")


class WritingCommand(BaseCommand):
    """A command that changes the site.

    It says on stderr which site and which database it is about to change, so that what was meant
    for one is noticed when it goes to another.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Runs the command; raises CommandError for what an operator can mend."""
        site = f"{settings.SITE['name']}{'（演示）' if settings.DEMO else ''}"
        if options.get("verbosity", 1):
            self.stderr.write(f"站点：{site}；数据库：{database_in_words()}", self.style.NOTICE)
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if words := trouble_in_words(error):
                raise CommandError(words) from error
            raise
