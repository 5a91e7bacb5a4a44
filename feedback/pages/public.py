"""What several views for citizens and clerks share: the way back, and the receipt of a letter."""

from django.http import HttpRequest
from django.urls import reverse

from common.security.crypto import in_fours
from common.ui.qr import qr_drawing
from feedback.models import Ticket

CRUMBS = [("首页", "/"), ("问答", "/feedback/")]


def receipt_context(request: HttpRequest, ticket: Ticket) -> dict[str, object]:
    """The link to keep has the code behind a #: no browser sends that part, so it is in no log."""
    code = ticket.query_code
    page = request.build_absolute_uri(f"{reverse('feedback:track')}?number={ticket.number}")
    link = f"{page}#{code}"
    return {
        "ticket": ticket,
        "query_code": in_fours(code),
        "page": page,
        "link": link,
        "qr": qr_drawing(link),
    }
