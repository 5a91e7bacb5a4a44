"""Everything the portal keeps about one letter and its writer, for people and programs to read."""

from base64 import b64encode
from typing import Any

from common.files.stored import LostFile, open_stored
from common.text.wording import stamp
from feedback.models import Addition, Reply, Ticket, TicketEvent


def own_copy(ticket: Ticket) -> dict[str, Any]:
    """The copy for the writer: nothing masked, each photo as JPEG in Base64.

    It holds nothing of other writers or of the head the letter was merged into.
    """
    replies = ticket.replies.sent().select_related("department", "rating")
    return {
        "登记编号": ticket.number,
        "类别": ticket.get_kind_display(),
        "办理状态": ticket.get_status_display(),
        "收到": stamp(ticket.received_at),
        "来源": ticket.get_channel_display(),
        "主题": ticket.subject_name,
        "有关承诺": ticket.task.title if ticket.task else "",
        "地点": ticket.location,
        "来信": ticket.text,
        "补充": list(map(_addition_fields, ticket.additions.all())),
        "照片": _photo_base64(ticket),
        "联系方式": _contact_text(ticket),
        "答复方式": ticket.get_reply_by_display(),
        "同意公开": "是" if ticket.consent_to_publish else "否",
        "告知版本": ticket.notice_version,
        "答复期限": ticket.due_on.isoformat(),
        "公开的问题": ticket.public_text,
        "公开的答复": ticket.public_reply,
        "答复": list(map(_reply_fields, replies)),
        "办理步骤": list(map(_step_fields, ticket.events.all())),
    }


def _contact_text(ticket: Ticket) -> str:
    contact = ticket.contact_or_none
    return (contact.text or contact.masked) if contact else ""


def _addition_fields(row: Addition) -> dict[str, str]:
    return {"时间": stamp(row.at), "内容": row.text, "照片": _photo_base64(row)}


def _photo_base64(row: Ticket | Addition) -> str:
    if not row.photo:
        return ""
    try:
        with open_stored(row.photo) as file:
            return b64encode(file.read()).decode()
    except LostFile as lost:
        return str(lost)


def _reply_fields(reply: Reply) -> dict[str, str]:
    fields = {"时间": stamp(reply.sent_at), "单位": reply.department.short_name, "内容": reply.text}
    rating = reply.rating_or_none
    return fields | (
        {"评价": rating.get_grade_display(), "评价说明": rating.words} if rating else {}
    )


def _step_fields(step: TicketEvent) -> dict[str, str]:
    return {
        "时间": stamp(step.at),
        "事项": step.get_verb_display(),
        "单位": step.unit,
        "说明": step.public_note,
    }
