"""Deeds about time and rights of the units with their usual words, for tests that want one."""

from datetime import date

from progress.actions.extensions import ask_extension, unlock_report
from publishing.actions.objections import file_objection
from publishing.models import Publication
from tests.quarter import moment

# The day on which the quarter of tests/quarter.py is due, its last minute and the first after it.
LAST_MINUTE, TOO_LATE = moment("2013-07-12T23:59:59"), moment("2013-07-13T00:00:00")
JULY_19, AUGUST_5 = date(2013, 7, 19), moment("2013-08-05T10:00:00")


def ask(office, *, at=LAST_MINUTE, by="reporter", **said):
    said = {"reason": "场地检修", "progress_so_far": "已培训 3000 人次", "requested_until": JULY_19} | said
    return ask_extension(task=office.paper.task, period=office.period, by=getattr(office.people, by), at=at, **said)


def unlock(office, *, at, by="supervisor", reason="系统故障，未能报送"):
    return unlock_report(
        task=office.paper.task, period=office.period, reason=reason, by=getattr(office.people, by), at=at
    )


def object_to(office, publication=None, *, at=AUGUST_5, by="reporter", text="抽查的两处不属于本项"):
    row = publication or Publication.objects.current().get(task=office.paper.task)
    return file_objection(publication=row, text=text, by=getattr(office.people, by), at=at)
