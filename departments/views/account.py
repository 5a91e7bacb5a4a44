"""The door: sign in, change one's password, wait after too many wrong ones."""

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from departments import actions
from departments.forms import AccountForm, ChangePasswordForm, SignInForm
from departments.permissions import is_leader


class SignIn(LoginView):
    authentication_form = SignInForm
    template_name = "departments/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self):
        """Leaders come for the state of things, everybody else for what they have to do."""
        leads = is_leader(self.request.user)
        return resolve_url("workspace:overview") if leads else super().get_default_redirect_url()

    def get_context_data(self, **kwargs):
        # Django puts its own idea of a site under the name of our profile.
        return super().get_context_data(**kwargs) | {"site": settings.SITE}


@login_not_required
def admin_sign_in(request):
    """The reference data room has no door of its own: strangers go to ours, others learn it is not theirs."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"), resolve_url("sign-in"))


def locked_out(request, response, credentials):
    """What the lock shows instead of the form; each further attempt starts the waiting time anew."""
    context = {"until": timezone.now() + get_cool_off(request)}
    return render(request, "departments/locked_out.html", context, status=429)


def account(request):
    """What a person keeps up themself: where reminders go."""
    form = AccountForm(request.POST or None, initial={"email": request.user.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        actions.set_email(user=request.user, email=email, by=request.user.actor(), at=timezone.now())
        messages.success(request, f"以后的提醒发到 {email}。" if email else "邮箱已去掉，以后不再给您发提醒。")
        return redirect("account")
    return render(request, "departments/account.html", {"form": form})


@sensitive_post_parameters()
def change_password(request):
    forced = request.user.must_change_password
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        actions.change_own_password(user=request.user, password=form.cleaned_data["new_password1"], at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已经改好，下次登录请用新密码。")
        return redirect("workspace:home")
    return render(request, "departments/change_password.html", {"form": form, "forced": forced})
