"""What every request passes: the caller's address, headers, methods, bounds, sign-in, passwords,
and the keeping of what was typed.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from itertools import chain

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from common import logs
from common.rest import SENTENCES
from common.text.readable import unreadable_reason
from departments.forms import SignInForm
from departments.pages.signing_in import SIGNED_IN_AT
from departments.pages.unsent import carried, settle
from public.views.errors import unreadable
from tasks.read_models.codes import canonical_code

requests = logging.getLogger("portal.request")
# What answers a request: the view, inside of the middleware that comes after.
Answer = Callable[[HttpRequest], HttpResponse]
# Bytes of path and query: what the application server takes at most.
LONGEST_ADDRESS = 4000
# Public files that programs read; nothing below /staff/, /admin/ or of one writer.
OPEN_DATA = re.compile(
    r"^/(api/v1/|feedback/feed/$|ledger/export\.jsonl$|(dashboard|tasks|plans)/.*\.json$)"
)
TASK_PAGE = re.compile(r"/tasks/(?P<code>[^/]{1,30})(?P<rest>/.*)?")
SAVED_AT = "saved_at"
READING = ("GET", "HEAD", "OPTIONS")


def log_requests(get_response: Answer) -> Answer:
    """One line for each request: its path without the query, the answer, and how long it took.

    The number of a request comes from the proxy in front, so that its lines and ours are found
    together, and goes back to whoever asked.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        number = logs.begin_request(request.headers.get("X-Request-ID", ""))
        start = time.perf_counter()
        response = get_response(request)
        took = round((time.perf_counter() - start) * 1000)
        path, status = logs.path_in_words(request.path_info), response.status_code
        requests.info("%s %s %d %dms", request.method, path, status, took)
        response["X-Request-ID"] = number
        return response

    return middleware


def client_address(get_response: Answer) -> Answer:
    """REMOTE_ADDR as our own proxies saw it, so that one office behind a proxy
    is not locked out as a whole.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = settings.TRUSTED_PROXY_HOPS
        if hops and len(forwarded) >= hops and (caller := _bare_address(forwarded[-hops])):
            request.META["REMOTE_ADDR"] = caller
        return get_response(request)

    return middleware


def _bare_address(written: str) -> str:
    """The address without the port and brackets some gateways write; "" where it is none."""
    written = written.strip().strip('"')
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        return str(ip_address(written.partition("%")[0]))
    except ValueError:
        return ""


def readable_first(get_response: Answer) -> Answer:
    """Answers what no view could read or keep: addresses without end, characters that are none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if len(request.path_info) + len(request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
            return unreadable(request, "地址太长。", status=414)
        # Read before the form: what it is read by must not come from whoever sent it.
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            request.encoding = "utf-8"
            return unreadable(request, "内容的编码不是 UTF-8。")
        reason = next(filter(None, map(unreadable_reason, _sent_texts(request))), "")
        if reason:
            return unreadable(request, f"送来的内容{reason}，请删去后再试。")
        return get_response(request)

    return middleware


def known_methods(get_response: Answer) -> Answer:
    """Pages know GET, HEAD and POST, and nothing else; data for programs are read from anywhere.

    A browser lets scripts of another site read only answers that say so, and asks beforehand.
    Never with cookies, and never what only staff or one writer may read.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_open = OPEN_DATA.search(request.path_info) is not None
        if is_open and request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(READING)
        elif request.method in {"GET", "HEAD", "POST"}:
            response = get_response(request)
        else:
            response = unreadable(request, SENTENCES[405], status=405)
            response["Allow"] = ", ".join(READING if is_open else ("GET", "HEAD", "POST"))
        if is_open and request.method in READING:
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return middleware


def loose_codes(get_response: Answer) -> Answer:
    """Leads from another writing of a task's code, such as AP2017-33 or wp2013-8, to its page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 404 and request.method in {"GET", "HEAD"}:
            written = TASK_PAGE.fullmatch(request.path_info)
            code = written and canonical_code(written["code"])
            if written and code and code != written["code"]:
                query = request.META.get("QUERY_STRING", "")
                address = f"/tasks/{code}{written['rest'] or '/'}{'?' if query else ''}{query}"
                return HttpResponsePermanentRedirect(address)
        return response

    return middleware


def _sent_texts(request: HttpRequest) -> Iterator[str]:
    """Everything a caller chose: path, query, cookies, headers and form."""
    yield request.path_info
    headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    yield from map(str, headers)
    yield from request.COOKIES.values()
    for sent in (request.GET, request.POST):
        yield from sent
        yield from chain.from_iterable(values for _, values in sent.lists())


def extra_headers(get_response: Answer) -> Answer:
    """Denies sensors; keeps staff pages out of caches and some pages out of search engines."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), camera=(), microphone=()"
        )
        if request.path.startswith(("/staff/", "/admin/", "/feedback/track/")):
            response.headers.setdefault("Cache-Control", "no-store")
        elif settings.SESSION_COOKIE_NAME in request.COOKIES and not _is_kept_nowhere(response):
            patch_cache_control(response, private=True)
        if settings.DEMO or request.GET.get("as_of"):
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return middleware


def _is_kept_nowhere(response: HttpResponse) -> bool:
    return "no-store" in response.get("Cache-Control", "")


def keep_sessions(get_response: Answer) -> Answer:
    """Prolongs the session of whoever is at work, and ends it some hours after its sign-in.

    It is saved once a minute at most, not with every page that is only looked at. What a form sends
    after the end goes through the sign-in like that of any session that has ended.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        session, now = request.session, time.time()
        begun = session.get(SIGNED_IN_AT)
        if begun is not None and now - begun >= settings.SESSION_LONGEST:
            logout(request)
        # Of visitors there is no session that could be kept.
        elif not session.is_empty() and _is_unsaved(session, now):
            session[SAVED_AT] = int(now)
        return get_response(request)

    return middleware


def _is_unsaved(session: SessionBase, now: float) -> bool:
    return now - session.get(SAVED_AT, 0) >= settings.SESSION_SAVED_EVERY


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


def first_duties_first(get_response: Answer) -> Answer:
    """Leads a person whose password was set by somebody else to the page where it is changed, and
    one whose post asks for a second factor to the page where it is set up.

    Until then that person is nobody elsewhere: what is not public, such as evidence, stays closed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        duty = _first_duty(request)
        if duty and not _is_way_out(request.path, duty):
            if request.path.startswith(("/staff/", "/admin/")):
                return redirect(duty)
            request.user = AnonymousUser()
        return get_response(request)

    return middleware


def _first_duty(request: HttpRequest) -> str:
    """The name of the page that has to be done with first; "" for nobody's."""
    if not request.user.is_authenticated:
        return ""
    if request.user.must_change_password:
        return "change-password"
    lacks = request.user.is_asked_for_second_factor and not request.user.has_second_factor
    return "second-factor" if lacks else ""


def _is_way_out(path: str, duty: str) -> bool:
    return path.startswith(reverse(duty)) or path == reverse("sign-out")


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
