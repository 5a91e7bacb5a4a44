"""The forms and buttons of a letter's page, keyed by the verb.

Who may and when, `feedback/transitions.py` says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from departments.models import User
from feedback import actions
from feedback.choices import ReplyState, TicketVerb
from feedback.forms import staff as forms
from feedback.models import Reply, Ticket
from feedback.permissions import may_perform
from feedback.read_models.inbox import InboxStep

NO_TIME = "已答复主办单位，仍按原期限。"
HEARD = "已登记，来信人查进度时会看到。"
UNTRUE = "已提请督查员核实，来信照常办理。"
FOUND = "核实结论已公开。公布的内容要改的，请到那一版提出更正。"
DOWN = "已撤下，原网址只留编号、日期和理由。"
REPLIED = "答复已发给来信人。"
MOVES_THE_DAY = {TicketVerb.ASK_EXTENSION, TicketVerb.EXTEND}
TO_CHECK = "答复已送审核，通过后发给来信人。"


@dataclass(frozen=True)
class Act:
    verb: str
    title: str
    button: str
    done: str
    form: type[forms.ActionForm]
    grave: bool = False

    @property
    def action(self) -> Callable:
        return getattr(actions, self.verb)

    def told(self, outcome: Ticket | Reply) -> str:
        """What to say of the deed done: a reply may have to be checked first."""
        return TO_CHECK if getattr(outcome, "state", "") == ReplyState.CHECKING else self.done

    def form_for(self, ticket: Ticket, *sent) -> forms.ActionForm:
        return self.form(*sent, ticket=ticket, auto_id=f"{self.verb}_%s")


ACTS = {
    act.verb: act
    for act in (
        Act("pass_reply", "审核通过", "通过并发出", "已通过，答复已发给来信人。", forms.PassReplyForm),
        Act("return_reply", "退回修改", "退回修改", "已退回主办单位修改。", forms.ReturnReplyForm, grave=True),
        Act("extend", "同意延期", "同意延期", "已延期，来信人会看到新的期限。", forms.ExtendTicketForm),
        Act("refuse_extension", "不同意延期", "不同意", NO_TIME, forms.RefuseExtensionForm, grave=True),
        Act("accept", "受理", "受理", "已受理，请转办。", forms.AcceptForm),
        Act("assign", "转办", "转办", "已转办。", forms.AssignForm),
        Act("reassign", "改派", "改派", "已改派，期限不变。", forms.ReassignForm, grave=True),
        Act("take", "接收", "接收办理", "已接收，请在期限前答复。", forms.TakeForm),
        Act("reply", "答复", "发出答复", REPLIED, forms.TicketReplyForm),
        Act("ask_more", "请来信人补充材料", "发出", "已请来信人补充，期限停算。", forms.AskMoreForm),
        Act("resume", "不等补充，继续办理", "继续办理", "期限继续计算。", forms.ResumeForm),
        Act("ask_extension", "申请延期", "申请", "已申请。答复之前，仍按原期限。", forms.AskExtensionForm),
        Act("merge", "并案", "并入", "已并案，主件的答复也会发给来信人。", forms.MergeTicketForm),
        Act("redirect", "转其他渠道", "转出", "已转出。", forms.RedirectForm, grave=True),
        Act("decline", "不予受理", "不予受理", "已写明理由。", forms.DeclineForm, grave=True),
        Act("spam", "判为无关信息", "判为无关信息，不办理", "已关闭，不再办理。", forms.SpamForm, grave=True),
        Act("hand_back", "退回", "退回", "已退回受理员。", forms.HandBackTicketForm, grave=True),
        Act("supplement", "登记补充材料", "登记", HEARD, forms.NoteDownForm),
        Act("add", "登记来信人的补充说明", "登记", HEARD, forms.NoteDownForm),
        Act("rate", "登记来信人的评价", "登记", "已登记，这件诉求办结。", forms.NoteRatingForm),
        Act("tell", "告知来信人", "登记", HEARD, forms.TellForm),
        Act("follow_up", "回访", "登记结果", HEARD, forms.FollowUpForm),
        Act("publish", "公开", "公开", "已公开到问答页。", forms.PublishForm),
        Act("decide_review", "核实公布的进展", "公开结论", FOUND, forms.DecideReviewForm),
        Act("dispute", "来信说公布的进展不实，提请核实", "提请核实", UNTRUE, forms.DisputeForm),
        Act("take_down", "依法撤下公开的问答", "撤下", DOWN, forms.TakeDownTicketForm, grave=True),
    )
}


def acts_for(user: User, ticket: Ticket, owed: list[InboxStep], today: date) -> tuple[list[Act], list[Act]]:
    """The next deed of the steps this person owes, if there is one; and what else they may do now."""
    allowed = (act for act in ACTS.values() if ticket.allows(act.verb))
    acts = [act for act in allowed if may_perform(user, ticket, act.verb)]
    if ticket.due_on < today:
        # A day that is over cannot be moved.
        acts = [act for act in acts if act.verb not in MOVES_THE_DAY]
    first = [ACTS[step.verb] for step in owed if ACTS.get(step.verb) in acts][:1]
    return first, [act for act in acts if act not in first]
