"""Plays the files of `fixtures/demo/` through the real actions, on days of 2013 and 2017."""

import tomllib
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo.samples.after_release import play_after_release
from demo.samples.coordination import coordinate
from demo.samples.people import noon, person, working_day
from demo.samples.reports import SampleReport, unrecused_supervisors
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import Actor
from progress.actions.breakdowns import Content, Slot, confirm_breakdown, propose_breakdown
from progress.actions.periods import close_period, generate_periods, open_period
from progress.models import ReportingPeriod
from publishing.actions.releases import Withheld, approve_release, prepare_release, publish_release
from publishing.actions.year_ends import (
    Closing,
    prepare_year_end,
    publish_year_end,
    year_end_digest,
    year_ends_of,
)
from tasks.actions.changes import Ground, change_target
from tasks.actions.plans import set_tracked_from
from tasks.actions.responsibilities import confirm_proposed, designate
from tasks.choices import ResponsibilityKind
from tasks.models import Plan, Target, Task

APPROVER = "【演示】区府办主任"


class Stage:
    """One plan of the demonstration and the file that says what happens to it."""

    def __init__(self, script: Path):
        self.script = tomllib.loads(script.read_text("utf-8"))
        self.plan = Plan.objects.get(slug=self.script["plan"])
        self.tasks = {
            task.number: task
            for task in self.plan.tasks.prefetch_related("commitments", "indicators__targets")
        }
        self.lines = {(line["task"], line["index"]): line for line in self.script.get("report", [])}
        self.supervisor, self.publisher = person(Role.SUPERVISOR), person(Role.PUBLISHER)

    def play(self, *, today: date) -> None:
        """Performs everything in the file; the quarter left open for visitors opens `today`."""
        start = noon(self.script["tracked_from"])
        set_tracked_from(plan=self.plan, day=self.script["tracked_from"], by=Actor(), at=start)
        self._designate_units(start)
        generate_periods(plan=self.plan, by=self.supervisor, at=start, demonstration=True)
        for row in self.script.get("breakdown", []):
            self._add_breakdown(self.tasks[row["task"]], row, start)
        for row in self.script["period"]:
            period = self.plan.periods.get(index=row["index"])
            if row.get("open_today"):
                self._open_today(period, today)
            else:
                self._play_quarter(period, row)
        if "year_end" in self.script:
            self._close_year(self.script["year_end"])

    def _designate_units(self, at: datetime) -> None:
        by = self.supervisor.actor(Role.SUPERVISOR)
        for row in self.script.get("lead", []):
            unit = Department.objects.get(short_name=row["department"])
            designate(
                task=self.tasks[row["task"]],
                department=unit,
                kind=ResponsibilityKind.LEAD,
                by=by,
                at=at,
            )
        confirm_proposed(
            tasks=[self.tasks[number] for number in self.script.get("confirmed", [])], by=by, at=at
        )

    def _open_today(self, period: ReportingPeriod, today: date) -> None:
        # Visitors try this quarter today, so no promised day of its year may count as missed.
        ReportingPeriod.objects.filter(pk=period.pk).update(promised_on=None)
        period = open_period(period=period, by=self.supervisor, at=noon(today), on=today)
        for row in self.script.get("extension_request", []):
            sample = self._sample_report(self.tasks[row["task"]], period)
            sample.request_extension(row["days"], row["reason"], row["progress_so_far"], on=today)

    def _play_quarter(self, period: ReportingPeriod, row: dict[str, Any]) -> None:
        opens_on = row.get("opens_on")
        period = open_period(
            period=period, by=self.supervisor, at=noon(opens_on or period.opens_on), on=opens_on
        )
        for task in self.tasks.values():
            self._sample_report(task, period).play()
        close_period(period=period, by=self.supervisor, at=noon(period.review_due_on))
        self._release(period, working_day(period.release_on, row.get("release_late", 0)))
        period.refresh_from_db()
        for task in self.tasks.values():
            play_after_release(self._sample_report(task, period))
        for item in self._rows_of("coordination", period):
            coordinate(item, self.tasks[item["task"]], period)
        for change in self._rows_of("change", period):
            self._change_target(change, period)

    def _rows_of(self, table: str, period: ReportingPeriod) -> list[dict[str, Any]]:
        """The rows of a table of the file that name this period."""
        return [row for row in self.script.get(table, []) if row["index"] == period.index]

    def _release(self, period: ReportingPeriod, released_on: date) -> None:
        """Prepares and approves the release on the review day, and publishes it."""
        day, by = period.review_due_on, self.supervisor
        release = prepare_release(
            period=period, withheld=self._withheld(period), rest_public=True, by=by, at=noon(day)
        )
        approve_release(
            release=release,
            approved_by=APPROVER,
            approved_on=day,
            scan=None,
            by=by,
            at=noon(day),
        )
        publish_release(release=release, by=self.publisher, at=noon(released_on))

    def _withheld(self, period: ReportingPeriod) -> dict[int, Withheld]:
        """What the release withholds, by the id of the task."""
        return {
            self.tasks[line["task"]].pk: Withheld(line["note"], line["review_on"])
            for line in self._rows_of("report", period)
            if line.get("fate") == "withheld"
        }

    def _add_breakdown(self, task: Task, row: dict[str, Any], at: datetime) -> None:
        """Proposes a unit's own steps towards a yearly target and has a supervisor confirm them."""
        indicator = task.indicators.get(name=row["indicator"])
        nodes: dict[Slot, Content] = {
            Slot(indicator, self.plan.year, quarter): Decimal(value)
            for quarter, value in row["values"]
        }
        unit = Department.objects.get(short_name=row["unit"])
        proposed = propose_breakdown(
            task=task,
            nodes=nodes,
            department=unit,
            by=person(Role.REPORTER, unit),
            at=at,
            demonstration=True,
        )
        confirm_breakdown(task=task, seen=[node.pk for node in proposed], by=self.supervisor, at=at)

    def _close_year(self, script: dict[str, Any]) -> None:
        """Prepares the year-end conclusion of every task by a supervisor who is not recused.

        The publisher, another person, publishes them together.
        """
        conclusions = {
            row["task"]: Closing(row["verdict"], row["reason"], row.get("document", ""))
            for row in script["conclusion"]
        }
        year, at = self.plan.year, noon(script["on"])
        by_assessor: dict[User, dict[Task, Closing]] = defaultdict(dict)
        for number, task in self.tasks.items():
            conclusion = conclusions.get(number, Closing(script["otherwise"]))
            by_assessor[unrecused_supervisors(task)[0]][task] = conclusion
        for assessor, closings in by_assessor.items():
            prepare_year_end(
                plan=self.plan, year=year, closings=closings, by=assessor, at=at, demonstration=True
            )
        seen = year_end_digest(self.plan, year, year_ends_of(self.plan, year))
        publish_year_end(plan=self.plan, year=year, seen=seen, by=self.publisher, at=at)

    def _sample_report(self, task: Task, period: ReportingPeriod) -> SampleReport:
        line = {"fate": self.script.get("default_fate", "verified")} | self.lines.get(
            (task.number, period.index), {}
        )
        return SampleReport(line, task, period)

    def _change_target(self, row: dict[str, Any], period: ReportingPeriod) -> None:
        """Changes a target on the release day of the period."""
        target = Target.objects.in_force().get(
            indicator__task=self.tasks[row["task"]],
            indicator__name__contains=row["indicator"],
            quarter=row.get("quarter"),
        )
        change_target(
            target=target,
            value=Decimal(str(row["value"])),
            value_max=None,
            ground=Ground(
                reason=row["reason"],
                basis_document=row["basis"],
                approving_body=row["approved_by"],
                approved_on=period.release_on,
                demonstration=True,
            ),
            by=self.supervisor.actor(Role.SUPERVISOR),
            at=noon(period.release_on),
        )
