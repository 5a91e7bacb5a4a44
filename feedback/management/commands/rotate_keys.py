"""Encrypts the contacts anew with the newest key."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback import actions
from ledger.actions import Actor


class Command(BaseCommand):
    help = (
        "CONTACT_KEYS 最前面加了新密钥以后运行：联系方式逐批改用新密钥加密；中断后再运行，接着做完"
    )

    def handle(self, *args: str, **options: object) -> None:
        seen = resealed = lost = last = 0
        while batch := actions.reseal_contacts(after=last, by=Actor(), at=timezone.now()):
            last, seen = batch.last, seen + batch.seen
            resealed, lost = resealed + batch.resealed, lost + batch.lost
        self.stdout.write(
            f"联系方式 {seen} 条：改用新密钥 {resealed} 条，原来就是新密钥"
            f" {seen - resealed - lost} 条。"
        )
        if lost:
            self.stdout.write(
                f"{lost} 条用现有的密钥都打不开：请把当时的密钥加回 CONTACT_KEYS 末尾，再运行一次。"
            )
        self.stdout.write("旧密钥请留在 CONTACT_KEYS 末尾，直到那时的查询码不再有人用。")
