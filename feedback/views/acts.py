"""What may be done to a ticket from its page: one line per deed, read by the page and by the view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from departments.models import User
from feedback import actions, forms
from feedback.models import MOVES, Ticket
from feedback.permissions import can_reply, can_screen


@dataclass(frozen=True)
class Act:
    verb: str
    title: str
    button: str
    done: str
    form: type[forms.PlainForm]
    deed: Callable
    may: Callable[[User, Ticket], bool]
    grave: bool = False


ACTS = {
    act.verb: act
    for act in (
        Act("accept", "受理", "受理", "已受理，请转办。", forms.AcceptForm, actions.accept, can_screen),
        Act("redirect", "转其他渠道", "转出", "已转出。", forms.RedirectForm, actions.redirect, can_screen, True),
        Act("decline", "不予受理", "不予受理", "已写明理由。", forms.DeclineForm, actions.decline, can_screen, True),
        Act("assign", "转办", "转办", "已转办。", forms.AssignForm, actions.assign, can_screen),
        Act("take", "接收", "接收办理", "已接收，请在期限前答复。", forms.PlainForm, actions.take, can_reply),
        Act("reply", "答复", "发出答复", "已答复来信人。", forms.ReplyForm, actions.reply, can_reply),
        Act("hand_back", "退回", "退回", "已退回受理员。", forms.HandBackForm, actions.hand_back, can_reply, True),
        Act("publish", "公开", "公开", "已公开到问答页。", forms.PublishForm, actions.publish, can_screen),
    )
}


def acts_for(user: User, ticket: Ticket) -> list[Act]:
    """What this person may do now."""
    return [act for act in ACTS.values() if is_timely(act, ticket) and act.may(user, ticket)]


def is_timely(act: Act, ticket: Ticket) -> bool:
    if act.verb == "hand_back" and ticket.handed_back_at:
        return False
    if act.verb == "publish" and not ticket.may_be_published:
        return False
    return ticket.status in MOVES[act.verb]


def empty_form(act: Act, ticket: Ticket, today: date) -> forms.PlainForm:
    return act.form(initial=_initial(act.verb, ticket, today), auto_id=f"{act.verb}_%s")


def _initial(verb: str, ticket: Ticket, today: date) -> dict:
    """What is known already. A complaint's own words are never proposed for forwarding."""
    complaint = ticket.kind == Ticket.Kind.COMPLAINT
    if verb == "accept":
        known = {} if complaint else {"about_department": "none", "handling_text": ticket.text}
        return {"kind": ticket.kind} | known
    if verb == "assign":
        return {"lead": _lead_of(ticket)}
    if verb == "publish":
        return {"public_text": ticket.handling_text, "public_reply": ticket.replies.last().text}
    return {"day": today}


def _lead_of(ticket: Ticket):
    first = ticket.task and ticket.task.responsibilities.in_force().order_by("order").first()
    return first.department_id if first and first.department_id != ticket.about_department_id else None
