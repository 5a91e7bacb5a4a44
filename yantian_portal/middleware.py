"""What every request passes: the caller's address, headers, sign-in, the first password, and the
keeping of what was typed.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from departments.forms import SignInForm
from departments.pages.unsent import carried, settle

# What answers a request: the view, inside of the middleware that comes after.
Answer = Callable[[HttpRequest], HttpResponse]


def client_address(get_response: Answer) -> Answer:
    """REMOTE_ADDR as our own proxies saw it, so that one office behind a proxy
    is not locked out as a whole.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = settings.TRUSTED_PROXY_HOPS
        if hops and len(forwarded) >= hops and forwarded[-hops].strip():
            request.META["REMOTE_ADDR"] = forwarded[-hops].strip()
        return get_response(request)

    return middleware


def extra_headers(get_response: Answer) -> Answer:
    """Denies sensors; keeps staff pages out of caches and some pages out of search engines."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), camera=(), microphone=()"
        )
        if request.path.startswith(("/staff/", "/admin/", "/feedback/track/")):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.DEMO or request.GET.get("as_of"):
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return middleware


class SignInFirst(LoginRequiredMiddleware):
    """Leads visitors to the sign-in page; what a signed-out person wrote goes through it."""

    # The stubs know only the redirect of Django's own class; any answer will do.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if request.headers.get("X-Autosave"):
            return JsonResponse({"message": "请重新登录。"}, status=401)
        context = {"form": SignInForm(request), **carried(request)}
        return render(request, "departments/signed_out.html", context, status=403)


def own_password_first(get_response: Answer) -> Answer:
    """Leads a person whose password was set by somebody else to the page where it is changed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_staff_page = request.path.startswith(("/staff/", "/admin/"))
        if is_staff_page and _owes_new_password(request) and not _is_way_out(request.path):
            return redirect("change-password")
        return get_response(request)

    return middleware


def _owes_new_password(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.must_change_password


def _is_way_out(path: str) -> bool:
    return path in {reverse("change-password"), reverse("sign-out")}


def keep_unsent_forms(get_response: Answer) -> Answer:
    """Keeps what was typed into a form that was not accepted, and forgets it once it was.

    So nothing typed is lost by a refusal, an error or a colleague who was faster, whether or not
    the page has a script.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A form that another site may have sent is nobody's typing.
        is_own = getattr(request, "csrf_processing_done", False)
        if request.method == "POST" and request.path.startswith("/staff/") and is_own:
            settle(request, response)
        return response

    return middleware
