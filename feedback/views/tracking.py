"""A letter on its writer's own page, opened by number and code: every step, the answer, and what
the writer may do. Needs no account and no script.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from feedback import actions
from feedback.choices import DISSATISFIED, TicketVerb
from feedback.forms.parts import new_token
from feedback.forms.tracking import (
    LONGEST_NUMBER,
    RateForm,
    ReopenForm,
    SupplementForm,
    TrackForm,
    plain_number,
)
from feedback.models import Ticket, TicketEvent
from feedback.pages import throttles
from feedback.pages.public import CRUMBS
from feedback.pages.throttles import PostedFiles
from feedback.read_models.data_export import own_copy
from feedback.read_models.timeline import steps_for_citizen, why

WRONG_PAIR = "登记编号或查询码不对。请对照回执再输入一次。"
STALE = "页面打开超过一小时了。请再输入一次查询码，然后重新提交。"
OWN_PAGE_SALT = "feedback.own"
PASS_AGE = 3600


@dataclass(frozen=True)
class WriterAction:
    """One form of the writer's own page and the action that takes its answers.

    `done`: what the page says when the action went through. `explained`: what will follow, shown
    above the button. `grave`: the step cannot be taken back.
    """

    verb: str
    title: str
    button: str
    done: str
    action: Callable[..., Ticket]
    form: type[PlainForm] = PlainForm
    explained: str = ""
    grave: bool = False

    def make_form(self, data: QueryDict | None = None, files: PostedFiles = None) -> PlainForm:
        """The form, bound to the posted data and files if they are given."""
        return self.form(data, files, auto_id=f"{self.verb}_%s")

    def message(self, answers: dict[str, Any]) -> str:
        """What the page says of the action; to whoever was not satisfied its standing says it."""
        return "" if answers.get("grade") in DISSATISFIED else self.done

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
ACTIONS = {
    row.verb: row
    for row in (
        WriterAction(
            "supplement",
            "补充材料",
            "提交补充",
            "已收到您的补充，期限继续计算。",
            actions.supplement,
            SupplementForm,
        ),
        WriterAction(
            "rate",
            "评价这个答复",
            "提交评价",
            "已收到您的评价，这件诉求办结。",
            actions.rate,
            RateForm,
        ),
        WriterAction(
            "reopen",
            "没有解决？要求重办",
            "要求重办",
            "已收到，会重新办理。",
            actions.reopen,
            ReopenForm,
            ONCE_MORE,
        ),
        WriterAction(
            "add",
            "补充说明",
            "提交补充",
            "已收到您的补充说明。",
            actions.add,
            SupplementForm,
            SENT_ON,
        ),
        WriterAction(
            "withdraw_consent",
            "不再同意公开",
            "不再公开",
            "已撤回公开同意。",
            actions.withdraw_consent,
            grave=True,
        ),
        WriterAction(
            "delete_contact",
            "删除联系方式",
            "立即删除",
            "您的联系方式已经删除。",
            actions.delete_contact,
            grave=True,
        ),
        WriterAction(
            "withdraw", "撤回这件诉求", "撤回", "您的诉求已经撤回。", actions.withdraw, grave=True
        ),
    )
}
# Shown first and unfolded, because the office waits for them.
FIRST = {TicketVerb.SUPPLEMENT, TicketVerb.RATE}


@login_not_required
@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """Asks for number and code, and opens the letter's page where they fit."""
    initial = {"number": request.GET.get("number", ""), "token": new_token()}
    number = plain_number((request.POST.get("number") or initial["number"])[:LONGEST_NUMBER])
    callers = throttles.callers_of(request, number)
    form = TrackForm(
        request.POST or None,
        initial=initial,
        challenge=throttles.challenge_text(throttles.TRACK_THROTTLE, callers),
    )
    if not form.is_valid():
        return _track_page(request, form)
    if refusal := throttles.too_many(throttles.TRACK_THROTTLE, callers):
        form.add_error(None, refusal)
        return _track_page(request, form, status=429)
    ticket = Ticket.objects.opened_with(form.cleaned_data["number"], form.cleaned_data["code"])
    if ticket is None:
        throttles.count(throttles.TRACK_THROTTLE, callers)
        form.renew()
        form.add_error(None, WRONG_PAIR)
        return _track_page(request, form)
    return _own_page(request, ticket)


