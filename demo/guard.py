"""The demonstration never reaches a site of real data, and no real data the demonstration."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from common.commands import database_in_words
from departments.models import User
from feedback.models import Ticket
from progress.models import ReportingPeriod

# What every account of the demonstration has, and no other.
ADDRESS = "@demo.example"
NAME = "_demo"


def refuse_real_data() -> None:
    """Raises CommandError where the demonstration would be loaded into a database of real data.

    On a server, where SECRET_KEY is set, its name has to say what it is for as well: what has been
    written to the record once can never be taken out.
    """
    name = Path(str(connection.settings_dict["NAME"])).stem
    if not settings.TRIAL and not name.endswith(NAME):
        raise CommandError(
            f"这是正式环境（设了 SECRET_KEY），演示数据只能装进名称以 {NAME} 结尾的空库；"
            f"现在的数据库是 {database_in_words()}。正式站点请去掉 DEMO=1。"
        )
    if has_real_data():
        raise CommandError(
            f"{database_in_words()} 里已有正式数据，不能再装演示数据。"
            "请去掉 DEMO=1，或者另用一个空库。"
        )


def has_real_data() -> bool:
    """Whether people, quarters or letters are there that the demonstration did not bring."""
    if User._meta.db_table not in connection.introspection.table_names():
        return False
    if User.objects.filter(email__endswith=ADDRESS).exists():
        return False
    return any(model.objects.exists() for model in (User, ReportingPeriod, Ticket))
