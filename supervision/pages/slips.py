"""The page of one 督办单: its forms, and the answer to a step that somebody takes on it."""

from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from departments.models import User
from progress.access import HOME, require
from supervision.actions.slips import (
    close_slip,
    judgement_refusal_reason,
    raise_slip,
    reply_slip,
    send_back_slip,
    withdraw_slip,
)
from supervision.forms.slips import CloseForm, RaiseForm, SendBackForm, SlipReplyForm, WithdrawForm
from supervision.models import SupervisionSlip
from supervision.read_models.proposals import reason_to_raise
from supervision.read_models.slips import SlipPage, slip_page
from supervision.rules.slip_levels import higher_levels
from supervision.transitions import SLIP_TRANSITIONS

LIST = ("督办单", "/staff/slips/")


def slip_in_sight(user: User, year: int, number: int) -> SupervisionSlip:
    rows = SupervisionSlip.objects.visible_to(user).with_related()
    rows = rows.select_related("period", "publication").defer("publication__content")
    return get_object_or_404(rows, year=year, number=number)


def _raise_form(slip: SupervisionSlip, today: date, data=None, files=None) -> RaiseForm:
    higher = higher_levels(slip.level)
    initial = {
        "days": settings.SITE["slips"]["reply_days"],
        "level": higher[0].key if higher else "",
        "reason": reason_to_raise(slip, today),
    }
    return RaiseForm(slip, data, initial=initial)


def _send_back_form(slip: SupervisionSlip, today: date, data=None, files=None) -> SendBackForm:
    return SendBackForm(data, initial={"days": settings.SITE["slips"]["reply_days"]})


# Verb -> its form, made of the slip, today, and what was sent.
FORMS = {
    "reply": lambda slip, today, data=None, files=None: SlipReplyForm(data, files),
    "close": lambda slip, today, data=None, files=None: CloseForm(data),
    "send_back": _send_back_form,
    "raise": _raise_form,
    "withdraw": lambda slip, today, data=None, files=None: WithdrawForm(data),
}


def take_step(request: HttpRequest, year: int, number: int, verb: str) -> HttpResponse:
    """The answer to one step that was sent: back to the slip's page, or that page with what is wrong."""
    slip = slip_in_sight(request.user, year, number)
    transition = SLIP_TRANSITIONS[verb]
    require(transition.may(request.user, slip))
    form = FORMS[verb](slip, timezone.localdate(), request.POST, request.FILES)
    if not form.is_valid():
        return slip_response(request, slip, {verb: form})
    try:
        message = ACTIONS[verb](slip, form.cleaned_data, request.user, timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        barred = transition.judges and judgement_refusal_reason(slip, request.user)
        # Somebody else may have taken a step meanwhile: the page shows the slip as it is now.
        slip = slip_in_sight(request.user, year, number)
        return slip_response(request, slip, {verb: form}, status=403 if barred else 200)
    messages.success(request, message)
    return redirect(slip)


def slip_response(
    request: HttpRequest, slip: SupervisionSlip, sent: dict[str, PlainForm], status: int = 200
) -> HttpResponse:
    """The page with the forms the person may use; `sent`: the one that was sent and not accepted.

    What was typed into a form that is open to the person no more is given back in plain words.
    """
    today = timezone.localdate()
    page = slip_page(slip, request.user, today)
    open_verbs = _open_verbs(request.user, page)
    forms = {verb: sent.get(verb) or make(slip, today) for verb, make in FORMS.items()}
    lost = [form for verb, form in sent.items() if verb not in open_verbs]
    context = {
        "page": page,
        "slip": slip,
        "forms": {verb: form if verb in open_verbs else None for verb, form in forms.items()},
        "errors": list(sent.values()),
        "refused": [reason for form in lost for reason in form.non_field_errors()],
        "unsaved": typed_words(request.POST) if lost else [],
        "crumbs": [HOME, LIST, (slip.serial, "")],
    }
    return render(request, "staff/slips/slip.html", context, status=status)


def _open_verbs(user: User, page: SlipPage) -> set[str]:
    """The steps of which the person gets the form."""
    slip, rows = page.slip, [SLIP_TRANSITIONS[verb] for verb in FORMS]
    may = {row.verb for row in rows if row.starts_from(slip.state) and row.may(user, slip)}
    if page.refusal:
        may -= {row.verb for row in rows if row.judges}
    return may if higher_levels(slip.level) else may - {"raise"}


def _reply(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    step = reply_slip(slip=slip, words=data["words"], files=data["files"], by=by, at=at)
    return f"已回复{slip.unit.short_name}，{cn_date(step.due_on)}前会销号或退回。"


def _close(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    close_slip(slip=slip, note=data["note"], by=by, at=at)
    return f"{slip.serial}已销号，{slip.department.short_name}可以看到您的说明。"


def _send_back(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    step = send_back_slip(slip=slip, reason=data["reason"], days=data["days"], by=by, at=at)
    return f"已退回{slip.department.short_name}重办，{cn_date(step.due_on)}前再次回复。"


def _raise(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    level, reason, days = data["level"], data["reason"], data["days"]
    step = raise_slip(slip=slip, level=level, reason=reason, days=days, by=by, at=at)
    return f"已提高级别，{slip.department.short_name}须在{cn_date(step.due_on)}前回复。"


def _withdraw(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    withdraw_slip(slip=slip, reason=data["reason"], by=by, at=at)
    return f"{slip.serial}已撤销，编号不再使用，{slip.department.short_name}不用再回复。"


# Verb -> the action, and what the person reads once it is done.
ACTIONS = {
    "reply": _reply,
    "close": _close,
    "send_back": _send_back,
    "raise": _raise,
    "withdraw": _withdraw,
}
