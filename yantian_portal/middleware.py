"""What every request passes: the caller's address, headers, sign-in, the first password."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from common.ui.form_parts import typed_words


def client_address(get_response):
    """REMOTE_ADDR as our own proxies saw it, so that one office behind a proxy
    is not locked out as a whole.
    """

    def middleware(request):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = settings.TRUSTED_PROXY_HOPS
        if hops and len(forwarded) >= hops and forwarded[-hops].strip():
            request.META["REMOTE_ADDR"] = forwarded[-hops].strip()
        return get_response(request)

    return middleware


def extra_headers(get_response):
    """Denies sensors; keeps staff pages out of caches and some pages out of search engines."""

    def middleware(request):
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
    """Leads visitors to the sign-in page; what a signed-out person wrote is given back."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if request.headers.get("X-Autosave"):
            return JsonResponse({"message": "请重新登录。"}, status=401)
        came_from = urlsplit(request.META.get("HTTP_REFERER", "")).path
        context = {
            "typed": typed_words(request.POST),
            "next": came_from or reverse("workspace:home"),
        }
        return render(request, "departments/signed_out.html", context, status=403)


def own_password_first(get_response):
    """Leads a person whose password was set by somebody else to the page where it is changed."""

    def middleware(request):
        if not request.path.startswith(("/staff/", "/admin/")) or not request.user.is_authenticated:
            return get_response(request)
        allowed = {reverse("change-password"), reverse("sign-out")}
        if request.user.must_change_password and request.path not in allowed:
            return redirect("change-password")
        return get_response(request)

    return middleware
