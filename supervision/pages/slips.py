"""The page of one supervision slip (督办单), and the response to a step taken on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from departments.http import StaffRequest
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
from supervision.read_models.slip_reasons import reason_to_raise
from supervision.read_models.slips import SlipPage, slip_page
from supervision.rules.slip_levels import higher_levels
from supervision.transitions import SLIP_TRANSITIONS, FollowUpTransition

LIST = ("督办单", "/staff/slips/")


def get_slip_or_404(user: User, year: int, number: int) -> SupervisionSlip:
    """The slip with this serial number, if the person may see it."""
    rows = SupervisionSlip.objects.visible_to(user).with_related()
    rows = rows.select_related("period", "publication").defer("publication__content")
    return get_object_or_404(rows, year=year, number=number)


@dataclass(frozen=True)
class SlipFormSource:
    """What the form of a step is made from: the slip, today, and what was sent, if anything."""

    slip: SupervisionSlip
    today: date
    data: QueryDict | None = None
    files: MultiValueDict[str, UploadedFile] | None = None


def _raise_form(source: SlipFormSource) -> RaiseForm:
    higher = higher_levels(source.slip.level)
    initial = {
        "days": settings.SITE["slips"]["reply_days"],
        "level": higher[0].key if higher else "",
        "reason": reason_to_raise(source.slip, source.today),
    }
    return RaiseForm(source.slip, source.data, initial=initial)


def _send_back_form(source: SlipFormSource) -> SendBackForm:
    return SendBackForm(source.data, initial={"days": settings.SITE["slips"]["reply_days"]})


# Verb -> its form.
FORMS: dict[str, Callable[[SlipFormSource], PlainForm]] = {
    "reply": lambda source: SlipReplyForm(source.data, source.files),
    "close": lambda source: CloseForm(source.data),
    "send_back": _send_back_form,
    "raise": _raise_form,
    "withdraw": lambda source: WithdrawForm(source.data),
}


def take_step(request: StaffRequest, year: int, number: int, verb: str) -> HttpResponse:
    """The answer to one step that was sent: back to the slip's page,
    or that page with what is wrong.
    """
    slip = get_slip_or_404(request.user, year, number)
    transition = SLIP_TRANSITIONS[verb]
    require(transition.may(request.user, slip))
    form = FORMS[verb](SlipFormSource(slip, timezone.localdate(), request.POST, request.FILES))
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
    request: StaffRequest, slip: SupervisionSlip, sent: Mapping[str, PlainForm], status: int = 200
) -> HttpResponse:
    """The slip's page with the forms that the person may use.

    `sent` maps the verb of a form that was refused to that form, which is shown with its errors.
    Where that form cannot be used any more, the page shows the typed text, so that it is not lost.
    """
    today = timezone.localdate()
    page = slip_page(slip, request.user, today)
    open_verbs = _open_verbs(request.user, page)
    unusable_forms = [form for verb, form in sent.items() if verb not in open_verbs]
    context = {
        "page": page,
        "slip": slip,
        "forms": _forms(slip, open_verbs, sent, today),
        "errors": list(sent.values()),
        "refused": [reason for form in unusable_forms for reason in form.non_field_errors()],
        "unsaved": typed_words(request.POST) if unusable_forms else [],
        "crumbs": [STAFF_HOME, LIST, (slip.serial, "")],
    }
    return render(request, "staff/slips/slip.html", context, status=status)


def _forms(
    slip: SupervisionSlip, open_verbs: set[str], sent: Mapping[str, PlainForm], today: date
) -> dict[str, PlainForm | None]:
    """Verb -> its form, as it was sent or a new one; None where the step cannot be taken."""
    source = SlipFormSource(slip, today)
    return {
        verb: (sent.get(verb) or make(source)) if verb in open_verbs else None
        for verb, make in FORMS.items()
    }


def _open_verbs(user: User, page: SlipPage) -> set[str]:
    """The steps that the person may take with the slip now, so that the page shows their forms."""
    return {verb for verb in FORMS if _is_open(SLIP_TRANSITIONS[verb], user, page)}


def _is_open(transition: FollowUpTransition, user: User, page: SlipPage) -> bool:
    slip = page.slip
    if not (transition.starts_from(slip.state) and transition.may(user, slip)):
        return False
    is_refused = transition.judges and page.refusal
    has_no_level_left = transition.verb == "raise" and not higher_levels(slip.level)
    return not (is_refused or has_no_level_left)


def _perform_reply(slip: SupervisionSlip, data: dict[str, Any], by: User, at: datetime) -> str:
    step = reply_slip(slip=slip, words=data["words"], files=data["files"], by=by, at=at)
    return f"已回复{slip.unit.short_name}，{cn_date(step.due_on)}前会销号或退回。"


def _perform_close(slip: SupervisionSlip, data: dict[str, Any], by: User, at: datetime) -> str:
    close_slip(slip=slip, note=data["note"], by=by, at=at)
    return f"{slip.serial}已销号，{slip.department.short_name}可以看到您的说明。"


def _perform_send_back(slip: SupervisionSlip, data: dict[str, Any], by: User, at: datetime) -> str:
    step = send_back_slip(slip=slip, reason=data["reason"], days=data["days"], by=by, at=at)
    return f"已退回{slip.department.short_name}重办，{cn_date(step.due_on)}前再次回复。"


def _perform_raise(slip: SupervisionSlip, data: dict[str, Any], by: User, at: datetime) -> str:
    level, reason, days = data["level"], data["reason"], data["days"]
    step = raise_slip(slip=slip, level=level, reason=reason, days=days, by=by, at=at)
    return f"已提高级别，{slip.department.short_name}须在{cn_date(step.due_on)}前回复。"


def _perform_withdraw(slip: SupervisionSlip, data: dict[str, Any], by: User, at: datetime) -> str:
    withdraw_slip(slip=slip, reason=data["reason"], by=by, at=at)
    return f"{slip.serial}已撤销，编号不再使用，{slip.department.short_name}不用再回复。"


# Verb -> a function that performs the action and returns what the person reads afterwards.
ACTIONS: dict[str, Callable[[SupervisionSlip, dict[str, Any], User, datetime], str]] = {
    "reply": _perform_reply,
    "close": _perform_close,
    "send_back": _perform_send_back,
    "raise": _perform_raise,
    "withdraw": _perform_withdraw,
}
