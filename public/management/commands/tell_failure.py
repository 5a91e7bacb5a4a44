"""Command that tells the log, and so ADMINS, that a service of the site has failed."""

import logging

from django.core.management.base import CommandParser

from common.commands import WritingCommand

logger = logging.getLogger(__name__)


class Command(WritingCommand):
    help = "记下某个定时任务或服务没有成功，并发信给 ADMINS；由 systemd 的 OnFailure 调用"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("unit", help="例如 portal-backup.service")

    def handle(self, *, unit: str, **_options: object) -> None:
        logger.error("%s has failed; see journalctl -u %s", unit, unit)
