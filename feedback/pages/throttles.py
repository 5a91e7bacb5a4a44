"""How much one address, one network or all callers together may send before the form asks a sum,
and before they have to wait.

Many people may share one address, so the sum comes long before the wait. What others try on the
number of a letter never keeps its writer out: it only ever asks for a sum.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from common.security import throttling
from common.security.throttling import Callers, Throttle, minutes
from common.ui.form_fields import PlainForm

Form = TypeVar("Form", bound=PlainForm)
PostedFiles = MultiValueDict[str, UploadedFile] | None
HOUR = 3600
SUBMIT_THROTTLE = Throttle(
    "letter",
    HOUR,
    most={"address": 20, "network": 200},
    challenge_after={"address": 5, "network": 40, "all": 300},
)
# Each photo costs a second of work, whether or not its letter is sent in the end.
PHOTO_THROTTLE = Throttle("photo", HOUR, most={"address": 40, "network": 400})
# Wrong pairs of number and code; the codes themselves are too long to be guessed.
TRACK_THROTTLE = Throttle(
    "track",
    HOUR // 4,
    most={"address": 100, "network": 600},
    challenge_after={"address": 10, "network": 60, "number": 20},
)
# What whoever has its code writes later to one letter.
ACTION_THROTTLE = Throttle("action", HOUR, most={"number": 30})


def callers_of(request: HttpRequest, number: str = "") -> Callers:
    """Everything a request counts for; `number`: of the letter it is about, if any."""
    return throttling.callers(request.META.get("REMOTE_ADDR", "")) | {
        "number": number,
        "all": "all",
    }


def too_many(throttle: Throttle, callers: Callers) -> str:
    """The refusal shown to callers who have to wait; "" where they may go on."""
    wait = throttle.wait(callers, time.time())
    return f"这里刚才提交的次数太多了，请过{minutes(wait)}再试。写的内容还在。" if wait else ""


def challenge_text(throttle: Throttle, callers: Callers) -> str:
    """The text shown with the sum; "" where no sum is asked."""
    wait = throttle.wait_unchallenged(callers, time.time())
    if not wait:
        return ""
    telephone = settings.SITE["telephone"]
    call = f"，也可以打{telephone}请工作人员代办" if telephone else ""
    return f"刚才提交的次数较多，算一下才能继续。不方便算的，过{minutes(wait)}再来就不用算{call}。"


def count(throttle: Throttle, callers: Callers) -> None:
    """Counts one attempt."""
    throttle.count_each(callers, time.time())


def bind(
    make: Callable[[QueryDict, PostedFiles], Form], request: HttpRequest, callers: Callers
) -> Form:
    """The form bound to what was posted. `make`: makes it of the posted data and files.

    A photo costs a second of work, so only so many are looked at; beyond that the photo is refused.
    """
    form = make(request.POST, None)
    if "photo" not in form.fields or not request.FILES:
        return form
    if refusal := too_many(PHOTO_THROTTLE, callers):
        form.add_error("photo", refusal)
        return form
    count(PHOTO_THROTTLE, callers)
    return make(request.POST, request.FILES)
