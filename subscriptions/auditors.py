"""Tells the auditors what the nightly check of the record found, each by a message of their own."""

from departments.models import Membership, User
from departments.roles import Role
from subscriptions.channels import Channel, Undelivered


def tell_auditors(channel: Channel | None, subject: str, text: str) -> str:
    """Sends the message to everybody who is an auditor today; returns in Chinese how it went.

    It does not wait in the outbox: a head is worth something once it has left the database.
    """
    if channel is None:
        return "没有配置发送方式，没有告知审计员。"
    try:
        reached = [_is_reached(channel, person, subject, text) for person in _auditors()]
    except OSError as error:
        return f"没有告知审计员：{error}。"
    missed = f"{reached.count(False)} 位没有送达。" if False in reached else ""
    return f"已告知 {reached.count(True)} 位审计员。{missed}"


def _auditors() -> list[User]:
    rows = Membership.objects.current().of_role(Role.AUDITOR).select_related("user").order_by("pk")
    return list({row.user_id: row.user for row in rows}.values())


def _is_reached(channel: Channel, person: User, subject: str, text: str) -> bool:
    try:
        channel.send(person, subject, text)
    except Undelivered:
        return False
    return True
