"""Supervision slips with their usual words, for tests that want one in a certain state."""

from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.uploads import check
from supervision.actions.slips import (
    Basis,
    close_slip,
    issue_slip,
    raise_slip,
    reply_slip,
    send_back_slip,
    withdraw_slip,
)
from supervision.models import SupervisionSlip
from tests.progress.helpers import PDF
from tests.quarter import JULY_2, JULY_5, moment

JULY_8, JULY_10 = moment("2013-07-08T10:00:00"), moment("2013-07-10T10:00:00")


def paper(name="整改.pdf"):
    return check(SimpleUploadedFile(name, PDF + name.encode()))


def issue(office, *, at=JULY_2, by=None, task=None, level="blue", **said) -> SupervisionSlip:
    said = {"basis": Basis("现场抽查。"), "demand": "请报告培训场次。", "days": 5} | said
    by, task = by or office.people.supervisor, task or office.paper.task
    return issue_slip(task=task, level=level, **said, by=by, at=at)


def reply(office, slip, *, at=JULY_5, by=None, words="已补办三场。", files=()):
    return reply_slip(slip=slip, words=words, files=files, by=by or office.people.reporter, at=at)


def send_back(office, slip, *, at=JULY_8, by=None, reason="缺签到表。", days=3):
    return send_back_slip(slip=slip, reason=reason, days=days, by=by or office.people.supervisor, at=at)


def lift(office, slip, *, at=JULY_8, by=None, level="red", reason="逾期没有回复。", days=2):
    return raise_slip(slip=slip, level=level, reason=reason, days=days, by=by or office.people.supervisor, at=at)


def close(office, slip, *, at=JULY_10, by=None, note="已核实。"):
    return close_slip(slip=slip, note=note, by=by or office.people.supervisor, at=at)


def withdraw(office, slip, *, at=JULY_8, by=None, reason="单位已书面报告，发错了。"):
    return withdraw_slip(slip=slip, reason=reason, by=by or office.people.supervisor, at=at)


def brought_to(office, state: str) -> SupervisionSlip:
    """A slip in this state, by the deeds that lead there."""
    slip = issue(office)
    ways = {"issued": [], "replied": [reply], "sent_back": [reply, send_back], "closed": [reply, close]}
    ways |= {"withdrawn": [withdraw]}
    for action in ways[state]:
        action(office, slip)
    slip.refresh_from_db()
    return slip
