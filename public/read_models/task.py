"""The page of one task, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, Q

from common.text.wording import QUARTERS, cn_quarter
from common.time.days import local_day
from common.ui.chips import Chip, QuarterMark
from feedback.read_models.questions import Question, Tombstone, questions_of, tombstones_of
from feedback.read_models.reviews import Review, VoiceCounts, reviews_of, voice_counts
from ledger.models import Entry
from progress.models import Breakdown, Evidence
from progress.read_models.breakdowns import confirmed_nodes
from public.read_models.answers import answer
from public.read_models.data_dates import PAST_DAY, DataDate, data_date_from, objections_until
from public.read_models.document import DocumentBlock, Marks, blocks_of, document_address, legend_of
from public.read_models.indicators import IndicatorView, indicator_views
from public.read_models.ledger import EntryLine, entry_line
from public.read_models.plans import plan_quarters
from public.read_models.publications import (
    QuarterPart,
    evidence_for,
    public_evidence,
    quarter_part,
    with_rows,
)
from publishing.models import Publication, YearEnd
from publishing.read_models.commitment_status import commitment_chips_from
from publishing.read_models.headlines import Headline, headline_of
from publishing.read_models.public_status import headline_chip, missing_chip
from publishing.read_models.year_ends import outcome_chip, year_ends_of_task
from supervision.read_models.slips import public_slips_of, withdrawn_slips_of
from tasks.choices import CommitmentSource, Measurability, PassageKind, PlanKind
from tasks.models import (
    Commitment,
    DueChange,
    Indicator,
    Passage,
    Plan,
    Responsibility,
    Target,
    Task,
)
from tasks.read_models.changes import ChangeLine, changes_of

LABELS: dict[str, str] = {PassageKind.GOAL: "目标", PassageKind.TASK_TITLE: "工作任务"}
QUOTED = [PassageKind.TASK_TITLE, PassageKind.TASK_TEXT, PassageKind.GOAL, PassageKind.MILESTONE]


@dataclass(frozen=True)
class Quote:
    """A passage of the task with the label it is printed under (目标, 第一季度)."""

    label: str
    block: DocumentBlock


@dataclass(frozen=True)
class TaskPage:
    """Everything the page of one task shows; `document_location` is where its document has it."""

    task: Task
    headline: Headline
    answer: list[str]
    quotes: list[Quote]
    document_location: str
    responsibilities: list[Responsibility]
    commitments: list[Commitment]
    promises: list[tuple[Commitment, Chip]]
    quarters: list[QuarterMark]
    indicators: list[IndicatorView]
    parts: list[QuarterPart]
    steps: list[Breakdown]
    amended: list[ChangeLine]
    year_ends: list[tuple[YearEnd, Chip]]
    slips: list[tuple[Chip, str]]
    withdrawn_slips: list[str]
    questions: list[Question]
    tombstones: list[Tombstone]
    reviews: list[Review]
    voices: VoiceCounts | None
    changes: list[EntryLine]
    legend: list[tuple[Chip, int]]
    dates: DataDate

    @property
    def chip(self) -> Chip:
        return self.headline.chip()

    @property
    def tracked(self) -> bool:
        return self.task.plan.tracked_from is not None

    @property
    def closing(self) -> ChangeLine | None:
        """The change by which the task was ended, merged or split, if any."""
        return next((line for line in self.amended if line.is_closing), None)

    @property
    def flags(self) -> list[Commitment]:
        return [commitment for commitment in self.commitments if commitment.flag]

    @property
    def unmeasured(self) -> int:
        """How many commitments cannot be measured."""
        return sum(commitment.measurable == Measurability.NO for commitment in self.commitments)

    @property
    def newest(self) -> QuarterPart | None:
        return self.parts[0] if self.parts else None

    def objections_until(self, today: date) -> date | None:
        """The last day for objections to the newest quarter; None once it is over."""
        if self.newest is None or self.voices is None:
            return None
        return objections_until(local_day(self.newest.publication.published_at), today)

    @property
    def first_anchor(self) -> str:
        """The anchor of the task in its document."""
        return (
            f"{self.task.code}-{self.commitments[0].anchor}" if self.commitments else self.task.code
        )


def task_page(task: Task, day: date | None = None) -> TaskPage:
    """The page of a task now, or as of the end of a past day.

    For a past day only publications, indicators, units and year-ends are read: evidence, slips,
    questions, reviews and ledger entries are left out.
    """
    published = published_of(task, day)
    commitments = commitments_of(task, day)
    concluded = year_ends_of_task(task, day)
    newest = {row.task_id: row for row in concluded}
    chips = commitment_chips_from(task.plan, commitments, published)
    indicators = indicators_of(task, day)
    latest = published[-1] if published else None
    now = _only_known_now(task) if day is None else NOTHING_OF_NOW
    nodes = confirmed_nodes(task, day)
    views = indicator_views(task.plan, indicators, published, nodes)
    headline = headline_of(task.plan, latest, newest.get(task.pk))
    return TaskPage(
        task=task,
        headline=headline,
        answer=answer(
            task.plan,
            [view.comparison for view in views],
            len(commitments),
            published,
            headline.conclusion,
        ),
        quotes=quotes_of(task, commitments, chips),
        document_location=document_location(task),
        responsibilities=responsibilities_of(task, day),
        commitments=commitments,
        promises=[(commitment, chips[commitment.pk]) for commitment in commitments],
        quarters=quarter_marks(task.plan, published),
        indicators=views,
        parts=_parts(published, now.evidence),
        steps=[node for node in nodes if node.indicator is None],
        amended=changes_of(task, day),
        year_ends=[(row, outcome_chip(row, year=True)) for row in concluded],
        slips=now.slips,
        withdrawn_slips=now.withdrawn_slips,
        questions=now.questions,
        tombstones=now.tombstones,
        reviews=now.reviews,
        voices=now.voices,
        changes=now.changes,
        legend=legend_of(chips[commitment.pk] for commitment in commitments),
        dates=dates_of(task, latest, day),
    )


@dataclass(frozen=True)
class OnlyNow:
    """What the page of a task shows as of now only, and of no past day."""

    evidence: dict[int, list[Evidence]] = field(default_factory=dict)
    slips: list[tuple[Chip, str]] = field(default_factory=list)
    withdrawn_slips: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    tombstones: list[Tombstone] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    voices: VoiceCounts | None = None
    changes: list[EntryLine] = field(default_factory=list)


NOTHING_OF_NOW = OnlyNow()


def _only_known_now(task: Task) -> OnlyNow:
    return OnlyNow(
        evidence=public_evidence(task),
        slips=public_slips_of(task),
        withdrawn_slips=withdrawn_slips_of(task),
        questions=questions_of(task),
        tombstones=tombstones_of(task),
        reviews=reviews_of(task),
        voices=voice_counts(task),
        changes=entries_of(task),
    )


def _parts(published: list[Publication], evidence: dict[int, list[Evidence]]) -> list[QuarterPart]:
    """The quarters, newest first."""
    return [quarter_part(row, evidence_for(row, evidence)) for row in reversed(published)]


def published_of(task: Task, day: date | None) -> list[Publication]:
    """The current publications of a task, oldest first, as of now or of the end of a past day."""
    rows = with_rows(task.publications.as_of(day))
    return list(rows.order_by("period__year", "period__index"))


def commitments_of(task: Task, day: date | None) -> list[Commitment]:
    """The commitments of a task with the changes of their due days."""
    due_changes = DueChange.objects.filter(valid_from__lte=day) if day else DueChange.objects.all()
    return list(task.commitments.prefetch_related("tracks", Prefetch("due_changes", due_changes)))


def indicators_of(task: Task, day: date | None) -> list[Indicator]:
    """The indicators with their targets; for a past day as those targets were in force then."""
    targets = Target.objects.select_related("change_request")
    targets = targets.filter(Q(valid_from=None) | Q(valid_from__lte=day)) if day else targets
    indicators = list(task.indicators.prefetch_related(Prefetch("targets", targets)))
    if day:
        _reopen_targets(indicators, day)
    return indicators


def _reopen_targets(indicators: list[Indicator], day: date) -> None:
    """Shows the targets that were closed after the day as in force; not saved."""
    for target in (target for indicator in indicators for target in indicator.targets.all()):
        if target.valid_to and target.valid_to > day:
            target.valid_to = None


def entries_of(task: Task) -> list[EntryLine]:
    return [
        entry_line(row)
        for row in Entry.objects.public().about("task", task.code).newest_first()[:50]
    ]


def dates_of(task: Task, latest: Publication | None, day: date | None) -> DataDate:
    as_of = latest.data_date if latest else None
    return DataDate(as_of, None, PAST_DAY) if day else data_date_from([task.plan], as_of)


def responsibilities_of(task: Task, day: date | None) -> list[Responsibility]:
    rows = Responsibility.objects.public(demo=settings.DEMO, day=day).filter(task=task)
    return list(rows.select_related("department").order_by("order"))


def quotes_of(task: Task, commitments: list[Commitment], chips: dict[int, Chip]) -> list[Quote]:
    """The printed wording of a task, label by label, with its commitments marked."""
    in_order = sorted(commitments, key=lambda commitment: commitment.start)
    marks = Marks(in_order, chips, {task.pk: task}, back=document_address(task.plan))
    # The title is only quoted where it is a commitment itself.
    has_title_commitment = any(row.source == CommitmentSource.TITLE for row in commitments)
    kinds = QUOTED if has_title_commitment else QUOTED[1:]
    passages = list(task.passages.filter(kind__in=kinds).order_by("order"))
    return list(_labelled_quotes(task, passages, marks))


def _labelled_quotes(task: Task, passages: Iterable[Passage], marks: Marks) -> Iterable[Quote]:
    quoted = set()
    for passage in passages:
        label = _label(passage, marks)
        for block in blocks_of(task.plan, [passage], marks):
            # The document may repeat a wording after a page break: it is quoted once.
            if block.text not in quoted:
                yield Quote(label, block)
            quoted.add(block.text)
            label = ""


def _label(passage: Passage, marks: Marks) -> str:
    if passage.kind != PassageKind.MILESTONE:
        return LABELS.get(passage.kind, "")
    first = next(marks.within(passage.start, passage.end), None)
    return cn_quarter(first.year, first.quarter) if first and first.quarter else "季度目标"


def document_location(task: Task) -> str:
    """Where the document has the task, by its own numbering."""
    if task.plan.kind == PlanKind.ACTION_PLAN:
        return f"{task.section.title} 第{task.number}项"
    return f"“{task.section.title}”部分第{task.number}项"


def quarter_marks(plan: Plan, published: list[Publication]) -> list[QuarterMark]:
    """The last eight quarters of the plan at most, oldest first."""
    rows = {(row.period.year, row.period.index): row for row in published}
    quarters = plan_quarters(plan)[-8:]
    last = max(rows, default=None)
    return [
        QuarterMark(
            QUARTERS[quarter] if len(quarters) == 4 else cn_quarter(year, quarter),
            _quarter_chip(plan, rows.get((year, quarter)), year, quarter),
            f"#q{year}-{quarter}" if (year, quarter) in rows else "",
            current=(year, quarter) == last,
        )
        for year, quarter in quarters
    ]


def _quarter_chip(plan: Plan, row: Publication | None, year: int, quarter: int) -> Chip:
    return headline_chip(row, quarter=False) if row else missing_chip(plan, year, quarter)
