"""What a release will publish, line by line, and what it did publish."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from common.text.wording import cn_date
from common.time.days import local_day
from common.ui.chips import Chip
from departments.models import User
from progress.choices import FILED, ReportStatus, State
from progress.models import Evidence, ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from progress.requirements.deadlines import can_be_filed
from progress.requirements.loading import requirements_for, requirements_for_all
from progress.requirements.report import ReportRequirements
from public.read_models.publications import QuarterPart, draft_part
from publishing.actions.releases import withheld_by
from publishing.choices import ClearanceDecision, ReleaseState
from publishing.drafts import draft_from
from publishing.models import Clearance, Publication, Release
from publishing.read_models.public_status import UNREPORTED, WITHOUT_WORDS, headline_chip
from tasks.models import Task

# A report is owed still, or was sent back.
OWING = [*UNREPORTED, State.AWAITED]
# What a task may lack, so that it is shown apart.
APART = [*OWING, State.EXTENDED]


@dataclass(frozen=True)
class PreviewLine:
    """One task as it would be published, with every responsible unit, unconfirmed ones too.

    `answering` are those of them that have to report: the lead unit, where there is one.
    """

    task: Task
    part: QuarterPart
    units: list[str]
    answering: list[str]
    # Whether its report can still be filed today, before the release.
    is_accepting: bool

    @property
    def publication(self) -> Publication:
        return self.part.publication

    @property
    def owner(self) -> str:
        return "、".join(self.units) or "责任单位待确认"


@dataclass(frozen=True)
class Preview:
    """All lines of a quarter as they would be published now."""

    lines: list[PreviewLine]

    def of(self, *states: str) -> list[PreviewLine]:
        return [line for line in self.lines if line.publication.headline in states]

    @property
    def silent(self) -> list[PreviewLine]:
        """Tasks nobody reported on although the day for it is over."""
        return self.of(State.NOT_REPORTED)

    @property
    def closed_early(self) -> list[PreviewLine]:
        """Tasks not reported on when the period was closed before its due day."""
        return self.of(State.CLOSED_EARLY)

    @property
    def awaited(self) -> list[PreviewLine]:
        """Tasks whose day is not over: the period cannot be released with one."""
        return self.of(State.AWAITED)

    @property
    def extended(self) -> list[PreviewLine]:
        """Tasks not reported on whose granted day has not come: apart from the silent ones."""
        return self.of(State.EXTENDED)

    @property
    def returned(self) -> list[PreviewLine]:
        return self.of(State.RETURNED)

    @property
    def withheld(self) -> list[PreviewLine]:
        return self.of(State.WITHHELD)

    @property
    def rest(self) -> list[PreviewLine]:
        """Tasks that lack nothing and are not withheld."""
        others = [*APART, State.WITHHELD]
        return [line for line in self.lines if line.publication.headline not in others]

    @property
    def groups(self) -> list[tuple[str, list[PreviewLine]]]:
        """(title, lines) with every line once but the withheld: those that lack something first."""
        groups = [(str(state.label), self.of(state)) for state in APART]
        return [(title, lines) for title, lines in [*groups, ("公布进展", self.rest)] if lines]

    @property
    def reported(self) -> int:
        return sum(line.publication.headline not in WITHOUT_WORDS for line in self.lines)

    @property
    def unassessed(self) -> int:
        return sum(line.publication.awaits_assessment for line in self.lines)

    @property
    def owing(self) -> list[tuple[str, list[str]]]:
        """(what the lines will say, the units), of the lines that will have no report.

        The units are those that have to report, each once, in the order of the plan. They are
        counted as on the overview.
        """
        groups = [(str(state.label), self.of(state)) for state in OWING]
        return [(words, _answering_units(lines)) for words, lines in groups if lines]

    @property
    def owing_title(self) -> str:
        """The head of the list of those without a report: chasing helps only who may still file."""
        return "建议先催报" if self.can_be_chased else "公布时没有报告的"

    @property
    def can_be_chased(self) -> bool:
        """Whether a unit that owes a report can file one before the release."""
        return any(line.is_accepting for line in self.of(*OWING))

    @property
    def counted(self) -> str:
        """The counts in a sentence; what is rare is only said where there is some."""
        waiting = f"（其中 {self.unassessed} 项为单位自评，待核查）" if self.unassessed else ""
        counts = [
            (State.NOT_REPORTED, True),
            (State.CLOSED_EARLY, False),
            (State.AWAITED, False),
            (State.EXTENDED, False),
            (State.RETURNED, True),
            (State.WITHHELD, True),
        ]
        found = [(state, len(self.of(state)), always) for state, always in counts]
        words = [f"{state.label} {count} 项" for state, count, always in found if count or always]
        read = f"公布进展 {self.reported} 项{waiting}"
        return f"{len(self.lines)} 项承诺中，{'，'.join([read, *words])}。"


def _answering_units(lines: list[PreviewLine]) -> list[str]:
    """The units that have to report on these lines, each once."""
    return list(dict.fromkeys(unit for line in lines for unit in line.answering))


def preview(period: ReportingPeriod, release: Release | None, *, at: datetime) -> Preview:
    """The quarter as it would be published at `at`, but for what the release withholds."""
    withheld = withheld_by(release)
    tasks = period.plan.tasks.order_by("number")
    return Preview(
        [
            _preview_line(requirements, at, withheld.get(requirements.task.pk, ""))
            for requirements in requirements_for_all((task, period) for task in tasks)
        ]
    )


def preview_of_one(clearance: Clearance, *, at: datetime) -> PreviewLine:
    """A withheld line as it would be published if it were no longer withheld."""
    return _preview_line(requirements_for(clearance.task, clearance.release.period), at)


def _preview_line(
    requirements: ReportRequirements, at: datetime, withheld: str = ""
) -> PreviewLine:
    draft = draft_from(requirements, at=at, withheld=withheld)
    units = [row.department.short_name for row in requirements.responsibilities]
    answering = [unit.short_name for unit in requirements.answering_units]
    accepting = can_be_filed(requirements.deadline, requirements.report, today=local_day(at))
    return PreviewLine(requirements.task, draft_part(draft), units, answering, accepting)


def papers_of(period: ReportingPeriod, user: User) -> dict[int, list[tuple[Evidence, bool]]]:
    """Report id -> the evidence a release would make public,
    and whether the person may open it by now.
    """
    rows = Evidence.objects.filter(
        is_public=True, contribution__report__period=period
    ).select_related("contribution")
    opens = set(Evidence.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    papers = defaultdict(list)
    for row in rows.order_by("pk"):
        papers[row.contribution.report_id].append((row, row.pk in opens))
    return papers


def active_release(period: ReportingPeriod) -> Release | None:
    """The release of a quarter that is prepared or published, not dropped."""
    rows = period.releases.exclude(state=ReleaseState.DROPPED).select_related(
        "prepared_by", "published_by"
    )
    return rows.first()


def decisions_of(release: Release | None) -> tuple[int, list[Clearance]]:
    """How many lines were cleared, and the clearances that withhold one, with their tasks."""
    rows = (
        list(release.clearances.select_related("task").order_by("task__number")) if release else []
    )
    withheld = [row for row in rows if row.decision == ClearanceDecision.WITHHELD]
    return len(rows) - len(withheld), withheld


def still_to_come(period: ReportingPeriod, today: date) -> list[tuple[Task, str]]:
    """(task, why its report may still come) before the release or after it. Four queries."""
    extensions = _unfiled(period, ExtensionRequest.objects.running(today))
    unlocks = _unfiled(period, Unlock.objects.running(today))
    asked = _unfiled(period, ExtensionRequest.objects.waiting())
    back = [ReportStatus.RETURNED, ReportStatus.SIGNING]
    reports = _unfiled(period, ProgressReport.objects.filter(status__in=back))
    returned = [row for row in reports if row.answers_a_return]
    return [
        *((row.task, f"延期到{cn_date(row.granted_until)}") for row in extensions),
        *((row.task, f"单项开放到{cn_date(row.expires_on)}") for row in unlocks),
        *((row.task, "退回修改中，改好可以再报") for row in returned),
        *((row.task, f"申请延期到{cn_date(row.requested_until)}，还没有答复") for row in asked),
    ]


def _unfiled(period: ReportingPeriod, grants: QuerySet) -> QuerySet:
    """The extensions, unlocks or reports of a quarter of whose task no report stands filed."""
    filed = period.reports.filter(status__in=FILED).values("task")
    rows = grants.filter(period=period).exclude(task__in=filed)
    return rows.select_related("task").defer("task__search_text").order_by("task__number")


def withheld_due_for_review(today: date) -> list[Clearance]:
    """Withheld lines whose review day has come."""
    return list(Clearance.objects.in_force().filter(review_on__lte=today).with_related())


def current_lines(period: ReportingPeriod) -> list[tuple[Publication, Chip]]:
    """What is published of a quarter now, in the order of the plan."""
    rows = Publication.objects.current().filter(period=period).select_related("task", "period")
    return [
        (row, headline_chip(row, quarter=False))
        for row in rows.defer("content").order_by("task__number")
    ]
