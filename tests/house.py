"""The small paper of tests/cast.py with a life: a quarter corrected, one half filed, letters at every stage."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings

from common.files.uploads import check
from departments.models import Role
from feedback import actions as feedback
from progress.actions.breakdowns import confirm_breakdown, open_slots, propose_breakdown
from progress.actions.evidence import add_evidence
from progress.actions.extensions import refuse_extension
from publishing.actions.corrections import return_correction
from publishing.actions.objections import decide_objection
from publishing.actions.year_ends import Closing, prepare_year_end, publish_year_end, year_end_digest
from publishing.models import Publication
from supervision.actions.slips import Basis
from supervision.models import SupervisionSlip
from tasks.actions.changes import Ground, change_due, change_lead, change_target, change_task
from tasks.actions.responsibilities import confirm_proposed
from tasks.models import Commitment, Responsibility
from tests import cast, quarter
from tests.crawl import NOTHING, crawl
from tests.feedback import letters
from tests.progress import coordinating, orders, pleas
from tests.progress.helpers import PDF, more_tasks

# What somebody types who tries the house out, in every place where words are typed.
HOSTILE = "<b onclick=\"alert('x')\">=1+1</b>&amp;"
TODAY = datetime.fromisoformat("2013-08-06T09:00:00+08:00")
SECOND_SITE = dict.fromkeys(settings.SITE, "") | {
    "name": "示例区政务承诺公开平台",
    "short_name": "政务承诺公开平台",
    "district": "示例区",
    "owner": "示例市示例区人民政府",
    "supervisor": "示例区督查室",
    "ticket_prefix": "SL",
    "password_words": ["shili"],
    "search_examples": ["培训"],
    "documents": [],
    "tickets": {
        "days": {"enquiry": 3, "suggestion": 10, "complaint": 10},
        "ceilings": {"enquiry": 7, "suggestion": 15, "complaint": 15},
        "rating_days": 15,
        "waiting_days": 3,
        "reply_check": False,
        "subjects": [
            {"key": "training", "name": "培训", "unit": "安监局"},
            {"key": "schools", "name": "学校", "unit": "教育局"},
        ],
    },
    "slips": {
        "reply_days": 3,
        "answer_days": 2,
        "overdue_days": 4,
        "levels": [
            {"key": "first", "word": "一级督办", "tone": "behind"},
            {"key": "second", "word": "二级督办", "tone": "late"},
        ],
    },
}


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """One house for all tests of a module, on 6 August 2013, in another district; nothing of it stays."""
    with django_db_blocker.unblock(), furnished() as made:
        yield made


PUBLIC = ["/", "/tasks/export.xlsx", "/ledger/export.jsonl", "/robots.txt", "/api/v1/"]
PUBLIC += [f"/api/v1/{rows}/" for rows in ("plans", "tasks", "milestones", "departments", "questions", "letters")]


class Walk(dict):
    """Address -> what was met there; `changed` names the tables that were not the same afterwards."""

    changed: list[str]


def walker(house) -> Callable[[str], Walk]:
    walked = {}

    def walk(name: str) -> Walk:
        if name not in walked:
            walked[name] = watched(signed_in(house, name), *(PUBLIC if name == "visitor" else ["/staff/"]))
        return walked[name]

    return walk


def watched(client: Client, *starts: str, avoiding: re.Pattern = NOTHING) -> Walk:
    before = everything()
    walk = Walk(crawl(client, *starts, avoiding=avoiding))
    after = everything()
    walk.changed = [table for table in before if before[table] != after[table]]
    return walk


def everything() -> dict[str, set]:
    """Every row of every table but the sessions, whose life is prolonged by each page."""
    kept = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    return {model._meta.label: set(model.objects.values_list()) for model in kept}


def signed_in(house, name: str) -> Client:
    client = Client()
    if name != "visitor":
        client.force_login(getattr(house.people, name))
    return client


@contextmanager
def furnished():
    with override_settings(SITE=SECOND_SITE), time_machine.travel(TODAY), transaction.atomic():
        yield furnish()
        transaction.set_rollback(True)


def furnish() -> SimpleNamespace:
    cast.make_calendar()
    office = quarter.make_office()
    units, people, paper = office.units, office.people, office.paper
    unconfirmed(more_tasks(paper, units["chengguanju"], 2), units, people)
    live_a_quarter(office)
    begin_the_next(office)
    tickets = letters_of_every_stage(office)
    change_what_was_promised(office)
    break_down(office)
    close_a_year(office)
    slips_of_every_stage(office)
    call_command("verify_ledger", record=True, stdout=StringIO())
    return SimpleNamespace(units=units, people=people, paper=paper, office=office, tickets=tickets)


def unconfirmed(tasks: list, units: dict, people) -> None:
    """Both owners were our proposal; the supervisor has confirmed the first."""
    Responsibility.objects.filter(task__in=tasks).update(basis="proposed", kind="lead")
    # Each has words of its own in the paper.
    Commitment.objects.filter(task=tasks[1]).update(start=17, end=22)
    confirm_proposed(tasks=tasks[:1], by=people.supervisor.actor(Role.SUPERVISOR), at=quarter.JULY_2)


def live_a_quarter(office) -> None:
    """Filed with a paper to show, assessed with another word, released with a line withheld, corrected."""
    said = {"narrative": HOSTILE, "help_needed": HOSTILE, "contradiction_reason": HOSTILE, "pace_reason": HOSTILE}
    findings = {pk: (pace, HOSTILE) for pk, (pace, _) in office.filing.findings.items()}
    office.save(replace(office.filing, readings={office.paper.indicator.pk: (Decimal(3700), HOSTILE)}))
    report = office.paper.task.reports.get()
    for is_public in (True, False):
        attach(office, report, is_public=is_public)
    report = office.submit(replace(office.filing, findings=findings, **said), version=report.version)
    office.verify(report, "slow", note=HOSTILE)
    scan = check(SimpleUploadedFile("审批件.pdf", PDF + b"signed"))
    held = {office.paper.plan.tasks.get(number=102).pk: f"{HOSTILE}《法》第1条"}
    office.publish(withheld=held, approval={"by": HOSTILE, "scan": scan})
    right = {"readings": {office.paper.indicator.pk: Decimal(4100)}, "reason": HOSTILE}
    office.correct(**right, at=quarter.moment("2013-08-05T10:00:00"))


def attach(office, report, *, is_public: bool) -> None:
    upload = check(SimpleUploadedFile(f"签到表{is_public:d}.pdf", PDF + bytes([is_public])))
    at = quarter.JULY_2
    unit, by = office.units["anjianju"], office.people.reporter
    add_evidence(report=report, department=unit, upload=upload, caption=HOSTILE, is_public=is_public, by=by, at=at)


def begin_the_next(office) -> None:
    """The third quarter is open and handed in, the fourth is scheduled, the first was closed without a report."""
    later = SimpleNamespace(**vars(office))
    due = {"due_on": date(2013, 8, 12), "review_due_on": date(2013, 8, 22), "release_on": date(2013, 10, 29)}
    for index, state in ((4, "scheduled"), (1, "closed"), (3, "open")):
        later.period = copy(office.period)
        later.period.pk, later.period.index, later.period.state = None, index, state
        later.period.released_at = None
        for name, day in due.items():
            setattr(later.period, name, day)
        later.period.save(force_insert=True)
        if state == "closed":
            pleas.unlock(later, at=TODAY, reason=HOSTILE)
    office.third = later.period
    third = quarter.Office(office.paper, office.third, office.people, office.units, office.filing)
    ask_for_everything(third)
    third.submit(replace(office.filing, help_needed=HOSTILE))
    coordinate(third)


def coordinate(third) -> None:
    """One matter of the quarter before was decided, instructed and closed, the next is being carried out."""
    before = coordinating.raised(third, at=TODAY, text=HOSTILE)
    words = {"meeting": HOSTILE, "decision": HOSTILE, "due_on": TODAY.date(), "owner": "anjianju", "at": TODAY}
    coordinating.instruct(third, before, at=TODAY, text=HOSTILE)
    coordinating.decide(third, before, **words)
    coordinating.reply(third, before, by="reporter", at=TODAY, text=HOSTILE)
    coordinating.close(third, before, at=TODAY, outcome=HOSTILE)
    coordinating.decide(third, coordinating.raised(third, at=TODAY, text=HOSTILE), **words)


def ask_for_everything(third) -> None:
    """More time was refused once and waits again; another look at the second quarter was taken.

    A correction of what was published of it came back once and waits again.
    """
    words = {"reason": HOSTILE, "progress_so_far": HOSTILE, "requested_until": date(2013, 8, 15)}
    by = {"by": third.people.other_supervisor, "at": TODAY}
    refuse_extension(extension=pleas.ask(third, at=TODAY, **words), note=HOSTILE, **by)
    pleas.ask(third, at=TODAY, **words)
    shown = Publication.objects.current().get(task=third.paper.task)
    decide_objection(objection=pleas.object_to(third, shown, text=HOSTILE), outcome="partly", decision=HOSTILE, **by)
    right = {"narrative": f"{HOSTILE}改", "reason": HOSTILE, "at": TODAY}
    sent_back = third.propose(shown, **right)
    return_correction(request=sent_back, reason=HOSTILE, by=third.people.publisher, at=TODAY)
    third.propose(shown, **right)


def letters_of_every_stage(office) -> dict:
    """Stage -> ticket, all through the real deeds; where somebody types, the words are hostile."""
    people, unit = office.people, office.units["anjianju"]
    desk, about = (people.clerk, unit, people.reporter), {"task": office.paper.task, "location": HOSTILE}
    stages = ["assigned", "handling", "answered", "published"]
    made = {
        stage: getattr(letters, stage)(*desk[: 2 if stage == "assigned" else 3], token=stage, photo=letters.PHOTO)
        for stage in stages
    }
    feedback.add(ticket=made["handling"], text=HOSTILE, photo=letters.PHOTO, at=cast.NOW)
    made["received"] = letters.received("received", text=HOSTILE, **about)
    made["accepted"] = letters.accepted(people.clerk, token="accepted", **about)
    made["complaint"] = letters.received("complaint", kind="complaint", text=HOSTILE)
    made["open"] = hostile_answer(letters.handling(*desk, token="open", **about), people)
    made["down"] = feedback.withdraw(ticket=letters.published(*desk, token="down"), at=cast.NOW)
    by = {"by": people.clerk, "at": cast.NOW}
    made["declined"] = feedback.decline(ticket=letters.received("declined"), reason=HOSTILE, **by)
    gone = letters.received("redirected")
    made["redirected"] = feedback.redirect(ticket=gone, channel=HOSTILE, day=date(2013, 7, 2), number=HOSTILE, **by)
    return made | letters_on_their_way(desk, made["handling"], by) | letters_about_what_is_public(office, desk)


def letters_about_what_is_public(office, desk: tuple) -> dict:
    """One called the second quarter untrue and was partly right, one waits for that, one was taken down by law."""
    shown, about = Publication.objects.current().get(task=office.paper.task), {"task": office.paper.task}
    by = {"by": desk[0], "at": TODAY}
    untrue = letters.published(*desk, token="untrue", kind="complaint", **about)
    waiting = letters.received("untrue too", kind="complaint", text=HOSTILE, **about)
    made = {"untrue": untrue, "disputed": waiting}
    for ticket in made.values():
        feedback.dispute(ticket=ticket, publication=shown, **by)
    found = {"found": "partly", "note": HOSTILE, "by": office.people.other_supervisor, "at": TODAY}
    feedback.decide_review(ticket=untrue, **found)
    removed = letters.published(*desk, token="removed", **about)
    return made | {"removed": feedback.take_down(ticket=removed, reason=HOSTILE, **by)}


def letters_on_their_way(desk: tuple, head, by: dict) -> dict:
    """One waits for its sender, one follows another, one wants more time, one was rated, done again and escalated."""
    made = {"needs_more": feedback.ask_more(ticket=letters.received("needs more"), question=HOSTILE, **by)}
    made["merged"] = feedback.merge(ticket=letters.received("merged"), into=head.number, **by)
    feedback.add(ticket=made["merged"], text=HOSTILE, at=cast.NOW)
    hurried = letters.handling(*desk, token="more time")
    wish = {"until": date(2013, 7, 9), "reason": HOSTILE}
    made["more_time"] = feedback.ask_extension(ticket=hurried, by=desk[2], at=cast.NOW, **wish)
    closed = letters.answered(*desk, token="closed", at=TODAY)
    made["closed"] = feedback.rate(ticket=closed, grade="fair", words=HOSTILE, at=TODAY)
    bad = feedback.rate(ticket=letters.answered(*desk, token="again"), grade="bad", words=HOSTILE, at=cast.NOW)
    made["again"] = feedback.reopen(ticket=bad, reason=HOSTILE, at=cast.NOW + timedelta(days=2))
    # Asked a week before all the others, so it alone is late by then.
    made["escalated"] = letters.received("escalated", at=cast.NOW - timedelta(days=7))
    feedback.escalate_waiting(by=cast.PORTAL, at=cast.NOW)
    return made


def hostile_answer(ticket, people):
    feedback.reply(ticket=ticket, text=HOSTILE, by=people.reporter, at=cast.NOW)
    words = {"public_text": HOSTILE, "public_reply": HOSTILE}
    return feedback.publish(ticket=ticket, **words, by=people.clerk, at=cast.NOW)


def break_down(office) -> None:
    """Steps of a task without numbers: one confirmed, one waiting."""
    task, people = office.paper.plan.tasks.get(number=101), office.people
    *_, third, fourth = open_slots(task)
    for slot in (fourth, third):
        told = {"task": task, "department": office.units["chengguanju"], "nodes": {slot: HOSTILE}}
        rows = propose_breakdown(**told, by=people.reporter, at=TODAY)
        if slot is fourth:
            confirm_breakdown(task=task, seen=[rows[0].pk], by=people.supervisor, at=TODAY)


def slips_of_every_stage(office) -> None:
    """One was closed, one on the same task came back and was raised; another was withdrawn; its second waits, late."""
    words = {"level": "first", "basis": Basis(HOSTILE), "demand": HOSTILE, "at": TODAY}
    closed = orders.issue(office, **words)
    orders.reply(office, closed, words=HOSTILE, files=[orders.paper()], at=TODAY)
    orders.close(office, closed, note=HOSTILE, at=TODAY)
    again = orders.issue(office, **words, by=office.people.other_supervisor)
    orders.reply(office, again, words=HOSTILE, files=[orders.paper()], at=TODAY)
    by = {"by": office.people.other_supervisor, "at": TODAY}
    orders.send_back(office, again, reason=HOSTILE, **by)
    orders.lift(office, again, level="second", reason=HOSTILE, **by)
    task = office.paper.plan.tasks.get(number=101)
    orders.withdraw(office, orders.issue(office, **words, task=task), reason=HOSTILE, at=TODAY)
    waiting = orders.issue(office, **words, task=task)
    SupervisionSlip.objects.filter(pk=waiting.pk).update(due_on=date(2013, 8, 1))


def close_a_year(office) -> None:
    """The paper of the year before, one task, with its last word."""
    paper, people = office.paper, office.people
    plan, section, task = copy(paper.plan), copy(paper.section), copy(paper.task)
    plan.pk, plan.slug, plan.title = None, "wp2012", "2012年度公共服务白皮书"
    plan.starts_on, plan.ends_on = date(2012, 1, 1), date(2012, 12, 31)
    plan.save(force_insert=True)
    section.pk, section.plan = None, plan
    section.save(force_insert=True)
    task.pk, task.plan, task.section, task.code = None, plan, section, "wp2012-18"
    task.save(force_insert=True)
    cast.passages(plan, section, task)
    cast.words(task, 1, "goal", 3, 17)
    closing = Closing("partly", HOSTILE, HOSTILE)
    by = {"by": people.supervisor, "at": TODAY}
    rows = prepare_year_end(plan=plan, year=2012, closings={task: closing}, **by)
    seen = year_end_digest(plan, 2012, rows)
    publish_year_end(plan=plan, year=2012, seen=seen, by=people.publisher, at=TODAY)


def change_what_was_promised(office) -> None:
    """A target, a day and a lead, the first with a scan of its paper; the last task goes on in the first."""
    paper, by = office.paper, office.people.supervisor.actor(Role.SUPERVISOR)
    scan = check(SimpleUploadedFile("纪要.pdf", PDF))
    ground = Ground(HOSTILE, HOSTILE, HOSTILE, date(2013, 8, 1), paper=scan)
    told = {"ground": ground, "by": by, "at": TODAY}
    change_target(target=paper.indicator.targets.get(quarter=None), value=Decimal(16000), value_max=None, **told)
    told["ground"] = replace(ground, paper=None)
    change_due(commitment=paper.commitments[0], due_on=date(2014, 3, 31), **told)
    change_lead(task=paper.task, department=office.units["anjianju"], **told)
    change_task(task=paper.plan.tasks.get(number=102), kind="merge", successors=[paper.task], **told)
