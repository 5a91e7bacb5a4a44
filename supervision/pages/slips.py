"""The page of one supervision slip (督办单), and the response to a step taken on it."""

from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from departments.models import User
from progress.access import require
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


def get_slip_or_404(user: User, year: int, number: int) -> SupervisionSlip:
    """The slip with this serial number, if the person may see it."""
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


# Verb -> its form, made from the slip, today, and the submitted data and files.
FORMS = {
    "reply": lambda slip, today, data=None, files=None: SlipReplyForm(data, files),
    "close": lambda slip, today, data=None, files=None: CloseForm(data),
    "send_back": _send_back_form,
    "raise": _raise_form,
    "withdraw": lambda slip, today, data=None, files=None: WithdrawForm(data),
}


def take_step(request: HttpRequest, year: int, number: int, verb: str) -> HttpResponse:
    """The answer to one step that was sent: back to the slip's page,
    or that page with what is wrong.
    """
    slip = get_slip_or_404(request.user, year, number)
    transition = SLIP_TRANSITIONS[verb]
    require(transition.may(request.user, slip))
    form = FORMS[verb](slip, timezone.localdate(), request.POST, request.FILES)
    if not form.is_valid():
        return slip_response(request, slip, {verb: form})
    try:
        message = ACTIONS[verb](slip, form.cleaned_data, request.user, timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        is_recused = transition.judges and judgement_refusal_reason(slip, request.user)
        # A colleague may have taken a step meanwhile, so the page shows the slip as it is now.
        slip = get_slip_or_404(request.user, year, number)
        return slip_response(request, slip, {verb: form}, status=403 if is_recused else 200)
    messages.success(request, message)
    return redirect(slip)


def slip_response(
    request: HttpRequest, slip: SupervisionSlip, sent: dict[str, PlainForm], status: int = 200
) -> HttpResponse:
    """The slip's page with the forms that the person may use.

    `sent` maps the verb of a form that was refused to that form, which is shown with its errors.
    Where that form cannot be used any more, the page shows the typed text, so that it is not lost.
    """
    today = timezone.localdate()
    page = slip_page(slip, request.user, today)
    open_verbs = _open_verbs(request.user, page)
    forms = {verb: sent.get(verb) or make(slip, today) for verb, make in FORMS.items()}
    unusable_forms = [form for verb, form in sent.items() if verb not in open_verbs]
    context = {
        "page": page,
        "slip": slip,
        "forms": {verb: form if verb in open_verbs else None for verb, form in forms.items()},
        "errors": list(sent.values()),
        "refused": [reason for form in unusable_forms for reason in form.non_field_errors()],
        "unsaved": typed_words(request.POST) if unusable_forms else [],
        "crumbs": [STAFF_HOME, LIST, (slip.serial, "")],
    }
    return render(request, "staff/slips/slip.html", context, status=status)


def _open_verbs(user: User, page: SlipPage) -> set[str]:
    """The steps that the person may take with the slip now, so that the page shows their forms."""
    slip, rows = page.slip, [SLIP_TRANSITIONS[verb] for verb in FORMS]
    verbs = {row.verb for row in rows if row.starts_from(slip.state) and row.may(user, slip)}
    if page.refusal:
        verbs -= {row.verb for row in rows if row.judges}
    return verbs if higher_levels(slip.level) else verbs - {"raise"}


def _perform_reply(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    step = reply_slip(slip=slip, words=data["words"], files=data["files"], by=by, at=at)
    return f"已回复{slip.unit.short_name}，{cn_date(step.due_on)}前会销号或退回。"


def _perform_close(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    close_slip(slip=slip, note=data["note"], by=by, at=at)
    return f"{slip.serial}已销号，{slip.department.short_name}可以看到您的说明。"


def _perform_send_back(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    step = send_back_slip(slip=slip, reason=data["reason"], days=data["days"], by=by, at=at)
    return f"已退回{slip.department.short_name}重办，{cn_date(step.due_on)}前再次回复。"


def _perform_raise(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    level, reason, days = data["level"], data["reason"], data["days"]
    step = raise_slip(slip=slip, level=level, reason=reason, days=days, by=by, at=at)
    return f"已提高级别，{slip.department.short_name}须在{cn_date(step.due_on)}前回复。"


def _perform_withdraw(slip: SupervisionSlip, data: dict, by: User, at: datetime) -> str:
    withdraw_slip(slip=slip, reason=data["reason"], by=by, at=at)
    return f"{slip.serial}已撤销，编号不再使用，{slip.department.short_name}不用再回复。"


# Verb -> a function that performs the action and returns what the person reads afterwards.
ACTIONS = {
    "reply": _perform_reply,
    "close": _perform_close,
    "send_back": _perform_send_back,
    "raise": _perform_raise,
    "withdraw": _perform_withdraw,
}
