"""A released quarter of many tasks, each axis drawn by lot from a fixed seed: every figure has something to count."""

import random
from datetime import timedelta
from decimal import Decimal
from itertools import zip_longest

from common.text.canonical import canonical, digest
from progress.choices import WHEN_DUE, Pace, Reporting, State, Trajectory
from progress.rules.verdicts import headline
from publishing.models import Publication, PublishedReading, Release
from tasks.models import Indicator, Target
from tests.progress.helpers import more_tasks
from tests.quarter import JULY_30

SILENT = [State.NOT_REPORTED, State.RETURNED, State.WITHHELD, State.ENDED, State.SUCCEEDED, State.EXTENDED]
SAID = [*WHEN_DUE, Pace.ON_COURSE, Pace.SLOW, Pace.NOT_STARTED, Pace.NO_PROGRESS]
# The first tasks have one each, so that no state is left to chance.
EVERY = [*SAID, *SILENT]
LAW = "《政府信息公开条例》第十四条"
UNFILED = ["missing", "awaited"]
FILED = ["on_time", "on_time", "late"]
TRAJECTORIES = ["ahead", "on_path", "watch", "behind"]


def seeded_quarter(office, count: int = 40, seed: int = 2013) -> Release:
    """All of it published on 30 July 2013; some lines have followed since, one was taken down."""
    lot, period = random.Random(seed), office.period
    period.state, period.released_at = "released", JULY_30
    period.save()
    told = {"prepared_by": office.people.supervisor, "published_by": office.people.publisher, "published_at": JULY_30}
    release = Release.objects.create(period=period, state="published", prepared_at=JULY_30, sha256="a" * 64, **told)
    for task, wanted in zip_longest(more_tasks(office.paper, office.units["jiaoyuju"], count), EVERY[:count]):
        row = published(task, release, lot, wanted)
        if lot.random() < 0.5 and row.self_pace:
            number(row, lot)
        if lot.random() < 0.3 and row.self_pace and not wanted:
            follow(row, lot)
    return release


def published(task, release, lot, wanted: str | None) -> Publication:
    silent = wanted in SILENT if wanted else lot.random() < 0.25
    said = "" if silent else wanted or lot.choice(SAID)
    judged = lot.choice([said, said, "", Pace.SLOW, Pace.DONE]) if said and not wanted else ""
    state = wanted or lot.choice(SILENT) if silent else headline(self_pace=said, assessment_pace=judged)
    reporting = Reporting.MISSING if state == State.NOT_REPORTED else lot.choice(FILED)
    reporting = Reporting.AWAITED if state == State.EXTENDED else reporting
    due = release.period.due_on + timedelta(days=30 if state == State.EXTENDED else lot.choice([0, 0, 5]))
    days = lot.randint(1, 9) if reporting == "late" else -1
    row = Publication(
        task=task, period=release.period, release=release, revision=1, reason_class="first", published_at=JULY_30,
        headline=state, self_pace=said, assessment_pace=judged, reporting=reporting, trajectory="unknown",
        extended_to=due if due != release.period.due_on else None, data_date=release.period.last_day,
        first_filed_at=None if reporting in UNFILED else JULY_30.replace(day=due.day + days),
        withheld_basis=LAW if state == State.WITHHELD else "", narrative=f"第{task.number}项的话。" if said else "",
        assessment_note=f"核查第{task.number}项。" if judged and lot.random() < 0.5 else "", assessor_unit="督查室",
    )  # fmt: skip
    return sealed(row)


def sealed(row: Publication) -> Publication:
    units = [{"name": "教育局", "kind": "责任单位", "basis": "文件载明"}]
    said = [{"unit": "教育局", "text": row.narrative}] if row.narrative else []
    row.content = canonical({"units": units, "narratives": said, "task": row.task.code, "revision": row.revision})
    row.sha256 = digest(row.content)
    row.save(force_insert=True)
    return row


def number(row: Publication, lot) -> None:
    """With a printed value, with a range, or with one for the whole year only; else the last quarter has one, too."""
    mode = lot.choice(["cumulative", "per_quarter"])
    indicator = Indicator.objects.create(
        task=row.task, order=1, name="受训", unit="人", mode=mode, direction="at_least"
    )
    target, upper = lot.choice([(Decimal(100), None), (Decimal(80), Decimal(120)), (None, None)])
    held = {"target": target, "target_max": upper, "target_basis": "printed" if target else ""}
    known = Trajectory(lot.choice(TRAJECTORIES)) if target else Trajectory.UNKNOWN
    held |= {"target_direction": ("range" if upper else "at_least") if target else "", "trajectory": known}
    PublishedReading.objects.create(publication=row, indicator=indicator, value=lot.randint(40, 160), **held)
    printed = {"indicator": indicator, "commitment": row.task.commitments.get(), "year": 2013, "quote": "受训"}
    printed |= {"direction": held["target_direction"] or "at_least", "value": target or 500, "value_max": upper}
    Target.objects.bulk_create(Target(quarter=quarter, **printed) for quarter in ([2, 4] if target else [None]))


def follow(row: Publication, lot) -> None:
    """One more revision with another word; its numbers go along. The public may have lost sight of what was before."""
    readings = list(row.readings.all())
    Publication.objects.filter(pk=row.pk).update(is_current=False)
    if lot.random() < 0.3:
        Publication.objects.filter(pk=row.pk).update(taken_down_at=JULY_30, taken_down_basis=LAW)
    row.pk, row.revision, row.is_current = None, row.revision + 1, True
    row.reason_class, row.reason = "slip", "写错了。"
    row.assessment_pace = row.headline = lot.choice([Pace.DONE, Pace.SLOW])
    row.published_at = JULY_30 + timedelta(days=lot.randint(1, 20))
    sealed(row)
    for reading in readings:
        reading.pk, reading.publication = None, row
        reading.save(force_insert=True)
