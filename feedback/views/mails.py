"""The mails set aside, for the desk: the list, one mail, its original, and what is done with it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.security.crypto import NoKey
from common.ui.action_views import accepted, action_of, attempt, has_form_on, succeeds
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from feedback import actions
from feedback.forms.mails import RegisterMailForm, SettleMailForm
from feedback.models import SetAsideMail
from feedback.permissions import can_register
from feedback.read_models.mails import letter_of_mail, set_aside_row, set_aside_rows
from feedback.receipts import send_receipt

CRUMBS = [STAFF_HOME, ("诉求", "/staff/feedback/"), ("另放的邮件", "/staff/feedback/mails/")]


@require_safe
def mails(request: StaffRequest) -> HttpResponse:
    """The mails that became no letter, those that wait first."""
    _require_desk(request)
    rows = SetAsideMail.objects.defer_sealed().waiting_first()
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": set_aside_rows(page),
        "waiting": SetAsideMail.objects.waiting().count(),
        "crumbs": [*CRUMBS[:-1], ("另放的邮件", "")],
    }
    return render(request, "staff/feedback/mails.html", context)


@require_safe
def mail(request: StaffRequest, pk: int) -> HttpResponse:
    """What could be read of one mail, and what can be done with it."""
    return _mail_page(request, _mail_or_404(request, pk))


@has_form_on(lambda **parts: reverse("staff_feedback:mail", kwargs=parts))
@require_POST
def original(request: StaffRequest, pk: int) -> HttpResponse:
    """Downloads the mail as it was fetched; the look is kept in the ledger."""
    found = _mail_or_404(request, pk)
    try:
        content = actions.see_original(mail=found, by=request.user, at=timezone.now())
    except NoKey as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": f'attachment; filename="mail-{found.pk}.eml"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    answer = HttpResponse(content, content_type="application/octet-stream", headers=headers)
    return accepted(answer)


@action_of("staff_feedback:mail")
def register_mail(request: StaffRequest, pk: int) -> HttpResponse:
    """Registers the mail as a letter after all; its writer gets the receipt."""
    found, now = _mail_or_404(request, pk), timezone.now()
    form = RegisterMailForm(request.POST)
    registered = attempt(
        form,
        lambda: actions.register_set_aside(
            mail=found,
            text=form.cleaned_data["text"],
            demonstration=settings.DEMO,
            by=request.user,
            at=now,
        ),
    )
    if registered is None:
        return _mail_page(request, found, register=form)
    problem = send_receipt(registered, at=now)
    told = f"回执没有发出：{problem}" if problem else ""
    messages.success(request, f"已登记为 {registered.number}。{told}")
    return redirect("staff_feedback:ticket", registered.number)


@action_of("staff_feedback:mail")
def settle_mail(request: StaffRequest, pk: int) -> HttpResponse:
    """Closes a mail that is no letter."""
    found, form = _mail_or_404(request, pk), SettleMailForm(request.POST)

    def settle() -> str:
        note = form.cleaned_data["note"]
        actions.settle_mail(mail=found, note=note, by=request.user, at=timezone.now())
        return "已处理，到期自动删除。"

    if succeeds(request, form, settle):
        return redirect("staff_feedback:mails")
    return _mail_page(request, found, settle=form)


def _require_desk(request: StaffRequest) -> None:
    if not can_register(request.user):
        raise PermissionDenied


def _mail_or_404(request: StaffRequest, pk: int) -> SetAsideMail:
    _require_desk(request)
    return get_object_or_404(SetAsideMail.objects.defer_sealed(), pk=pk)


def _mail_page(
    request: StaffRequest,
    found: SetAsideMail,
    register: RegisterMailForm | None = None,
    settle: SettleMailForm | None = None,
) -> HttpResponse:
    """The page of one mail. `register`, `settle`: a form that was refused."""
    row = set_aside_row(found)
    context = {
        "mail": found,
        "row": row,
        "register": register or RegisterMailForm(initial={"text": letter_of_mail(found)}),
        "settle": settle or SettleMailForm(),
        "form": register or settle,
        "keep_days": settings.CONTACT_KEEP_DAYS,
        "crumbs": [*CRUMBS, (row.subject, "")],
    }
    return render(request, "staff/feedback/mail.html", context)
