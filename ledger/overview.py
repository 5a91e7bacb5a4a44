"""Entries of the record as a stranger may read them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger.models import GENESIS, Entry
from yantian_portal.lib.canonical import canonical, digest, instant

VERBS = {
    "accept_ticket": "受理诉求",
    "add_department": "登记单位",
    "add_evidence": "上传佐证材料",
    "add_post": "任职",
    "archive_plan": "文件归档",
    "assign_ticket": "转办诉求",
    "change_department": "变更单位",
    "change_password": "修改密码",
    "change_target": "调整目标值",
    "close_period": "填报截止",
    "confirm_proposed": "确认责任单位",
    "decline_ticket": "诉求不予受理",
    "describe_plan": "修改文件简称和来源",
    "designate": "指定责任单位",
    "drop_release": "撤回报审稿",
    "end_post": "离岗",
    "forget_contact": "删除联系方式",
    "hand_back_ticket": "退回诉求",
    "import_plan": "导入文件",
    "load_calendar": "载入工作日历",
    "open_period": "开放填报",
    "prepare_release": "准备发布",
    "publish": "公布进展",
    "publish_plan": "公布文件",
    "publish_ticket": "公开问答",
    "receive_ticket": "收到诉求",
    "redirect_ticket": "诉求转其他渠道",
    "release": "发布公报",
    "reply_ticket": "答复诉求",
    "reschedule_ticket": "重算答复期限",
    "return": "退回修改",
    "revise": "更正已公布的进展",
    "save_summary": "修改一句话说明",
    "schedule_period": "安排填报期",
    "see_contact": "查看联系方式",
    "set_tracked_from": "设定开始跟踪日期",
    "submit": "报送",
    "take_ticket": "接收诉求",
    "verify": "审核",
    "withdraw_ticket": "来信人撤回",
}
SUBJECTS = {
    "calendar": "工作日历",
    "department": "单位",
    "membership": "任职",
    "period": "填报期",
    "plan": "文件",
    "report": "进展填报",
    "task": "任务",
    "ticket": "诉求",
    "user": "账号",
}


@dataclass(frozen=True)
class EntryLine:
    """`facts` and the actor stay empty for internal entries: only that something happened is public."""

    entry: Entry
    verb: str
    subject: str
    facts: list[tuple[str, str]]
    payload: str

    @property
    def is_public(self) -> bool:
        return self.entry.visibility == Entry.Visibility.PUBLIC

    @property
    def actor(self) -> str:
        return f"{self.entry.actor_unit}{self.entry.actor_post}" if self.is_public else ""

    @property
    def demonstration(self) -> bool:
        return self.is_public and bool(json.loads(self.payload)["facts"].get("demonstration"))


def line_of(entry: Entry) -> EntryLine:
    public = entry.visibility == Entry.Visibility.PUBLIC
    facts = json.loads(entry.payload)["facts"] if public else {}
    subject = SUBJECTS.get(entry.subject_type, entry.subject_type)
    return EntryLine(
        entry=entry,
        verb=VERBS.get(entry.verb, entry.verb),
        subject=f"{subject} {entry.subject_id}" if public else subject,
        facts=[(name, spoken(value)) for name, value in sorted(facts.items())],
        payload=entry.payload if public else "",
    )


def spoken(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{spoken(value[0])} → {spoken(value[1])}"
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else canonical(value)


def digest_of(entry: Entry) -> str:
    return digest(entry.payload)


def export_lines() -> Iterator[str]:
    """The whole chain as JSON Lines; an internal entry gives the digest of its payload instead of the payload."""
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        yield canonical(exported(entry)) + "\n"


def exported(entry: Entry) -> dict[str, Any]:
    columns = ("seq", "verb", "subject_type", "subject_id", "visibility", "alg", "previous_hash", "hash")
    row = {name: getattr(entry, name) for name in columns} | {"recorded_at": instant(entry.recorded_at)}
    if entry.visibility == Entry.Visibility.PUBLIC:
        return row | {"payload": entry.payload}
    return row | {"payload_digest": digest_of(entry)}


def head() -> tuple[int, str]:
    """Number and hash of the newest entry; of an empty record 0 and the hash everything starts from."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)
