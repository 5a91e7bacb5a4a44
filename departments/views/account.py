"""Sign-in, one's own account and password, and the page shown after too many wrong passwords."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from departments import actions
from departments.actions.sign_ins import TooManyWrong
from departments.forms import AccountForm, ChangePasswordForm, SignInForm
from departments.http import StaffRequest
from departments.models import SignInEvent, User
from departments.pages.places import place_of
from departments.pages.signing_in import SIGNED_IN_AT, WAITING, too_many_wrong
from departments.pages.unsent import carried_on, keep_carried
from departments.permissions import is_leader
from departments.read_models.sign_ins import open_sessions


class SignIn(LoginView):
    """Django's sign-in page with our form; each attempt is counted before it is looked at."""

    authentication_form = SignInForm
    template_name = "departments/sign_in.html"
    redirect_authenticated_user = True
    attempt: SignInEvent | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        username, password = request.POST.get("username", ""), request.POST.get("password", "")
        if username and password:
            place, now = place_of(request), timezone.now()
            try:
                self.attempt = actions.begin_attempt(username=username, place=place, at=now)
            except TooManyWrong as refused:
                return too_many_wrong(request, refused)
        return super().post(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """Leaders start at the overview, everybody else at their list of things to do."""
        if is_leader(self.request.user):
            return resolve_url("workspace:overview")
        return super().get_default_redirect_url()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User), "the model that settings name"
        if user.has_second_factor:
            return self.ask_for_code(user)
        response = super().form_valid(form)
        self.request.session[SIGNED_IN_AT] = timezone.now().timestamp()
        if self.attempt:
            key = self.request.session.session_key or ""
            actions.succeed(event=self.attempt, user=user, session_key=key)
        keep_carried(self.request, user)
        return response

    def ask_for_code(self, user: User) -> HttpResponse:
        """Keeps for ten minutes that the password was right; nobody is signed in by that."""
        if self.attempt:
            actions.password_was_right(self.attempt)
        now, following = timezone.now().timestamp(), self.get_success_url()
        self.request.session.cycle_key()
        self.request.session[WAITING] = {"user": user.pk, "next": following, "at": now}
        keep_carried(self.request, user)
        return redirect("sign-in-code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Django puts its own `site` into the context, where our templates expect our profile.
        context = super().get_context_data(**kwargs) | {"site": settings.SITE}
        return context | carried_on(self.request)


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Replaces the admin's own sign-in: visitors go to ours, people without the role get a 403."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"), resolve_url("sign-in"))


class SignOut(LogoutView):
    """Django's sign-out, by a post; browsers also forget what they keep of our pages."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, key = request.user, request.session.session_key or ""
        if user.is_authenticated:
            actions.note_sign_out(
                user=user, session_key=key, place=place_of(request), at=timezone.now()
            )
        response = super().post(request, *args, **kwargs)
        # Not the cookies: the session's is gone, and another one holds the size of the text.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def account(request: StaffRequest) -> HttpResponse:
    """The page on which people change their own e-mail address."""
    form = AccountForm(request.POST or None, initial={"email": request.user.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        actions.set_email(
            user=request.user, email=email, by=request.user.actor(), at=timezone.now()
        )
        messages.success(
            request, f"以后的提醒发到 {email}。" if email else "邮箱已去掉，以后不再给您发提醒。"
        )
        return redirect("account")
    key = request.session.session_key or ""
    sessions = open_sessions(request.user, session_key=key, at=timezone.now())
    context = {"form": form, "sessions": sessions, "others": len(sessions) > 1}
    return render(request, "departments/account.html", context)


@require_POST
def end_sessions(request: StaffRequest) -> HttpResponse:
    """Ends the person's other sessions."""
    number = actions.end_other_sessions(
        user=request.user,
        session_key=request.session.session_key or "",
        place=place_of(request),
        at=timezone.now(),
    )
    messages.success(request, f"已退出其他 {number} 处登录。" if number else "没有其他登录。")
    return redirect("account")


@sensitive_post_parameters()
def change_password(request: StaffRequest) -> HttpResponse:
    """The page for a new password; people with a first password are sent here after sign-in."""
    user, place, now = request.user, place_of(request), timezone.now()
    form = ChangePasswordForm(user, request.POST or None)
    context = {"form": form, "forced": user.must_change_password}
    if not form.data.get("old_password"):
        form.is_valid()
        return render(request, "departments/change_password.html", context)
    try:
        attempt = actions.begin_attempt(username=user.username, place=place, at=now)
    except TooManyWrong as refused:
        return too_many_wrong(request, refused)
    if not form.is_valid():
        if "old_password" not in form.errors:
            actions.forget_attempt(attempt)
        return render(request, "departments/change_password.html", context)
    old_key = request.session.session_key or ""
    actions.change_own_password(user=user, password=form.cleaned_data["new_password1"], at=now)
    update_session_auth_hash(request, user)
    actions.note_password_change(
        event=attempt,
        user=user,
        old_key=old_key,
        new_key=request.session.session_key or "",
        place=place,
        at=now,
    )
    messages.success(request, "密码已经改好，下次登录请用新密码。其他地方的登录都已退出。")
    return redirect("workspace:home")
