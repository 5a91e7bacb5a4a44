"""The forms, buttons and actions of a letter's page, keyed by the verb of the transition.

`feedback/transitions.py` says who may take a step and when.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from departments.models import User
from feedback import actions
from feedback.choices import DISSATISFIED, ReplyMethod, ReplyState, TicketVerb
from feedback.forms import after_reply, handling, screening
from feedback.forms.action_form import ActionForm
from feedback.models import Reply, Ticket
from feedback.permissions import may_perform
from feedback.read_models.inbox import InboxStep
from feedback.transitions import TRANSITIONS

NO_TIME = "已答复主办单位，仍按原期限。"
NOTED = "已登记，来信人查进度时会看到。"
UNTRUE = "已提请督查员核实，来信照常办理。"
REVIEWED = "核实结论已公开。公布的内容要改的，请到那一版提出更正。"
DOWN = "已撤下，原网址只留编号、日期和理由。"
RATED_BADLY = "已登记，会有人回访来信人。"
UNREACHABLE = "已登记。来信人没有联系方式，不能回访；结果写在“回访”里，来信人查进度时会看到。"
REPLIED = "答复已记下，来信人凭编号和查询码可以看到。"
MOVES_THE_DAY = {TicketVerb.ASK_EXTENSION, TicketVerb.EXTEND}
TO_CHECK = "答复已送审核，通过后来信人才能看到。"
# After a step of which a writer who looks nothing up has to be told: how that is done.
STILL_TO_TELL = {
    ReplyMethod.TELEPHONE: "来信人要电话答复，由受理员告知",
    ReplyMethod.SMS: "来信人要短信答复，由受理员告知",
    ReplyMethod.MAIL: "来信人要邮件答复，由受理员告知",
}


@dataclass(frozen=True)
class TicketAction:
    """One form of a letter's page and the action that takes its answers.

    `done`: what the page says when the action went through. `grave`: the button is marked as one
    whose step cannot be taken back.
    """

    verb: str
    title: str
    button: str
    done: str
    form: type[ActionForm]
    action: Callable[..., Ticket | Reply]
    grave: bool = False

    def success_message(self, result: Ticket | Reply, answers: dict[str, Any]) -> str:
        """What the page says of the action's result, and nothing that has not happened: a reply may
        have to be checked first, a writer to be called.

        `answers`: what was typed. Whoever was not satisfied is followed up.
        """
        if answers.get("grade") in DISSATISFIED and isinstance(result, Ticket):
            return RATED_BADLY if result.contact_or_none else UNREACHABLE
        if getattr(result, "state", "") == ReplyState.CHECKING:
            return TO_CHECK
        if not TRANSITIONS[self.verb].notifies_writer:
            return self.done
        letter = Ticket.objects.with_owner().get(pk=getattr(result, "ticket_id", result.pk))
        if letter.needs_notice:
            return f"{self.done.rstrip('。')}；{STILL_TO_TELL[ReplyMethod(letter.reply_by)]}。"
        return self.done

    def form_for(
        self,
        ticket: Ticket,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> ActionForm:
        """The form for this letter, bound to the posted data and files if they are given."""
        return self.form(data, files, ticket=ticket, auto_id=f"{self.verb}_%s")


ACTIONS = {
    row.verb: row
    for row in (
        TicketAction(
            "pass_reply",
            "审核通过",
            "通过并发出",
            "已通过，来信人凭编号和查询码可以看到答复。",
            handling.PassReplyForm,
            actions.approve_reply,
        ),
        TicketAction(
            "return_reply",
            "退回修改",
            "退回修改",
            "已退回主办单位修改。",
            handling.ReturnReplyForm,
            actions.return_reply,
            grave=True,
        ),
        TicketAction(
            "extend",
            "同意延期",
            "同意延期",
            "已延期，来信人会看到新的期限。",
            handling.ExtendTicketForm,
            actions.extend,
        ),
        TicketAction(
            "refuse_extension",
            "不同意延期",
            "不同意",
            NO_TIME,
            handling.RefuseExtensionForm,
            actions.refuse_extension,
            grave=True,
        ),
        TicketAction(
            "accept", "受理", "受理", "已受理，请转办。", screening.AcceptForm, actions.accept
        ),
        TicketAction("assign", "转办", "转办", "已转办。", screening.AssignForm, actions.assign),
        TicketAction(
            "reassign",
            "改派",
            "改派",
            "已改派，期限不变。",
            screening.ReassignForm,
            actions.reassign,
            grave=True,
        ),
        TicketAction(
            "take",
            "接收",
            "接收办理",
            "已接收，请在期限前答复。",
            handling.TakeForm,
            actions.start_handling,
        ),
        TicketAction("reply", "答复", "发出答复", REPLIED, handling.TicketReplyForm, actions.reply),
        TicketAction(
            "ask_more",
            "请来信人补充材料",
            "发出",
            "补充要求已记下，期限停算。来信人凭编号和查询码可以看到。",
            handling.AskMoreForm,
            actions.ask_more,
        ),
        TicketAction(
            "resume",
            "不等补充，继续办理",
            "继续办理",
            "期限继续计算。",
            handling.ResumeForm,
            actions.resume,
        ),
        TicketAction(
            "ask_extension",
            "申请延期",
            "申请",
            "已申请。答复之前，仍按原期限。",
            handling.AskExtensionForm,
            actions.ask_extension,
        ),
        TicketAction(
            "merge",
            "并案",
            "并入",
            "已并案，主件的答复这位来信人也会看到。",
            screening.MergeTicketForm,
            actions.merge,
        ),
        TicketAction(
            "redirect",
            "转其他渠道",
            "转出",
            "已转出。",
            screening.RedirectForm,
            actions.redirect,
            grave=True,
        ),
        TicketAction(
            "decline",
            "不予受理",
            "不予受理",
            "已写明理由。",
            screening.DeclineForm,
            actions.decline,
            grave=True,
        ),
        TicketAction(
            "spam",
            "判为无关信息",
            "判为无关信息，不办理",
            "已关闭，不再办理。",
            screening.SpamForm,
            actions.spam,
            grave=True,
        ),
        TicketAction(
            "hand_back",
            "退回",
            "退回",
            "已退回受理员。",
            handling.HandBackTicketForm,
            actions.hand_back,
            grave=True,
        ),
        TicketAction(
            "supplement",
            "登记补充材料",
            "登记",
            NOTED,
            after_reply.NoteDownForm,
            actions.supplement,
        ),
        TicketAction(
            "add", "登记来信人的补充说明", "登记", NOTED, after_reply.NoteDownForm, actions.add
        ),
        TicketAction(
            "rate",
            "登记来信人的评价",
            "登记",
            "已登记，这件诉求办结。",
            after_reply.NoteRatingForm,
            actions.rate,
        ),
        TicketAction(
            "tell",
            "告知来信人",
            "登记",
            NOTED,
            after_reply.TellForm,
            actions.record_notification,
        ),
        TicketAction(
            "follow_up", "回访", "登记结果", NOTED, after_reply.FollowUpForm, actions.follow_up
        ),
        TicketAction(
            "publish", "公开", "公开", "已公开到问答页。", after_reply.PublishForm, actions.publish
        ),
        TicketAction(
            "decide_review",
            "核实公布的进展",
            "公开结论",
            REVIEWED,
            after_reply.DecideReviewForm,
            actions.decide_review,
        ),
        TicketAction(
            "dispute",
            "来信说公布的进展不实，提请核实",
            "提请核实",
            UNTRUE,
            after_reply.DisputeForm,
            actions.dispute,
        ),
        TicketAction(
            "take_down",
            "依法撤下公开的问答",
            "撤下",
            DOWN,
            after_reply.TakeDownTicketForm,
            actions.take_down,
            grave=True,
        ),
    )
}


def actions_for(
    user: User, ticket: Ticket, owed: list[InboxStep], today: date
) -> tuple[list[TicketAction], list[TicketAction]]:
    """The action of the first step this person owes, if there is one;
    and what else they may do now.
    """
    permitted = [row for row in ACTIONS.values() if _is_permitted(row, user, ticket, today)]
    first = _first_owed(owed, {row.verb: row for row in permitted})
    return first, [row for row in permitted if row not in first]


def _is_permitted(row: TicketAction, user: User, ticket: Ticket, today: date) -> bool:
    """Whether the person may do this with the letter now. A day that is over cannot be moved."""
    if row.verb in MOVES_THE_DAY and ticket.due_on < today:
        return False
    return ticket.allows(row.verb) and may_perform(user, ticket, row.verb)


def _first_owed(owed: list[InboxStep], permitted: dict[str, TicketAction]) -> list[TicketAction]:
    """The action of the first owed step that has one; at most one."""
    return [permitted[step.verb] for step in owed if step.verb in permitted][:1]
