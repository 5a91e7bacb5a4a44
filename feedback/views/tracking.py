"""One's own letter by number and code: every step, the answer, and what the person may do; no account and no script."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from feedback import actions
from feedback.choices import TicketVerb
from feedback.forms.parts import new_token
from feedback.forms.tracking import RateForm, ReopenForm, SupplementForm, TrackForm, plain_number
from feedback.models import Ticket, TicketEvent
from feedback.pages import throttles
from feedback.pages.public import CRUMBS
from feedback.read_models.data_export import own_copy
from feedback.read_models.timeline import steps_for_citizen, why

WRONG_PAIR = "登记编号或查询码不对。请对照回执再输入一次。"
STALE = "页面打开超过一小时了。请再输入一次查询码，然后重新提交。"
PASS = {"salt": "feedback.own"}
PASS_AGE = 3600


@dataclass(frozen=True)
class OwnAct:
    """`needs`: the words or choices it takes; `explained`: what follows, said before it is done."""

    verb: str
    title: str
    button: str
    done: str
    needs: type[PlainForm] = PlainForm
    explained: str = ""
    grave: bool = False

    @property
    def action(self) -> Callable:
        return getattr(actions, self.verb)

    @property
    def is_rating(self) -> bool:
        return self.verb == TicketVerb.RATE

    @property
    def is_withdrawal(self) -> bool:
        return self.verb == TicketVerb.WITHDRAW

    @property
    def ends_consent(self) -> bool:
        return self.verb == TicketVerb.WITHDRAW_CONSENT

    @property
    def deletes_contact(self) -> bool:
        return self.verb == TicketVerb.DELETE_CONTACT


SENT_ON = "补充会转给正在办理的人，办理期限不变。"
ONCE_MORE = "只能重办一次。会重新计算期限，另行答复您；原来的答复照样留着。"
ACTS = {
    act.verb: act
    for act in (
        OwnAct("supplement", "补充材料", "提交补充", "已收到您的补充，期限继续计算。", SupplementForm),
        OwnAct("rate", "评价这个答复", "提交评价", "已收到您的评价，这件诉求办结。", RateForm),
        OwnAct("reopen", "没有解决？要求重办", "要求重办", "已收到，会重新办理。", ReopenForm, ONCE_MORE),
        OwnAct("add", "补充说明", "提交补充", "已收到您的补充说明。", SupplementForm, SENT_ON),
        OwnAct("withdraw_consent", "不再同意公开", "不再公开", "已撤回公开同意。", grave=True),
        OwnAct("delete_contact", "删除联系方式", "立即删除", "您的联系方式已经删除。", grave=True),
        OwnAct("withdraw", "撤回这件诉求", "撤回", "您的诉求已经撤回。", grave=True),
    )
}
# What is shown open, before anything else: the office waits for it.
FIRST = {TicketVerb.SUPPLEMENT, TicketVerb.RATE}


@login_not_required
@never_cache
def track(request):
    asked = {"number": request.GET.get("number", ""), "token": new_token()}
    who = throttles.who(request, plain_number(request.POST.get("number") or asked["number"]))
    form = TrackForm(
        request.POST or None, initial=asked, challenge=throttles.challenge_text(throttles.TRACK_THROTTLE, who)
    )
    if request.method != "POST" or not form.is_valid():
        return _track_page(request, form)
    if refusal := throttles.too_many(throttles.TRACK_THROTTLE, who):
        form.add_error(None, refusal)
        return _track_page(request, form, status=429)
    ticket = Ticket.objects.opened_with(form.cleaned_data["number"], form.cleaned_data["code"])
    if ticket is None:
        throttles.count(throttles.TRACK_THROTTLE, who)
        form.renew()
        form.add_error(None, WRONG_PAIR)
        return _track_page(request, form)
    return _own_page(request, ticket)


def _track_page(request, form: TrackForm, status=200, unsaved=()):
    context = {"form": form, "unsaved": unsaved, "crumbs": [*CRUMBS, ("查办理进度", "")]}
    return render(request, "feedback/track.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def act(request, verb):
    """The pass was handed out with the ticket's page, which only the code opens; it lives an hour."""
    chosen = ACTS.get(verb)
    if chosen is None:
        raise Http404
    try:
        return _done(request, chosen, _opened(request))
    except signing.SignatureExpired:
        return _stale_page(request)


