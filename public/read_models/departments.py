"""Units: the tasks each is responsible for, on what authority, and their states."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from common.ui.chips import Chip, Segment
from departments.choices import DepartmentLevel
from departments.models import Department
from public.read_models.data_dates import DataDate, data_date
from publishing.choices import Outcome
from publishing.read_models.headlines import Headline, headlines_of, words_of
from publishing.read_models.public_status import DONE, WITHOUT_WORDS, count_states, segments
from tasks.choices import PUBLIC_STATES
from tasks.models import Plan, Responsibility, Task


@dataclass(frozen=True)
class DepartmentLine:
    """A unit in the list, with the number of its public tasks."""

    department: Department
    count: int


@dataclass(frozen=True)
class DutyLine:
    """One task a unit is responsible for, with the chip of its state."""

    responsibility: Responsibility
    chip: Chip

    @property
    def task(self) -> Task:
        return self.responsibility.task


@dataclass(frozen=True)
class DutyPart:
    """The duties of one plan on one authority (文件载明, 由督查室指定, 按职能推定)."""

    plan: Plan
    basis: str
    duties: list[DutyLine]


@dataclass(frozen=True)
class DepartmentPage:
    """The page of one unit: `done`, `reported` and `published` count its tasks."""

    department: Department
    predecessors: list[Department]
    parts: list[DutyPart]
    segments: list[Segment]
    done: int
    # 已完成, or 完成 where every state is a year-end conclusion.
    done_word: str
    reported: int
    published: int
    dates: DataDate

    @property
    def count(self) -> int:
        return sum(len(part.duties) for part in self.parts)


def public_duties() -> QuerySet[Responsibility]:
    """The responsibilities the public may see, of plans that everybody may read.

    Unconfirmed ones are only among them in the demonstration, which labels them.
    """
    return (
        Responsibility.objects.public(demo=settings.DEMO)
        .filter(task__plan__state__in=PUBLIC_STATES)
        .with_task()
    )


def departments_by_level() -> list[tuple[str, list[DepartmentLine]]]:
    """(level, its units), units without public tasks included. Two queries."""
    counts = Counter(public_duties().values_list("department_id", flat=True))
    levels = defaultdict(list)
    for department in Department.objects.order_by("pk"):
        levels[department.level].append(DepartmentLine(department, counts[department.pk]))
    return [
        (str(level.label), levels[level.value]) for level in DepartmentLevel if levels[level.value]
    ]


def department_page(department: Department) -> DepartmentPage:
    """The page of one unit as of now."""
    rows = list(
        public_duties()
        .filter(department=department)
        .order_by("-task__plan__starts_on", "task__number")
    )
    headlines = headlines_of(row.task for row in rows)
    published = [row.publication for row in headlines.values() if row.publication]
    plans = list({row.task.plan_id: row.task.plan for row in rows}.values())
    states = [headlines[row.task_id].state for row in rows]
    words = words_of(headlines.values())
    return DepartmentPage(
        department=department,
        predecessors=list(department.predecessors.all()),
        parts=_parts_by_plan(rows, headlines),
        segments=segments(
            count_states(states),
            f"{reverse('public:tasks')}?department={department.slug}&",
            words,
        ),
        done_word=words[Outcome.DONE],
        done=sum(state in DONE for state in states),
        reported=sum(row.headline not in WITHOUT_WORDS for row in published),
        published=len(published),
        dates=data_date(plans),
    )


def _parts_by_plan(rows: list[Responsibility], headlines: dict[int, Headline]) -> list[DutyPart]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.task.plan_id, row.basis].append(DutyLine(row, headlines[row.task_id].chip()))
    return [
        DutyPart(duties[0].task.plan, duties[0].responsibility.get_basis_display(), duties)
        for duties in grouped.values()
    ]
