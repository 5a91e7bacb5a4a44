"""Public pages, files and answers of the API are made once and kept until what they show changes.

What is kept is named by everything its bytes depend on: the public version, the local day, the
address, and the text size of the reader. So nothing old is ever found, and nothing is thrown away.
"""

import re
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from itertools import chain
from threading import Lock
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_filters import CharFilter, FilterSet

from common.security import throttling
from common.security.throttling import callers
from common.serving import packing
from common.serving.packing import PackedBytes, names_etag
from common.serving.store import SHARED, AnswerStore, KeptAnswer
from common.text.canonical import canonical
from common.ui.page_components import text_size_of
from feedback.filters import ChangeFilter, QuestionFilter
from ledger.public_version import Version, read_version
from public.api.tasks import MilestoneFilter
from public.filters import TaskFilter
from public.record_filters import PublicEntryFilter

Answer = Callable[[HttpRequest], HttpResponse]
# The addresses of readers. Not of writers, of staff, or of one person; files that are streamed and
# answers that set a cookie stay out by themselves.
KEPT = re.compile(
    r"/(?:$|(?:plans|tasks|departments|dashboard|quarters|ledger|data|about|search|api)/"
    r"|feedback/(?:$|feed/|months/|[A-Z0-9][A-Z0-9-]*/$)|robots\.txt$)"
)
CLOSED = re.compile(r"/(staff|admin)/")
FOR_ONE = re.compile("no-store|private")
THE_RECORD = "/ledger/"
THE_API = "/api/v1/"
LONGEST_QUERY = 200
FILTERS: tuple[type[FilterSet], ...] = (
    TaskFilter,
    QuestionFilter,
    ChangeFilter,
    PublicEntryFilter,
    MilestoneFilter,
)
CODE = ("[a-z]*/**/*.py", "templates/**/*.*", "static/**/*.css", "static/**/*.js")
# How often an answer is made again because something was published while it was made.
TRIES = 3
# Bytes of a file that is kept.
LARGEST_FILE = 2 * 1024 * 1024
KEPT_HEADERS = {"Cache-Control": "public, max-age=0, must-revalidate"}


class VersionReader:
    """The public version, read from the database at most once in `settings.PUBLIC_VERSION_SECONDS`
    by each process.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at = float("-inf")
        self._version = Version("", 0)

    def version(self) -> Version:
        now = time.monotonic()
        with self._lock:
            if now - self._read_at < settings.PUBLIC_VERSION_SECONDS:
                return self._version
        # Read outside of the lock: whoever waits for the database keeps nobody else waiting. The
        # moment is the one before the question, so that an answer is never thought younger.
        version = read_version()
        with self._lock:
            self._version, self._read_at = version, now
        return version


store = AnswerStore(settings.KEPT_PAGES_MB * 1024 * 1024)
reader = VersionReader()


def keep_public_pages(get_response: Answer) -> Answer:
    """Answers from what is kept, or makes, packs and keeps it; everything else passes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not store.capacity or not _is_kept(request) or _is_braked(request):
            return _packed_for_one(request, get_response(request))
        key = key_of(request, reader.version())
        if answer := store.get(key):
            return _found(request, answer)
        # What is made for HEAD may be without its body.
        if request.method == "HEAD":
            return get_response(request)
        with store.turn(key):
            return _found_or_made(request, key, get_response)

    return middleware


def _found_or_made(request: HttpRequest, key: str, get_response: Answer) -> HttpResponse:
    """What somebody else made while this reader waited, or made now."""
    answer = store.get(key)
    if answer is None and store.is_made_elsewhere(key):
        answer = store.get(key)
    return _found(request, answer) if answer else _made(request, get_response)


def key_of(request: HttpRequest, version: Version) -> str:
    """Everything the bytes of an answer depend on."""
    address, query = request.path_info, request.META.get("QUERY_STRING", "")
    parts = (
        _build(),
        version.stamp,
        str(version.head) if address.startswith(THE_RECORD) else "",
        timezone.localdate().isoformat(),
        request.scheme or "",
        request.META.get("HTTP_HOST", ""),
        text_size_of(request),
        f"{address}?{query}",
    )
    return "\n".join(parts)


def _is_kept(request: HttpRequest) -> bool:
    if request.method not in {"GET", "HEAD"} or not KEPT.match(request.path_info):
        return False
    return not _is_personal(request) and _is_of_choices(request.META.get("QUERY_STRING", ""))


