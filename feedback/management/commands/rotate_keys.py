"""Encrypts contacts, mails set aside and second factors anew with the newest key."""

from collections.abc import Callable

from django.utils import timezone

from common.commands import WritingCommand
from departments.actions import reseal_second_factors
from feedback import actions
from feedback.actions.key_rotation import Batch
from ledger.actions import Actor


class Command(WritingCommand):
    help = (
        "CONTACT_KEYS 最前面加了新密钥以后运行：联系方式、另放的邮件和登录验证器逐批改用新密钥"
        "加密；中断后再运行，接着做完"
    )

    def handle(self, *args: str, **options: object) -> None:
        self.rotate("联系方式", "条", actions.reseal_contacts)
        self.rotate("另放的邮件", "封", actions.reseal_mails)
        lost = reseal_second_factors()
        self.stdout.write(f"登录验证器都已处理，{lost} 个打不开，要由本人重新设置。")
        self.stdout.write("旧密钥请留在 CONTACT_KEYS 末尾，直到那时的查询码不再有人用。")

    def rotate(self, name: str, unit: str, reseal: Callable[..., Batch | None]) -> None:
        seen = resealed = lost = last = 0
        while batch := reseal(after=last, by=Actor(), at=timezone.now()):
            last, seen = batch.last, seen + batch.seen
            resealed, lost = resealed + batch.resealed, lost + batch.lost
        self.stdout.write(
            f"{name} {seen} {unit}：改用新密钥 {resealed} {unit}，原来就是新密钥"
            f" {seen - resealed - lost} {unit}。"
        )
        if lost:
            self.stdout.write(
                f"{lost} {unit}用现有的密钥都打不开：请把当时的密钥加回 CONTACT_KEYS 末尾，"
                "再运行一次。"
            )
