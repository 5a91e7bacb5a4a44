"""The second factor: asked for at sign-in, and kept up on a page of one's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from common.security.crypto import NoKey
from common.ui.action_views import accepted
from common.ui.qr import QrDrawing, qr_drawing
from departments import actions
from departments.actions.second_factors import provisioning_uri
from departments.actions.sign_ins import TooManyWrong
from departments.choices import SignInOutcome
from departments.forms import OneTimePasswordForm
from departments.http import StaffRequest
from departments.models import SecondFactor, User
from departments.pages.places import place_of
from departments.pages.signing_in import ACCOUNT_BACKEND, SIGNED_IN_AT, WAITING, too_many_wrong

# How long a right password waits for the one-time password.
PATIENCE = timedelta(minutes=10)
WRONG = "验证码不对。请看手机上现在显示的六位数字；每个验证码只能用一次。"


@login_not_required
@never_cache
@sensitive_post_parameters("one_time_password")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second page of the sign-in, after the right password."""
    now = timezone.now()
    user = _waiting(request, now)
    if user is None:
        return redirect("sign-in")
    form = OneTimePasswordForm(request.POST or None)
    if form.is_valid():
        place = place_of(request)
        try:
            attempt = actions.begin_attempt(
                username=user.username, place=place, at=now, wrong=SignInOutcome.WRONG_CODE
            )
        except TooManyWrong as refused:
            return too_many_wrong(request, refused)
        typed = form.cleaned_data["one_time_password"]
        if actions.check_second_factor(user=user, password=typed, at=now):
            login(request, user, backend=ACCOUNT_BACKEND)
            following = request.session.pop(WAITING)["next"]
            request.session[SIGNED_IN_AT] = now.timestamp()
            key = request.session.session_key or ""
            actions.succeed(event=attempt, user=user, session_key=key)
            return redirect(following)
        form.add_error("one_time_password", WRONG)
    return render(request, "departments/sign_in_code.html", {"form": form, "site": settings.SITE})


def _waiting(request: HttpRequest, now: datetime) -> User | None:
    """Whose password was right a short time ago."""
    waiting = request.session.get(WAITING, {"user": None, "at": 0})
    if now.timestamp() > waiting["at"] + PATIENCE.total_seconds():
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()


@require_safe
def second_factor(request: StaffRequest) -> HttpResponse:
    """Whether an app is asked for at sign-in, and the way to the next step."""
    return _page(request, OneTimePasswordForm())


@require_POST
def begin(request: StaffRequest) -> HttpResponse:
    """Makes the secret that the app is to hold."""
    try:
        actions.begin_second_factor(user=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("second-factor")


@require_POST
def confirm(request: StaffRequest) -> HttpResponse:
    """Begins to ask for the app, once it has shown that it works."""
    return _with_password(
        request,
        lambda password, now: actions.confirm_second_factor(
            user=request.user,
            password=password,
            session_key=request.session.session_key or "",
            place=place_of(request),
            at=now,
        ),
    )


@require_POST
def renew(request: StaffRequest) -> HttpResponse:
    """New recovery passwords in place of the old ones."""
    return _with_password(
        request,
        lambda password, now: actions.renew_recovery_passwords(
            user=request.user, password=password, at=now
        ),
    )


@require_POST
def remove(request: StaffRequest) -> HttpResponse:
    """Stops asking for the app, where the site does not ask for it."""
    return _with_password(
        request,
        lambda password, now: actions.remove_second_factor(
            user=request.user, password=password, place=place_of(request), at=now
        ),
    )


def _with_password(
    request: StaffRequest, act: Callable[[str, Any], list[str] | None]
) -> HttpResponse:
    """Acts with the one-time password that was typed, counted like one at the sign-in."""
    form, now = OneTimePasswordForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, form)
    try:
        attempt = actions.begin_attempt(
            username=request.user.username,
            place=place_of(request),
            at=now,
            wrong=SignInOutcome.WRONG_CODE,
        )
        codes = act(form.cleaned_data["one_time_password"], now)
    except TooManyWrong as refused:
        return too_many_wrong(request, refused)
    except Refused as refused:
        form.add_error("one_time_password", str(refused))
        return _page(request, form)
    actions.forget_attempt(attempt)
    if codes is None:
        messages.success(request, "验证器已停用，以后登录只要密码。")
        return redirect("second-factor")
    context = {"codes": codes, "site": settings.SITE}
    return accepted(render(request, "departments/recovery_codes.html", context))


def _page(request: StaffRequest, form: OneTimePasswordForm) -> HttpResponse:
    factor = SecondFactor.objects.select_related("user").filter(user=request.user).first()
    context: dict[str, Any] = {"form": form, "factor": factor}
    context["asked"] = request.user.is_asked_for_second_factor
    if factor and factor.confirmed_at is None:
        context["picture"], context["secret"] = _picture(factor)
    if factor:
        context["left"] = len(factor.recovery_digests)
    return render(request, "departments/second_factor.html", context)


def _picture(factor: SecondFactor) -> tuple[QrDrawing | None, str]:
    """The picture for the camera, and the secret in groups of four to be typed."""
    try:
        address = provisioning_uri(factor, issuer=settings.SITE["name"])
    except NoKey:
        return None, ""
    secret = address.partition("secret=")[2].partition("&")[0]
    return qr_drawing(address), " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
