"""Letters for everybody: write one, keep the receipt, read what others asked.
Needs no account and no script.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_safe

from common.addresses import unknown_names
from common.security.personal_data import find_personal_data
from common.ui.form_parts import typed_words
from feedback import actions
from feedback.assignment import lacking_to_take_letters
from feedback.choices import ReplyMethod, TicketKind
from feedback.feeds import QuestionFeed
from feedback.filters import ChangeFilter, QuestionFilter
from feedback.forms.parts import new_token
from feedback.forms.submission import KINDS, NOTICE_VERSION, LetterForm
from feedback.models import Ticket
from feedback.pages import throttles
from feedback.pages.public import CRUMBS, receipt_context
from feedback.read_models import counts
from feedback.read_models.counts import ticket_counts
from feedback.read_models.questions import hot_topics, questions
from feedback.read_models.similar import similar_questions
from tasks.models import Task

View = Callable[[HttpRequest], HttpResponse]
Response = TypeVar("Response", bound=HttpResponse)
RECEIPT = "feedback_receipt"
RECEIPT_AGE = 30 * 60
SALT = "feedback.receipt"
# Filters that stay folded until one of them is used.
FOLDED = ("kind", "subject", "answered_from", "answered_to")


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The published questions, filtered."""
    chosen = QuestionFilter(request.GET, Ticket.objects.published())
    page = Paginator(chosen.qs, 20).get_page(request.GET.get("page"))
    context = {
        "form": chosen.form,
        # A feed with wrong filters would stay empty for ever, so none is offered.
        "query": "" if chosen.form.errors else chosen.address,
        "filtered": bool(chosen.address),
        "about": _selected_task(chosen.form),
        "more": any(request.GET.get(name) for name in FOLDED),
        "page_obj": page,
        "questions": questions(page),
        "counts": ticket_counts(),
        "crumbs": [*CRUMBS[:1], ("问答", "")],
    }
    return render(
        request, "feedback/index.html", context, status=400 if chosen.form.errors else 200
    )


def _selected_task(form: Form) -> Task | None:
    """The task whose questions the filter selects."""
    code = form.cleaned_data["task"] if form.is_valid() else ""
    return Task.objects.published().filter(code=code).first() if code else None


