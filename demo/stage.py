"""The demonstration: samples sent through the real deeds, on days of 2013 and 2017, from `fixtures/demo/`."""

import tomllib
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from demo.samples.coordination import coordinate
from demo.samples.people import noon, person, working_day
from demo.samples.reports import SampleReport, judges_of
from departments.models import Department, Role
from ledger.actions import Actor
from progress.actions.breakdowns import Slot, confirm_breakdown, propose_breakdown
from progress.actions.periods import close_period, generate_periods, open_period
from progress.models import ReportingPeriod
from publishing.actions.releases import Withheld, approve_release, prepare_release, publish_release
from publishing.actions.year_ends import Closing, prepare_year_end, publish_year_end, year_end_digest, year_ends_of
from tasks.actions.changes import Ground, change_target
from tasks.actions.plans import set_tracked_from
from tasks.actions.responsibilities import confirm_proposed, designate
from tasks.choices import ResponsibilityKind
from tasks.models import Plan, Target, Task

APPROVER = "【演示】区府办主任"


class Stage:
    """One plan's quarters, played from its file."""

    def __init__(self, script: Path):
        self.script = tomllib.loads(script.read_text("utf-8"))
        self.plan = Plan.objects.get(slug=self.script["plan"])
        self.tasks = {
            task.number: task for task in self.plan.tasks.prefetch_related("commitments", "indicators__targets")
        }
        self.lines = {(line["task"], line["index"]): line for line in self.script.get("report", [])}
        self.supervisor, self.publisher = person(Role.SUPERVISOR), person(Role.PUBLISHER)

    def play(self, *, today: date) -> None:
        start = noon(self.script["tracked_from"])
        set_tracked_from(plan=self.plan, day=self.script["tracked_from"], by=Actor(), at=start)
        self._name_units(start)
        generate_periods(plan=self.plan, by=self.supervisor, at=start, demonstration=True)
        for row in self.script.get("breakdown", []):
            self._break_down(self.tasks[row["task"]], row, start)
        for row in self.script["period"]:
            period = self.plan.periods.get(index=row["index"])
            if row.get("open_today"):
                self._open_today(period, today)
            else:
                self._quarter(period, row)
        if "year_end" in self.script:
            self._close_year(self.script["year_end"])

    def _name_units(self, at: datetime) -> None:
        by = self.supervisor.actor(Role.SUPERVISOR)
        for row in self.script.get("lead", []):
            unit = Department.objects.get(short_name=row["department"])
            designate(task=self.tasks[row["task"]], department=unit, kind=ResponsibilityKind.LEAD, by=by, at=at)
        confirm_proposed(tasks=[self.tasks[number] for number in self.script.get("confirmed", [])], by=by, at=at)

    def _open_today(self, period: ReportingPeriod, today: date) -> None:
        # Left over for visitors to try, so that no day of that year was missed.
        ReportingPeriod.objects.filter(pk=period.pk).update(promised_on=None)
        period = open_period(period=period, by=self.supervisor, at=noon(today), on=today)
        for row in self.script.get("plea", []):
            part = self._part(self.tasks[row["task"]], period)
            part.ask_for_days(row["days"], row["reason"], row["progress_so_far"], on=today)

    def _quarter(self, period: ReportingPeriod, row: dict) -> None:
        opens_on = row.get("opens_on")
        period = open_period(period=period, by=self.supervisor, at=noon(opens_on or period.opens_on), on=opens_on)
        for task in self.tasks.values():
            self._part(task, period).play()
        close_period(period=period, by=self.supervisor, at=noon(period.review_due_on))
        withheld = {
            self.tasks[number].pk: Withheld(line["note"], line["review_on"])
            for (number, index), line in self.lines.items()
            if index == period.index and line.get("fate") == "withheld"
        }
        day = period.review_due_on
        on_that_day = {"by": self.supervisor, "at": noon(day)}
        release = prepare_release(period=period, withheld=withheld, rest_public=True, **on_that_day)
        approve_release(release=release, approved_by=APPROVER, approved_on=day, scan=None, **on_that_day)
        released_on = working_day(period.release_on, row.get("release_late", 0))
        publish_release(release=release, by=self.publisher, at=noon(released_on))
        period.refresh_from_db()
        for task in self.tasks.values():
            self._part(task, period).after_release()
        for said in self.script.get("coordination", []):
            if said["index"] == period.index:
                coordinate(said, self.tasks[said["task"]], period)
        self._change_targets(period)

    def _break_down(self, task: Task, row: dict, at: datetime) -> None:
        """The unit's own steps towards a number of the year, proposed by it and confirmed by a supervisor."""
        indicator = task.indicators.get(name=row["indicator"])
        nodes = {Slot(indicator, self.plan.year, quarter): Decimal(value) for quarter, value in row["values"]}
        unit = Department.objects.get(short_name=row["unit"])
        proposer = {"department": unit, "by": person(Role.REPORTER, unit), "demonstration": True}
        proposed = propose_breakdown(task=task, nodes=nodes, at=at, **proposer)
        confirm_breakdown(task=task, seen=[node.pk for node in proposed], by=self.supervisor, at=at)

    def _close_year(self, script: dict) -> None:
        """Each task's last word by a supervisor who may judge it; published together by another person."""
        last = {row["task"]: Closing(row["verdict"], row["reason"], row.get("document", "")) for row in script["said"]}
        year, at = self.plan.year, noon(script["on"])
        drawn_up = defaultdict(dict)
        for number, task in self.tasks.items():
            drawn_up[judges_of(task)[0]][task] = last.get(number, Closing(script["otherwise"]))
        for judge, closings in drawn_up.items():
            prepare_year_end(plan=self.plan, year=year, closings=closings, by=judge, at=at, demonstration=True)
        seen = year_end_digest(self.plan, year, year_ends_of(self.plan, year))
        publish_year_end(plan=self.plan, year=year, seen=seen, by=self.publisher, at=at)

    def _part(self, task: Task, period: ReportingPeriod) -> SampleReport:
        line = {"fate": self.script.get("default_fate", "verified")} | self.lines.get((task.number, period.index), {})
        return SampleReport(line, task, period)

    def _change_targets(self, period: ReportingPeriod) -> None:
        for row in self.script.get("change", []):
            if row["index"] != period.index:
                continue
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
