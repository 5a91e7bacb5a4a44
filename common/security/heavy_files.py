"""Files that take a second of work or more: so many for a reader, and two at a time."""

import time
from collections.abc import Callable
from functools import wraps
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.template.loader import render_to_string

from common.security.throttling import Throttle, minutes, reader

WINDOW = 60
# Of a process with four threads two make files and one waits, so that one always answers pages.
AT_ONCE, WAITING, PATIENCE = 2, 1, 20
# Bytes of a file that is written row by row which are held in memory; the rest goes to disk.
IN_MEMORY = 1024 * 1024
_making, _waiting = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)
TOO_MANY = "您刚才下载的文件太多了，请过{}再试。页面可以照常查看。"
BUSY = "现在下载文件的人太多，请过半分钟再试。页面可以照常查看。"


def heavy_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Brakes a view that makes a file: 429 for one reader, 503 while others are made."""

    @wraps(view)
    def braked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        throttle, now = _throttle(), time.time()
        who = reader(request)
        if wait := throttle.wait(who, now):
            return _refuse(429, wait, TOO_MANY.format(minutes(wait)))
        throttle.count(who, now)
        return _in_turn(lambda: _whole(view(request, *args, **kwargs)))

    vars(braked)["is_heavy_file"] = True
    return braked


def _throttle() -> Throttle:
    most = settings.FILES_A_MINUTE
    return Throttle("file", WINDOW, most={"address": most, "network": most * 10}, store="brakes")


def _in_turn(make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    if not _waiting.acquire(blocking=False):
        return _refuse(503, WINDOW // 2, BUSY)
    try:
        if not _making.acquire(timeout=PATIENCE):
            return _refuse(503, WINDOW // 2, BUSY)
        try:
            return make()
        finally:
            _making.release()
    finally:
        _waiting.release()


def _whole(answer: HttpResponseBase) -> HttpResponseBase:
    """The answer with nothing left to be made: what is written row by row is kept before it is
    sent, so that a slow reader holds no turn.
    """
    if not isinstance(answer, StreamingHttpResponse) or isinstance(answer, FileResponse):
        return answer
    # The answer closes it.
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    file.writelines(answer)
    size = file.tell()
    file.seek(0)
    answer.headers["Content-Length"] = str(size)
    if size <= IN_MEMORY:
        with file:
            return HttpResponse(file.read(), headers=dict(answer.items()))
    answer.streaming_content = file
    return answer


def _refuse(status: int, wait: int, reason: str) -> HttpResponse:
    page = render_to_string("429.html", {"reason": reason})
    return HttpResponse(page, status=status, headers={"Retry-After": str(wait)})
