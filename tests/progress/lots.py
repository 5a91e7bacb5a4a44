"""A paper with many tasks in every state a quarter knows, drawn by lot: one quarter released, the next in hand."""

import random
from copy import copy
from datetime import date, timedelta

from progress.models import Assessment, ExtensionRequest, ProgressReport
from publishing.models import Publication, Release
from tasks.models import ChangeRequest
from tests.progress.helpers import more_tasks
from tests.quarter import JULY_2, JULY_5, moment

PACES = ["done", "partly", "not_done", "blocked", "on_course", "slow", "no_progress", "not_started"]
HEADLINES = [*PACES, "not_reported", "returned", "withheld"]
# What became of a report of the quarter in hand; "" is none at all.
FATES = ["", "draft", "submitted", "verified", "returned"]
UNITS = ["anjianju", "jiaoyuju", "chengguanju", "qufuban"]
APRIL_29 = moment("2013-04-29T10:00:00")


def draw(office, seed: int, *, state: str, count: int = 24):
    """The quarter of the office comes to `state` (open, closed); the one before it was released."""
    lot = random.Random(seed)
    tasks = [
        task for n, unit in enumerate(UNITS) for task in more_tasks(office.paper, office.units[unit], 6, 101 + 10 * n)
    ]
    release = release_before(office)
    for task in tasks[:count]:
        # Of some nothing was published before.
        if lot.random() < 0.85:
            publish(task, release, lot.choice(HEADLINES))
        report(office, task, lot)
        if lot.random() < 0.15:
            extend(office, task, lot)
    end(lot.choice(tasks))
    office.period.state = state
    office.period.save()
    return tasks


def release_before(office) -> Release:
    before = copy(office.period)
    before.pk, before.index, before.state, before.released_at = None, 1, "released", APRIL_29
    for name in ("opens_on", "due_on", "review_due_on", "release_on"):
        setattr(before, name, getattr(before, name) - timedelta(days=91))
    before.save(force_insert=True)
    people = {"prepared_by": office.people.supervisor, "published_by": office.people.publisher}
    return Release.objects.create(
        period=before, state="published", **people, prepared_at=APRIL_29, published_at=APRIL_29, sha256="x"
    )


def publish(task, release: Release, headline: str) -> None:
    words = {"headline": headline, "trajectory": "unknown", "reporting": "on_time", "reason_class": "first"}
    words |= {"withheld_basis": "法"} if headline == "withheld" else {}
    Publication.objects.create(
        task=task, period=release.period, release=release, revision=1, data_date=date(2013, 3, 31), **words,
        published_at=APRIL_29, content="{}", sha256="x",
    )  # fmt: skip


def report(office, task, lot: random.Random) -> None:
    fate = lot.choice(FATES)
    if not fate:
        return
    said = {"task": task, "period": office.period, "status": fate, "pace": lot.choice(PACES)}
    if fate != "draft":
        said |= {"submitted_by": office.people.reporter, "submitted_at": JULY_2, "first_submitted_at": JULY_2}
    if fate == "returned":
        said |= {"returned_at": JULY_5, "return_reason": "请补"}
    row = ProgressReport.objects.create(**said)
    if fate == "verified":
        judged = {"how": "paper", "confidence": "high", "assessed_by": office.people.supervisor, "assessed_at": JULY_5}
        Assessment.objects.create(report=row, pace=lot.choice(PACES), unit=office.units["duchashi"], **judged)


def extend(office, task, lot: random.Random) -> None:
    """More days: some over by the middle of July, some not."""
    asked = {"requested_by": office.people.reporter, "requested_at": JULY_2, "department": office.units["anjianju"]}
    granted = date(2013, 7, lot.choice([14, 25]))
    decided = {"state": "granted", "granted_until": granted, "decided_by": office.people.supervisor}
    words = {"reason": "检修", "progress_so_far": "过半", "requested_until": granted}
    ExtensionRequest.objects.create(task=task, period=office.period, **asked, **words, **decided, decided_at=JULY_5)


def end(task) -> None:
    """By a paper, before the quarter in hand began."""
    paper = {"reason": "理由", "basis_document": "文件", "approving_body": "区政府"}
    ChangeRequest.objects.create(task=task, kind="end", **paper, approved_on=date(2013, 3, 1))