@login_not_required
@never_cache
@require_POST
def copy(request):
    """Everything that is kept about this letter and its writer, in one file, for whoever has the code."""
    try:
        ticket = _opened(request)
    except signing.SignatureExpired:
        return _stale_page(request)
    told = json.dumps(own_copy(ticket), ensure_ascii=False, indent=2)
    response = HttpResponse(told, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{ticket.number}.json"'
    return response


def _opened(request) -> Ticket:
    """The ticket whose pass was handed in. Raises SignatureExpired after an hour; a forged pass opens nothing."""
    try:
        number = signing.loads(request.POST.get("pass", ""), max_age=PASS_AGE, **PASS)
    except signing.SignatureExpired:
        raise
    except signing.BadSignature as forged:
        raise Http404 from forged
    return get_object_or_404(Ticket.objects.with_parts().with_owner(), number=number)


def _stale_page(request):
    number = signing.loads(request.POST.get("pass", ""), **PASS)
    form = TrackForm({"token": new_token(), "number": number})
    form.errors.clear()
    form.add_error(None, STALE)
    return _track_page(request, form, unsaved=typed_words(request.POST))


def _done(request, chosen: OwnAct, ticket: Ticket):
    """Refused, because pressed twice or overtaken by the office, the page says why and where the ticket stands."""
    done, who = "", throttles.who(request, ticket.number)
    form = throttles.filled(chosen.needs, request, who, auto_id=f"{chosen.verb}_%s")
    if refusal := throttles.too_many(throttles.ACTION_THROTTLE, who):
        form.add_error(None, refusal)
    if form.is_valid():
        throttles.count(throttles.ACTION_THROTTLE, who)
        try:
            chosen.action(ticket=ticket, at=timezone.now(), **form.cleaned_data)
            done = chosen.done
        except Refused as refused:
            form.add_error(None, refused.reasons)
    bound = {} if done else {chosen.verb: form}
    return _own_page(request, Ticket.objects.with_parts().with_owner().get(pk=ticket.pk), bound, done)


def _own_page(request, ticket: Ticket, bound: dict | None = None, done=""):
    bound, steps = bound or {}, list(ticket.events.all())
    acts = [(one, bound.get(one.verb) or one.needs(auto_id=f"{one.verb}_%s")) for one in _acts_for(ticket)]
    context = {
        "ticket": ticket,
        "first": [pair for pair in acts if pair[0].verb in FIRST],
        "acts": [pair for pair in acts if pair[0].verb not in FIRST],
        "form": next(iter(bound.values()), None),
        "unsaved": [] if set(bound) <= {one.verb for one, _ in acts} else typed_words(request.POST),
        "done": done,
        "may_reopen": any(one.verb == TicketVerb.REOPEN for one, _ in acts),
        "steps": steps_for_citizen(ticket, steps),
        "replies": ticket.replies.sent().select_related("department", "rating"),
        "additions": ticket.additions.all(),
        "contact": getattr(ticket, "contact", None),
        "pass": signing.dumps(ticket.number, **PASS),
        "crumbs": [*CRUMBS, (ticket.number, "")],
    }
    return render(request, "feedback/own_ticket.html", context | _standing(ticket, steps))


def _standing(ticket: Ticket, steps: list[TicketEvent]) -> dict:
    questions = [step.public_note for step in steps if step.verb == TicketVerb.ASK_MORE]
    asked = questions[-1] if questions else ""
    return {"why": why(ticket, steps), "asked": asked, "today": timezone.localdate()}


def _acts_for(ticket: Ticket) -> list[OwnAct]:
    in_time = bool(ticket.closes_at) and timezone.now() <= ticket.closes_at
    reachable = {TicketVerb.DELETE_CONTACT: hasattr(ticket, "contact"), TicketVerb.REOPEN: in_time}
    return [act for act in ACTS.values() if ticket.allows(act.verb) and reachable.get(act.verb, True)]
