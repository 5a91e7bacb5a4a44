"""The filters of tasks, the same for the list page, the workbook and the API."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from common.text.wording import QUARTERS
from common.time.days import quarter_end
from common.ui.form_fields import UNKNOWN
from departments.models import Department
from progress.choices import PUBLIC_TRAJECTORY, Reporting, State, Timing
from public.read_models.plans import plan_years, published_plans
from publishing.models import Publication
from publishing.read_models.headlines import with_state
from publishing.read_models.public_status import (
    DELIVERY,
    NOT_COLLECTED,
    NOT_PUBLISHED,
    STATE_WORDS,
)
from tasks.choices import PUBLIC_STATES, PlanState
from tasks.models import Plan, Responsibility, Section, Task
from tasks.querysets import TaskQuerySet, source_document_fields

if TYPE_CHECKING:
    from publishing.read_models.headlines import TaskWithState

    StatefulTasks = QuerySet[TaskWithState]
Choices = Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]]


def section_choices() -> list[tuple[str, str]]:
    """Every section of a plan that everybody may read, by plan and number."""
    rows = (
        Section.objects.filter(plan__state__in=PUBLIC_STATES)
        .select_related("plan")
        .defer(*source_document_fields("plan"))
    )
    return [(f"{row.plan.slug}-{row.number}", f"{row.plan.name} · {row.title}") for row in rows]


def year_choices(plans: list[Plan]) -> list[tuple[str, str]]:
    """The years the plans cover, newest first."""
    years = {year for plan in plans for year in plan_years(plan)}
    return [(str(year), f"{year}年") for year in sorted(years, reverse=True)]


def choice(label: str, choices: Choices, *, method: str) -> django_filters.ChoiceFilter:
    """A filter with fixed choices, in which no choice means all."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label="全部", error_messages=UNKNOWN, method=method
    )


class TaskFilter(django_filters.FilterSet):
    """Filters of published tasks; an empty one means all.

    `quarter` and `year` choose which quarter's state is displayed; without a quarter a published
    year-end conclusion is the state. `year` also leaves out plans that do not cover it; `quarter`
    leaves out nothing.
    """

    q = django_filters.CharFilter(
        label="关键词",
        method="by_words",
        max_length=60,
        error_messages={"max_length": "关键词最多60个字，请缩短后再查。"},
    )
    plan = choice("文件", [], method="by_plan")
    section = choice("行动 / 总体目标", section_choices, method="by_section")
    department = django_filters.ModelChoiceFilter(
        label="责任单位",
        queryset=Department.objects.all(),
        to_field_name="slug",
        method="by_department",
        empty_label="全部",
        error_messages=UNKNOWN,
    )
    year = choice("年份", [], method="by_year")
    quarter = choice(
        "看哪个季度", [(str(key), word) for key, word in QUARTERS.items()], method="unchanged"
    )
    state = choice(
        "状态",
        [(key, word) for key, word in STATE_WORDS.items() if key != State.AWAITED],
        method="by_state",
    )
    delivery = choice(
        "办得怎样", [(key, words) for key, (words, _) in DELIVERY.items()], method="by_delivery"
    )
    timing = choice("时限", Timing.choices, method="by_axis")
    trajectory = choice(
        "数字进度", [(key.value, word) for key, word in PUBLIC_TRAJECTORY.items()], method="by_axis"
    )
    reporting = choice("报送", Reporting.choices, method="by_axis")
    disagree = choice("两种声音", [("1", "不一致的")], method="by_disagreement")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, day: date | None = None, **kwargs: Any):
        """`day` is the past day whose publications and units are read, or None for now."""
        super().__init__(*args, **kwargs)
        self.day = day
        self.filters["plan"].extra["choices"] = [(plan.slug, str(plan)) for plan in self.plans]
        self.filters["year"].extra["choices"] = year_choices(self.plans)

    @cached_property
    def plans(self) -> list[Plan]:
        """All published plans, read once for the form and the rows."""
        return published_plans()

    @property
    def plans_found(self) -> list[Plan]:
        """The plans of the tasks found: what is still to come is said of these. One query.

        Where nothing is found, those that were looked through.
        """
        found = set(self.qs.order_by().values_list("plan_id", flat=True).distinct())
        chosen = self.form.cleaned_data.get("plan") or self._plan_of_section()
        looked_through = [plan for plan in self.plans if plan.slug == chosen]
        return [plan for plan in self.plans if plan.pk in found] or looked_through or self.plans

    def _plan_of_section(self) -> str:
        return (self.form.cleaned_data.get("section") or "").rpartition("-")[0]

    def selected(self, name: str) -> int | None:
        """The valid number chosen for a field, if any."""
        value = self.form.cleaned_data.get(name)
        return int(value) if value else None

    def filter_queryset(self, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """Applies the state last, after the quarter it belongs to.

        `in_any_state` keeps the tasks before that, which the bar above the list counts.
        """
        filtered = with_state(queryset, self.selected("year"), self.selected("quarter"), self.day)
        values = dict(self.form.cleaned_data)
        state = values.pop("state", None)
        for name, value in values.items():
            filtered = self.filters[name].filter(filtered, value)
        self.in_any_state = filtered
        return self.filters["state"].filter(filtered, state)

    def unchanged(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        """For a field that filters nothing by itself."""
        return queryset

    def by_words(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return queryset.matching(value)

    def by_plan(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return queryset.filter(plan__slug=value)

    def by_section(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        slug, _, number = value.rpartition("-")
        return queryset.filter(section__plan__slug=slug, section__number=number)

    def by_department(self, queryset: TaskQuerySet, name: str, value: Department) -> TaskQuerySet:
        rows = Responsibility.objects.public(demo=settings.DEMO, day=self.day).filter(
            department=value
        )
        return queryset.filter(pk__in=rows.values("task"))

    def by_year(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return queryset.filter(plan__starts_on__year__lte=value, plan__ends_on__year__gte=value)

    def by_state(self, queryset: "StatefulTasks", name: str, value: str) -> "StatefulTasks":
        if value not in (NOT_COLLECTED, NOT_PUBLISHED):
            return queryset.filter(state=value)
        unpublished = queryset.filter(state=None)
        if value == NOT_COLLECTED:
            return unpublished.filter(self.untracked())
        return unpublished.exclude(self.untracked())

    def by_delivery(self, queryset: "StatefulTasks", name: str, value: str) -> "StatefulTasks":
        states = DELIVERY[value][1]
        condition = Q(state__in=states)
        if NOT_PUBLISHED in states:
            condition |= Q(state=None)
        return queryset.filter(condition)

    def by_axis(self, queryset: "StatefulTasks", name: str, value: str) -> "StatefulTasks":
        publications = Publication.objects.as_of(self.day).filter(**{name: value})
        condition = Q(displayed_id__in=publications.values("pk"))
        if value == Reporting.NOT_COLLECTED:
            condition |= Q(displayed_id=None) & self.untracked()
        return queryset.filter(condition)

    def by_disagreement(self, queryset: "StatefulTasks", name: str, value: str) -> "StatefulTasks":
        return queryset.filter(
            displayed_id__in=Publication.objects.as_of(self.day).disagreeing().values("pk")
        )

    def untracked(self) -> Q:
        """Tasks not tracked, or not yet in the selected quarter, as `missing_word` has it."""
        year, quarter = self.selected("year"), self.selected("quarter")
        untracked = Q(plan__tracked_from=None, plan__state=PlanState.ARCHIVED)
        return (
            untracked | Q(plan__tracked_from__gt=quarter_end(year, quarter))
            if year and quarter
            else untracked
        )