def _is_personal(request: HttpRequest) -> bool:
    """Whether a reader brings what makes a page their own."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _is_of_choices(query: str) -> bool:
    """Whether a query only chooses among what a page offers: of free texts there is no end."""
    if len(query) > LONGEST_QUERY:
        return False
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    return len(names) == len(set(names)) and kept_parameters().issuperset(names)


@cache
def kept_parameters() -> frozenset[str]:
    """The parameters of public addresses that are no free text."""
    choices = {
        name
        for filters in FILTERS
        for name, field in filters.base_filters.items()
        if not isinstance(field, CharFilter)
    }
    return frozenset(choices | {"page", "page_size", "as_of"})


def _is_braked(request: HttpRequest) -> bool:
    """Whether the views of the API would refuse: they are asked, and say how long to wait."""
    if not request.path_info.startswith(THE_API):
        return False
    return throttling.API.wait(callers(request.META.get("REMOTE_ADDR", "")), time.time()) > 0


def _found(request: HttpRequest, answer: KeptAnswer) -> HttpResponse:
    """An answer that was kept; to the API it counts as if a view had made it."""
    if request.path_info.startswith(THE_API):
        throttling.API.count(callers(request.META.get("REMOTE_ADDR", "")), time.time())
    return _answered(request, answer)


def _made(request: HttpRequest, get_response: Answer) -> HttpResponse:
    """Makes the answer, and keeps it if nothing was published meanwhile.

    An answer is made of several questions to the database. Where something was published between
    them, half of it would be old: it is made again.
    """
    before = read_version()
    for _ in range(TRIES):
        response = _read_in(get_response(request))
        if not _can_be_kept(response):
            return _packed_for_one(request, response)
        after = read_version()
        if after == before:
            answer = _kept(response)
            store.put(key_of(request, before), answer)
            return _answered(request, answer)
        before = after
    return _packed_for_one(request, response)


def _read_in(response: HttpResponse) -> HttpResponse:
    """A file that is sent piece by piece as one body, if it is small enough to be kept."""
    size = int(response.get("Content-Length", str(LARGEST_FILE + 1)))
    if not response.streaming or response.status_code != 200 or size > LARGEST_FILE:
        return response
    content = b"".join(response)
    response.close()
    return HttpResponse(content, headers=dict(response.items()))


def _can_be_kept(response: HttpResponse) -> bool:
    return _is_for_all(response) and not FOR_ONE.search(response.get("Cache-Control", ""))


def _is_for_all(response: HttpResponse) -> bool:
    """Whether an answer is whole and sets no cookie, as one with the token of a form does."""
    return response.status_code == 200 and not (response.streaming or response.cookies)


def _kept(response: HttpResponse) -> KeptAnswer:
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    headers = dict(response.items()) | KEPT_HEADERS
    for name in ("Content-Length", "ETag"):
        headers.pop(name, None)
    return KeptAnswer(headers, PackedBytes.of(response.content, headers["Content-Type"]))


def _answered(request: HttpRequest, answer: KeptAnswer) -> HttpResponse:
    """The answer in the encoding the reader takes, or that they have it already."""
    encoding = answer.body.best(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag, headers = answer.body.etags[encoding], answer.headers
    response: HttpResponse
    if names_etag(request.META.get("HTTP_IF_NONE_MATCH", ""), etag):
        response = HttpResponseNotModified(headers=headers)
        # What is not sent has no type.
        del response["Content-Type"]
    else:
        body = answer.body.bodies[encoding]
        response = HttpResponse(body if request.method == "GET" else b"", headers=headers)
        response["Content-Length"] = str(len(body))
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    # A proxy in front of us may keep it to the end of this second, and asks again in the next.
    response["X-Accel-Expires"] = f"@{int(time.time())}"
    return response


def _packed_for_one(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Packs what is not kept, but no page with the token of a form: packed together with what
    somebody else chose, its length would tell the token.
    """
    if CLOSED.match(request.path_info) or not _is_for_all(response):
        return response
    if not packing.is_packable(response.get("Content-Type", ""), len(response.content)):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    encoding = packing.taken_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding and request.method == "GET":
        response.content = packing.packed(response.content, encoding)
        response["Content-Encoding"] = encoding
        response["Content-Length"] = str(len(response.content))
    return response


@cache
def _build() -> str:
    """A digest of code and site, for processes of another build that share the store; reading all
    of it takes a moment, once.
    """
    if SHARED not in settings.CACHES:
        return ""
    build = sha256(canonical([settings.SITE, settings.DEMO]).encode())
    for path in sorted(chain.from_iterable(map(settings.BASE_DIR.glob, CODE))):
        build.update(path.read_bytes())
    return build.hexdigest()[:16]
