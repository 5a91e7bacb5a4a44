"""Sign-in, one's own account and password, and the page shown after too many wrong passwords."""

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from departments import actions
from departments.forms import AccountForm, ChangePasswordForm, SignInForm
from departments.http import StaffRequest
from departments.pages.unsent import carried_on, keep_carried
from departments.permissions import is_leader


class SignIn(LoginView):
    """Django's sign-in page with our form."""

    authentication_form = SignInForm
    template_name = "departments/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Leaders start at the overview, everybody else at their list of things to do."""
        if is_leader(self.request.user):
            return resolve_url("workspace:overview")
        return super().get_default_redirect_url()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        keep_carried(self.request, form.get_user())
        return response

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


def locked_out(request: HttpRequest, *_refused: object) -> HttpResponse:
    """The page django-axes shows instead of the form; each further attempt restarts the wait."""
    context = {"until": timezone.now() + get_cool_off(request)}
    return render(request, "departments/locked_out.html", context, status=429)


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
    return render(request, "departments/account.html", {"form": form})


@sensitive_post_parameters()
def change_password(request: StaffRequest) -> HttpResponse:
    """The page for a new password; people with a first password are sent here after sign-in."""
    forced = request.user.must_change_password
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        password = form.cleaned_data["new_password1"]
        actions.change_own_password(user=request.user, password=password, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已经改好，下次登录请用新密码。")
        return redirect("workspace:home")
    return render(request, "departments/change_password.html", {"form": form, "forced": forced})
