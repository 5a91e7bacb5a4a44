"""Command that makes the first administrator of a new site."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from common.commands import WritingCommand
from departments.actions import create_person
from departments.models import Department, User
from departments.passwords import first_password
from departments.roles import Role
from ledger.actions import Actor


class Command(WritingCommand):
    help = "建立系统管理员账号；其他账号由管理员登录后在“参考数据”里建立"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="用户名")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument(
            "--department", required=True, metavar="SLUG", help="所在单位的网址名，例如 qufuban"
        )
        parser.add_argument(
            "--generate", action="store_true", help="自动生成首次密码；没有终端时也如此"
        )

    def handle(
        self, *, username: str, name: str, department: str, generate: bool, **_options: object
    ) -> None:
        unit = Department.objects.current().filter(slug=department).first()
        if unit is None:
            raise CommandError(f"单位表里没有 {department}，请先用 import_departments 载入单位表。")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"已经有用户名 {username}。")
        generated = generate or not sys.stdin.isatty()
        password = (
            first_password() if generated else self.ask_password(User(username=username, name=name))
        )
        create_person(
            username=username,
            name=name,
            password=password,
            memberships=[(unit, Role.ADMINISTRATOR)],
            by=Actor(),
            at=timezone.now(),
        )
        self.stdout.write(f"已建立系统管理员 {username}（{unit}），首次登录须改密码。")
        if generated:
            self.stdout.write(f"首次密码（只显示这一次）：{password}")

    def ask_password(self, user: User) -> str:
        """A password typed twice at the terminal; raises CommandError if it is not acceptable."""
        password = getpass.getpass("密码：")
        if password != getpass.getpass("再输一次："):
            raise CommandError("两次输入的密码不一样。")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        return password