def _track_page(
    request: HttpRequest, form: TrackForm, status: int = 200, unsaved: Sequence[str] = ()
) -> HttpResponse:
    context = {"form": form, "unsaved": unsaved, "crumbs": [*CRUMBS, ("查办理进度", "")]}
    return render(request, "feedback/track.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """Performs one action of the writer.

    The page that the code opens carries a signed pass for it, which is good for an hour.
    """
    chosen = ACTIONS.get(verb)
    if chosen is None:
        raise Http404
    try:
        return _perform(request, chosen, _ticket_of_pass(request))
    except signing.SignatureExpired:
        return _stale_page(request)


@login_not_required
@never_cache
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Downloads everything that is kept about this letter and its writer, as one file."""
    try:
        ticket = _ticket_of_pass(request)
    except signing.SignatureExpired:
        return _stale_page(request)
    content = json.dumps(own_copy(ticket), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{ticket.number}.json"'
    return response


def _ticket_of_pass(request: HttpRequest) -> Ticket:
    """The letter whose pass was posted.

    Raises SignatureExpired after an hour, and Http404 for a forged pass.
    """
    try:
        number = signing.loads(request.POST.get("pass", ""), max_age=PASS_AGE, salt=OWN_PAGE_SALT)
    except signing.SignatureExpired:
        raise
    except signing.BadSignature as forged:
        raise Http404 from forged
    return get_object_or_404(Ticket.objects.with_parts().with_owner(), number=number)


def _stale_page(request: HttpRequest) -> HttpResponse:
    number = signing.loads(request.POST.get("pass", ""), salt=OWN_PAGE_SALT)
    form = TrackForm({"token": new_token(), "number": number})
    form.errors.clear()
    form.add_error(None, STALE)
    return _track_page(request, form, unsaved=typed_words(request.POST))


def _perform(request: HttpRequest, chosen: WriterAction, ticket: Ticket) -> HttpResponse:
    """Performs the action and shows the letter again.

    A refusal, as of a button pressed twice, is shown with its reasons.
    """
    done, callers = "", throttles.callers_of(request, ticket.number)
    form = throttles.bind(chosen.make_form, request, callers)
    bound = {chosen.verb: form}
    if refusal := throttles.too_many(throttles.ACTION_THROTTLE, callers):
        form.add_error(None, refusal)
    if form.is_valid():
        throttles.count(throttles.ACTION_THROTTLE, callers)
        try:
            chosen.action(ticket=ticket, at=timezone.now(), **form.cleaned_data)
            done, bound = chosen.message(form.cleaned_data), {}
        except Refused as refused:
            form.add_error(None, refused.reasons)
    return _own_page(
        request, Ticket.objects.with_parts().with_owner().get(pk=ticket.pk), bound, done
    )


def _own_page(
    request: HttpRequest, ticket: Ticket, bound: dict[str, PlainForm] | None = None, done: str = ""
) -> HttpResponse:
    """The letter's page. `bound`: a refused form by its verb. `done`: what went through."""
    bound, steps = bound or {}, list(ticket.events.all())
    forms = {row.verb: (row, row.make_form()) for row in _actions_for(ticket)}
    # Words typed into a form that is not offered any more are shown without it.
    unsaved = [] if bound.keys() <= forms.keys() else typed_words(request.POST)
    forms |= {verb: (forms[verb][0], form) for verb, form in bound.items() if verb in forms}
    context = {
        "ticket": ticket,
        "first": [pair for verb, pair in forms.items() if verb in FIRST],
        "acts": [pair for verb, pair in forms.items() if verb not in FIRST],
        "form": next(iter(bound.values()), None),
        "unsaved": unsaved,
        "done": done,
        "may_reopen": TicketVerb.REOPEN in forms,
        "steps": steps_for_citizen(ticket, steps),
        "replies": ticket.replies.sent().select_related("department", "rating"),
        "additions": ticket.additions.all(),
        "contact": ticket.contact_or_none,
        "pass": signing.dumps(ticket.number, salt=OWN_PAGE_SALT),
        "crumbs": [*CRUMBS, (ticket.number, "")],
    }
    return render(request, "feedback/own_ticket.html", context | _progress(ticket, steps))


def _progress(ticket: Ticket, steps: list[TicketEvent]) -> dict[str, object]:
    """How far the letter has come: its due day, and what the office asked last."""
    questions = [step.public_note for step in steps if step.verb == TicketVerb.ASK_MORE]
    question = questions[-1] if questions else ""
    return {"why": why(ticket, steps), "question": question, "today": timezone.localdate()}


def _actions_for(ticket: Ticket) -> list[WriterAction]:
    closes_at = ticket.closes_at
    reachable: dict[str, bool] = {
        TicketVerb.DELETE_CONTACT: ticket.contact_or_none is not None,
        TicketVerb.REOPEN: closes_at is not None and timezone.now() <= closes_at,
    }
    return [
        row for row in ACTIONS.values() if ticket.allows(row.verb) and reachable.get(row.verb, True)
    ]
