"""Command that gives the database role of the site its rights; run by the owner of the tables."""

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.db import connection

from common.commands import WritingCommand
from common.errors import Refused
from ledger.web_role import grant


class Command(WritingCommand):
    help = "给网站用的数据库账号授权：公开记录只能读和追加。每次 migrate 之后再运行一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="账号，如 portal_web；须先用 CREATE ROLE 建立")

    def handle(self, *, role: str, **_options: object) -> None:
        try:
            grant(connection, role)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"账号 {role} 已授权：公开记录只能读和追加。")