@login_not_required
@require_safe
@cache_control(no_cache=True)
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The selected questions as an Atom feed.

    Wrong filters are refused in words, as by the API: a feed reader would wait for ever.
    """
    chosen = ChangeFilter(request.GET, Ticket.objects.once_public())
    refusal = f"没有这个参数。可以用的有：{'、'.join(chosen.filters)}。"
    unknown = {name: [refusal] for name in unknown_names(request.GET, chosen.filters)}
    if invalid := unknown | dict(chosen.form.errors):
        lines = [f"{name}：{' '.join(map(str, errors))}" for name, errors in invalid.items()]
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")
    return QuestionFeed()(request, chosen)


@login_not_required
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """What became of the letters of each month."""
    context = {"months": counts.months(timezone.localdate()), "crumbs": [*CRUMBS, ("每月统计", "")]}
    return render(request, "feedback/months.html", context)


@login_not_required
@require_safe
def question(request: HttpRequest, number: str) -> HttpResponse:
    """A published question; 410 with day and reason where it was taken down."""
    ticket = Ticket.objects.published().filter(number=number).first()
    if ticket is None:
        down = get_object_or_404(Ticket, number=number, taken_down_at__isnull=False)
        return render(
            request, "feedback/taken_down.html", {"ticket": down, "crumbs": CRUMBS}, status=410
        )
    [published] = questions([ticket])
    return render(
        request,
        "feedback/question.html",
        {"question": published, "crumbs": [*CRUMBS, (number, "")]},
    )


def _while_taken(view: View) -> View:
    """A step of the form where somebody takes letters; else the page says whom to call.

    Whoever has the form open when the last clerk leaves gets the words back to copy.
    """

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if not lacking_to_take_letters():
            return view(request)
        crumbs = [*CRUMBS, ("提问", "")]
        context = {"typed": typed_words(request.POST), "crumbs": crumbs}
        status = 403 if request.method == "POST" else 200
        return render(request, "feedback/not_taken.html", context, status=status)

    return wrapper


@login_not_required
@never_cache
@require_safe
@_while_taken
def new(request: HttpRequest) -> HttpResponse:
    """The empty form of a letter."""
    challenge = throttles.challenge_text(throttles.SUBMIT_THROTTLE, throttles.callers_of(request))
    return _letter_page(request, LetterForm(initial=_initial(request), challenge=challenge))


def _post_or_start_again(view: View) -> View:
    """A step of the form; opened without posting, as from a browser's history,
    it leads to the empty form.
    """

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else redirect("feedback:new")

    return wrapper


@login_not_required
@never_cache
@_post_or_start_again
@_while_taken
def check(request: HttpRequest) -> HttpResponse:
    """Shows the answers for checking before they are sent."""
    form = _bound_form(request)
    return _refusal_page(request, form) or _check_page(request, form)


@login_not_required
@never_cache
@_post_or_start_again
@_while_taken
def edit(request: HttpRequest) -> HttpResponse:
    """Leads back to the form, with everything that was written."""
    form = _bound_form(request)
    # Only a validated form carries the photo on.
    form.is_valid()
    return _letter_page(request, form)


@login_not_required
@never_cache
@_post_or_start_again
@_while_taken
def send(request: HttpRequest) -> HttpResponse:
    """Registers the letter and leads to its receipt."""
    form = _bound_form(request)
    if refused := _refusal_page(request, form):
        return refused
    throttles.count(throttles.SUBMIT_THROTTLE, throttles.callers_of(request))
    ticket = actions.register(
        **form.letter(), by=actions.CITIZEN, at=timezone.now(), demonstration=settings.DEMO
    )
    return _with_receipt(redirect("feedback:received"), ticket)


def _bound_form(request: HttpRequest) -> LetterForm:
    callers = throttles.callers_of(request)
    challenge = throttles.challenge_text(throttles.SUBMIT_THROTTLE, callers)
    signed_in = request.user.is_authenticated
    make = partial(LetterForm, challenge=challenge, signed_in=signed_in)
    return throttles.bind(make, request, callers)


def _refusal_page(request: HttpRequest, form: LetterForm) -> HttpResponse | None:
    """The form with the reasons why the letter cannot be sent; None where it can."""
    if not form.is_valid():
        return _letter_page(request, form)
    if refusal := throttles.too_many(throttles.SUBMIT_THROTTLE, throttles.callers_of(request)):
        form.add_error(None, refusal)
        return _letter_page(request, form, status=429)
    return _used_form_page(request, form)


def _used_form_page(request: HttpRequest, form: LetterForm) -> HttpResponse | None:
    """The form where it was sent before with other words; None where it was not."""
    letter = form.letter()
    used = actions.registered_otherwise(
        letter["form_token"], letter["kind"], letter["text"], letter["location"]
    )
    if used is None:
        return None
    form.say_already_registered(used.number)
    return _letter_page(request, form, status=409)


def _initial(request: HttpRequest) -> dict[str, object]:
    """What a link such as 问一问 on a task's page fills in; unknown values fill in nothing."""
    kind = request.GET.get("kind")
    return {
        "token": new_token(),
        "task": Task.objects.published().filter(code=request.GET.get("task", "")).first(),
        "kind": kind if kind in dict(KINDS) else None,
        "reply_by": ReplyMethod.WEB,
    }


def _letter_page(request: HttpRequest, form: LetterForm, status: int = 200) -> HttpResponse:
    context = _letter_context(form) | {"topics": hot_topics()}
    return render(request, "feedback/new.html", context, status=status)


def _check_page(request: HttpRequest, form: LetterForm) -> HttpResponse:
    answers = form.cleaned_data
    found = find_personal_data(f"{answers['text']}\n{answers['location']}")
    context = _letter_context(form) | {
        "similar": similar_questions(answers["text"], answers["task"]),
        "personal": "、".join(found),
    }
    return render(request, "feedback/check.html", context)


def _letter_context(form: LetterForm) -> dict[str, object]:
    answers = getattr(form, "cleaned_data", form.initial)
    return {
        "form": form,
        "answers": answers,
        "task": answers.get("task"),
        "kind": dict(TicketKind.choices).get(answers.get("kind") or ""),
        "reply_by": dict(ReplyMethod.choices).get(answers.get("reply_by") or ""),
        "notice_version": NOTICE_VERSION,
        "keep_days": settings.CONTACT_KEEP_DAYS,
        "reply_days": settings.SITE["tickets"]["days"],
        "crumbs": [*CRUMBS, ("提问", "")],
    }


def _with_receipt(response: Response, ticket: Ticket) -> Response:
    """Adds the receipt as a short-lived signed cookie for its own page;
    it never stands in an address.
    """
    response.set_signed_cookie(
        RECEIPT,
        ticket.form_token,
        SALT,
        max_age=RECEIPT_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        path=reverse("feedback:received"),
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@never_cache
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The receipt of the letter just sent; later it is looked up by number and code."""
    token = request.get_signed_cookie(RECEIPT, None, SALT, max_age=RECEIPT_AGE)
    ticket = Ticket.objects.filter(form_token=token).first() if token else None
    if ticket is None:
        return redirect("feedback:track")
    return render(
        request,
        "feedback/received.html",
        {**receipt_context(request, ticket), "crumbs": [*CRUMBS, ("回执", "")]},
    )
