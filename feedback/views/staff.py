from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common.errors import Refused
from common.files.downloads import uploaded
from common.ui.form_parts import typed_words
from departments.models import Role
from feedback import actions
from feedback.choices import ReplyMethod, TicketVerb
from feedback.filters import RegisterFilter
from feedback.forms.parts import new_token
from feedback.forms.submission import NOTICE_VERSION, RegisterForm
from feedback.models import Ticket
from feedback.pages.public import receipt_context
from feedback.pages.ticket_actions import ACTS, acts_for
from feedback.permissions import can_register, can_screen, can_see_contact, can_see_photo, may_perform
from feedback.read_models import inbox
from feedback.read_models.inbox import archive_rows, masked_contact, owed_steps, stands_in, term
from feedback.read_models.similar import likely_heads
from feedback.read_models.timeline import letter_of, steps_for_staff, why

CRUMBS = [("工作台", "/staff/"), ("诉求", "/staff/feedback/")]


@require_GET
def desk(request):
    groups = inbox.desk(request.user, timezone.localdate())
    context = {"groups": groups, "can_register": can_register(request.user), "crumbs": [*CRUMBS[:1], ("诉求", "")]}
    return render(request, "staff/feedback/desk.html", context)


@require_GET
def archive(request):
    found = RegisterFilter(request.GET, inbox.archive(request.user), request=request)
    page = Paginator(found.qs.values_list("pk", flat=True), 30).get_page(request.GET.get("page"))
    context = {
        "form": found.form,
        "filtered": any(found.form.data.get(name) for name in found.filters),
        "page_obj": page,
        "rows": archive_rows(request.user, page, timezone.localdate()),
        "crumbs": [*CRUMBS, ("全部", "")],
    }
    return render(request, "staff/feedback/archive.html", context)


def register(request):
    """A letter that came by telephone, mail or over the counter; the clerk reads the receipt out."""
    if not can_register(request.user):
        raise PermissionDenied
    form = RegisterForm(
        request.POST or None, request.FILES or None, initial={"token": new_token(), "reply_by": ReplyMethod.TELEPHONE}
    )
    context = {"form": form, "crumbs": [*CRUMBS, ("登记来信", "")]}
    context |= {"notice_version": NOTICE_VERSION, "keep_days": settings.CONTACT_KEEP_DAYS}
    if request.method != "POST" or not form.is_valid():
        return render(request, "staff/feedback/register.html", context)
    by = request.user.actor(Role.CLERK)
    registered = actions.receive(**form.letter(), by=by, at=timezone.now(), demonstration=settings.DEMO)
    return render(request, "staff/feedback/registered.html", context | receipt_context(request, registered))


@require_GET
def ticket(request, number):
    return _ticket_page(request, _in_sight(request, number))


@require_POST
def act(request, number, verb):
    chosen, found = ACTS.get(verb), _in_sight(request, number)
    if chosen is None:
        raise Http404
    if not may_perform(request.user, found, verb):
        raise PermissionDenied
    form = chosen.form_for(found, request.POST, request.FILES)
    if not form.is_valid():
        return _ticket_page(request, found, {verb: form})
    try:
        outcome = chosen.action(ticket=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return _ticket_page(request, found, {verb: form})
    messages.success(request, f"{number}：{chosen.told(outcome)}")
    # Naming one's own unit as the one complained of takes the ticket out of one's sight.
    in_sight = Ticket.objects.visible_to(request.user).filter(pk=found.pk).exists()
    return redirect("staff_feedback:ticket", number) if in_sight else redirect("staff_feedback:desk")


@require_POST
def contact(request, number):
    found = _in_sight(request, number)
    if not can_see_contact(request.user, found) or not hasattr(found, "contact"):
        raise PermissionDenied
    shown = actions.see_contact(ticket=found, by=request.user, at=timezone.now())
    return _ticket_page(request, found, contact=shown)


@require_GET
def photo(request, number, addition=None):
    """Of the letter, or of what was added to it: a download, never shown inside the site."""
    found = _in_sight(request, number)
    if not can_see_photo(request.user, found):
        raise PermissionDenied
    row = get_object_or_404(found.additions, pk=addition) if addition else found
    if not row.photo:
        raise Http404
    return uploaded(row.photo, f"{number}.jpg", row.photo_sha256, content_type="image/jpeg")


def _in_sight(request, number: str) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(request.user).with_parts().with_owner(), number=number)


def _ticket_page(request, found: Ticket, bound: dict | None = None, contact=""):
    user, today, bound = request.user, timezone.localdate(), bound or {}
    owed, steps = list(owed_steps(user, found, today)), list(found.events.all())
    first, rest = (
        [(one, bound.get(one.verb) or one.form_for(found)) for one in acts]
        for acts in acts_for(user, found, owed, today)
    )
    offered = {one.verb for one, _ in [*first, *rest]}
    context = _told_of(request, found, steps) | {
        "owed": owed[0].queue.missing,
        "first": first,
        "rest": rest,
        "form": next(iter(bound.values()), None),
        "unsaved": [] if set(bound) <= offered else typed_words(request.POST),
        "alike": likely_heads(found, user) if TicketVerb.MERGE in offered else [],
        "days_left": term(owed[0], found, today)[1],
        "contact": contact,
        "crumbs": [*CRUMBS, (found.number, "")],
    }
    return render(request, "staff/feedback/ticket.html", context)


def _told_of(request, found: Ticket, steps: list) -> dict:
    """What there is to read of a ticket, as far as this person may."""
    user = request.user
    last = {step.verb: step.inner_note or step.public_note for step in steps}
    return {
        "ticket": found,
        "letter": letter_of(found, steps, user),
        "concerned": found.concerns(user),
        "steps": steps_for_staff(found, steps, user, timezone.localdate()),
        "escalated": last.get(TicketVerb.ESCALATE),
        "wish": last.get(TicketVerb.ASK_EXTENSION),
        "why": why(found, steps),
        "replies": found.replies.select_related("department", "rating", "checked_by"),
        "supporting": list(found.supporting_departments.all()),
        "followers": Ticket.objects.visible_to(user).filter(merged_into=found),
        "followed_by": found.followers.count(),
        "masked_contact": masked_contact(user, found),
        "sees_photos": can_see_photo(user, found),
        "sees_reasons": can_screen(user, found),
        "stands_in": stands_in(user, found),
    }
