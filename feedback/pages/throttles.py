"""How much one address, one network or all together may send before a sum is asked, and before it is time to wait.

Many people may stand behind one address, so a sum comes long before the wait. Nobody is kept from the own letter by
what others try on its number: that only ever asks for a sum.
"""

import time

from django.conf import settings

from common.security.throttling import Callers, Throttle, callers, minutes
from common.ui.form_fields import PlainForm

HOUR = 3600
SUBMIT_THROTTLE = Throttle(
    "letter", HOUR, most={"address": 20, "network": 200}, challenge_after={"address": 5, "network": 40, "all": 300}
)
# Each costs a second of work, and some are not sent with a letter in the end.
PHOTO_THROTTLE = Throttle("photo", HOUR, most={"address": 40, "network": 400})
# Wrong pairs of number and code; the codes themselves are too long to be guessed.
TRACK_THROTTLE = Throttle(
    "track",
    HOUR // 4,
    most={"address": 100, "network": 600},
    challenge_after={"address": 10, "network": 60, "number": 20},
)
# What is written later to one letter, by whoever has its code.
ACTION_THROTTLE = Throttle("deed", HOUR, most={"number": 30})


def who(request, number: str = "") -> Callers:
    return callers(request.META.get("REMOTE_ADDR", "")) | {"number": number, "all": "all"}


def too_many(throttle: Throttle, who: Callers) -> str:
    """What to say instead of going on; "" where one may."""
    wait = throttle.wait(who, time.time())
    return f"这里刚才提交的次数太多了，请过{minutes(wait)}再试。写的内容还在。" if wait else ""


def challenge_text(throttle: Throttle, who: Callers) -> str:
    """Said with the sum, which is asked where this says anything."""
    wait = throttle.wait_unchallenged(who, time.time())
    if not wait:
        return ""
    telephone = settings.SITE["telephone"]
    call = f"，也可以打{telephone}请工作人员代办" if telephone else ""
    return f"刚才提交的次数较多，算一下才能继续。不方便算的，过{minutes(wait)}再来就不用算{call}。"


def count(throttle: Throttle, who: Callers) -> None:
    throttle.count_each(who, time.time())


def filled(form: type[PlainForm], request, who: Callers, **options) -> PlainForm:
    """What was sent. A photo costs work, so that only so many are looked at; it is the photo that is refused then."""
    if "photo" not in form.base_fields or not request.FILES:
        return form(request.POST, **options)
    if refusal := too_many(PHOTO_THROTTLE, who):
        refused = form(request.POST, **options)
        refused.add_error("photo", refusal)
        return refused
    count(PHOTO_THROTTLE, who)
    return form(request.POST, request.FILES, **options)
