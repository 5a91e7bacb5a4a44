"""What the pages of the sign-in share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from departments.actions.sign_ins import TooManyWrong

ACCOUNT_BACKEND = "django.contrib.auth.backends.ModelBackend"
# Where a session keeps the moment of its sign-in, in seconds since the epoch.
SIGNED_IN_AT = "signed_in_at"
# Where it keeps whose password was right and who has still to show the second factor.
WAITING = "waiting_for_second_factor"


def too_many_wrong(request: HttpRequest, refused: TooManyWrong) -> HttpResponse:
    """The page that says until when one has to wait."""
    return render(request, "departments/locked_out.html", {"until": refused.until}, status=429)
