"""The letters for the staff: the inbox, the register, the page of one letter and its actions."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from common.files.downloads import upload_response
from common.ui.action_views import accepted, has_form_on
from common.ui.crumbs import STAFF_HOME
from common.ui.form_parts import typed_words
from departments.http import StaffRequest
from departments.models import User
from departments.roles import Role
from feedback import actions
from feedback.choices import ReplyMethod, TicketVerb
from feedback.filters import RegisterFilter
from feedback.forms.action_form import ActionForm
from feedback.forms.parts import new_token
from feedback.forms.submission import NOTICE_VERSION, RegisterForm
from feedback.models import SetAsideMail, Ticket, TicketEvent
from feedback.pages.public import receipt_context
from feedback.pages.ticket_actions import ACTIONS, TicketAction, actions_for
from feedback.permissions import (
    can_register,
    can_screen,
    can_see_contact,
    can_see_photo,
    may_perform,
)
from feedback.read_models import inbox
from feedback.read_models.inbox import archive_rows, masked_contact, owed_steps, stands_in, term
from feedback.read_models.similar import likely_heads
from feedback.read_models.timeline import letter_of, steps_for_staff, why

CRUMBS = [STAFF_HOME, ("诉求", "/staff/feedback/")]


@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    groups, registers = inbox.desk(request.user, timezone.localdate()), can_register(request.user)
    context = {
        "groups": groups,
        "can_register": registers,
        "set_aside": SetAsideMail.objects.waiting().count() if registers else 0,
        "crumbs": [*CRUMBS[:1], ("诉求", "")],
    }
    return render(request, "staff/feedback/desk.html", context)


@require_safe
def archive(request: StaffRequest) -> HttpResponse:
    chosen = RegisterFilter(request.GET, inbox.archive(request.user), request=request)
    page = Paginator(chosen.qs.values_list("pk", flat=True), 30).get_page(request.GET.get("page"))
    context = {
        "form": chosen.form,
        "filtered": any(chosen.form.data.get(name) for name in chosen.filters),
        "page_obj": page,
        "rows": archive_rows(request.user, page, timezone.localdate()),
        "crumbs": [*CRUMBS, ("全部", "")],
    }
    return render(request, "staff/feedback/archive.html", context)


def register(request: StaffRequest) -> HttpResponse:
    """Registers a letter that came by telephone, mail or over the counter;
    the clerk reads out the receipt.
    """
    if not can_register(request.user):
        raise PermissionDenied
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        initial={"token": new_token(), "reply_by": ReplyMethod.TELEPHONE},
    )
    context = {"form": form, "crumbs": [*CRUMBS, ("登记来信", "")]}
    context |= {"notice_version": NOTICE_VERSION, "keep_days": settings.CONTACT_KEEP_DAYS}
    if not form.is_valid():
        return render(request, "staff/feedback/register.html", context)
    letter = form.letter()
    used = actions.registered_otherwise(
        letter["form_token"], letter["kind"], letter["text"], letter["location"]
    )
    if used:
        form.say_already_registered(used.number)
        return render(request, "staff/feedback/register.html", context, status=409)
    by = request.user.actor(Role.CLERK)
    registered = actions.register(**letter, by=by, at=timezone.now(), demonstration=settings.DEMO)
    receipt = context | receipt_context(request, registered)
    return accepted(render(request, "staff/feedback/registered.html", receipt))


@require_safe
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    return _ticket_page(request, _visible_ticket(request, number))


@has_form_on(lambda **parts: reverse("staff_feedback:ticket", args=[parts["number"]]))
@require_POST
def act(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Performs one action on a letter in sight."""
    chosen, letter = ACTIONS.get(verb), _visible_ticket(request, number)
    if chosen is None:
        raise Http404
    if not may_perform(request.user, letter, verb):
        raise PermissionDenied
    form = chosen.form_for(letter, request.POST, request.FILES)
    if not form.is_valid():
        return _ticket_page(request, letter, {verb: form})
    try:
        result = chosen.action(
            ticket=letter, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return _ticket_page(request, letter, {verb: form})
    messages.success(request, f"{number}：{chosen.success_message(result, form.cleaned_data)}")
    return _redirect_to(letter, request.user)


def _redirect_to(letter: Ticket, user: User) -> HttpResponse:
    """To the letter's page; to the desk where the person does not see the letter any more, as after
    naming their own unit as the one complained of.
    """
    if Ticket.objects.visible_to(user).filter(pk=letter.pk).exists():
        return redirect("staff_feedback:ticket", letter.number)
    return redirect("staff_feedback:desk")


@require_POST
def contact(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the writer's contact in clear, once; the look is kept in the ledger."""
    letter = _visible_ticket(request, number)
    if not can_see_contact(request.user, letter) or letter.contact_or_none is None:
        raise PermissionDenied
    contact_text = actions.see_contact(ticket=letter, by=request.user, at=timezone.now())
    return _ticket_page(request, letter, contact=contact_text)


@require_safe
def photo(request: StaffRequest, number: str, addition: int | None = None) -> HttpResponseBase:
    """Downloads the photo of the letter or of an addition; it is never shown inside the site."""
    letter = _visible_ticket(request, number)
    if not can_see_photo(request.user, letter):
        raise PermissionDenied
    row = get_object_or_404(letter.additions, pk=addition) if addition else letter
    if not row.photo:
        raise Http404
    return upload_response(row.photo, f"{number}.jpg", row.photo_sha256, content_type="image/jpeg")


def _visible_ticket(request: StaffRequest, number: str) -> Ticket:
    return get_object_or_404(
        Ticket.objects.visible_to(request.user).with_parts().with_owner(), number=number
    )


def _ticket_page(
    request: StaffRequest,
    letter: Ticket,
    bound: dict[str, ActionForm] | None = None,
    contact: str = "",
) -> HttpResponse:
    """The letter's page. `bound`: a form that was refused, by its verb. `contact`: in clear."""
    user, today, bound = request.user, timezone.localdate(), bound or {}
    owed, steps = list(owed_steps(user, letter, today)), list(letter.events.all())
    first, rest = actions_for(user, letter, owed, today)
    offered = {row.verb for row in [*first, *rest]}
    context = _letter_context(request, letter, steps) | {
        "owed": owed[0].queue.missing,
        "first": _with_forms(first, letter, bound),
        "rest": _with_forms(rest, letter, bound),
        "form": next(iter(bound.values()), None),
        "unsaved": [] if set(bound) <= offered else typed_words(request.POST),
        "similar": likely_heads(letter, user) if TicketVerb.MERGE in offered else [],
        "days_left": term(owed[0], letter, today)[1],
        "contact": contact,
        "crumbs": [*CRUMBS, (letter.number, "")],
    }
    return render(request, "staff/feedback/ticket.html", context)


def _with_forms(
    rows: list[TicketAction], letter: Ticket, bound: dict[str, ActionForm]
) -> list[tuple[TicketAction, ActionForm]]:
    """Each action with its form, the refused one where there is one."""
    return [(row, bound.get(row.verb) or row.form_for(letter)) for row in rows]


def _letter_context(
    request: StaffRequest, letter: Ticket, steps: list[TicketEvent]
) -> dict[str, object]:
    """Everything on the letter's page that this person may read, without the forms."""
    user = request.user
    last_notes = {step.verb: step.inner_note or step.public_note for step in steps}
    return {
        "ticket": letter,
        "letter": letter_of(letter, steps, user),
        "concerned": letter.concerns(user),
        "steps": steps_for_staff(letter, steps, user, timezone.localdate()),
        "escalated": last_notes.get(TicketVerb.ESCALATE),
        "wish": last_notes.get(TicketVerb.ASK_EXTENSION),
        "why": why(letter, steps),
        "replies": letter.replies.select_related("department", "rating", "checked_by"),
        "supporting": list(letter.supporting_departments.all()),
        "followers": Ticket.objects.visible_to(user).filter(merged_into=letter),
        "followed_by": letter.followers.count(),
        "masked_contact": masked_contact(user, letter),
        "sees_photos": can_see_photo(user, letter),
        "sees_reasons": can_screen(user, letter),
        "stands_in": stands_in(user, letter),
    }
