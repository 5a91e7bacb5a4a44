"""Deeds about 需协调事项 with their usual people, days and words."""

from dataclasses import replace
from datetime import date

from supervision.actions.coordination import (
    close_coordination,
    decide_coordination,
    instruct_coordination,
    raise_coordination,
    reply_coordination,
)
from supervision.choices import CoordinationState
from supervision.models import CoordinationItem
from tests.quarter import JULY_2, JULY_5, moment

JULY_8, JULY_12, JULY_19, JULY_25 = (moment(f"2013-07-{day:02}T10:00:00") for day in (8, 12, 19, 25))
DUE = date(2013, 7, 19)


def file_with_wish(office, words="请协调培训场地"):
    return office.submit(replace(office.filing, help_needed=words), at=JULY_2)


def raised(office, *, by="supervisor", at=JULY_5, text="场地归谁调配，请定"):
    place = {"task": office.paper.task, "period": office.period}
    return raise_coordination(**place, text=text, by=getattr(office.people, by), at=at)


def decide(office, item: CoordinationItem, *, by="leader", at=JULY_8, owner="jiaoyuju", **said):
    usual = {"meeting": "区长办公会", "decision": "由教育局腾出场地", "decided_on": at.date(), "due_on": DUE}
    people = {"owner": office.units[owner], "by": getattr(office.people, by)}
    return decide_coordination(item=item, **people, **(usual | said), at=at)


def instruct(office, item: CoordinationItem, *, by="leader", at=JULY_8, text="务必七月办好", day=None):
    return instruct_coordination(item=item, text=text, day=day or at.date(), by=getattr(office.people, by), at=at)


def reply(office, item: CoordinationItem, *, by="stranger", at=JULY_12, text="场地已腾出"):
    return reply_coordination(item=item, text=text, by=getattr(office.people, by), at=at)


def close(office, item: CoordinationItem, *, by="supervisor", at=JULY_19, outcome="现场核实，培训已开班"):
    return close_coordination(item=item, outcome=outcome, by=getattr(office.people, by), at=at)


def brought_to(office, state: str) -> CoordinationItem | None:
    """An item in that state; none for the empty one."""
    if not state:
        return None
    item = raised(office)
    if state != CoordinationState.RAISED:
        item = decide(office, item)
    return close(office, item) if state == CoordinationState.CLOSED else item
