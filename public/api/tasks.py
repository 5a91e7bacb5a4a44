"""The API of published plans, tasks and milestones, with the rows and filters of the pages."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

import django_filters
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotFound
from rest_framework.serializers import BaseSerializer

from common.rest import OpenViewSet, coded, json_number
from common.text.wording import QUARTERS
from common.time.days import local_day
from common.ui.form_fields import UNKNOWN
from progress.choices import PUBLIC_TRAJECTORY, TargetBasis, Trajectory
from progress.models import Breakdown
from public.filters import TaskFilter, year_choices
from public.read_models.plans import published_plans
from public.read_models.release_days import AsOf, as_of
from public.read_models.task_records import headline_of_record, with_public_facts
from publishing.models import Publication, PublishedReading, YearEnd
from publishing.read_models.headlines import Headline
from supervision.models import SupervisionSlip
from supervision.read_models.slips import public_chip
from tasks.choices import PUBLIC_STATES
from tasks.models import Commitment, Indicator, Milestone, Plan, Responsibility, Target, Task
from tasks.read_models.changes import ChangeLine, change_lines

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from publishing.read_models.headlines import TaskWithState

NO_RELEASE = "这一天没有公布过进展。可以看哪些天，见承诺列表页末的“看以前某一天的情况”。"


class TaskCount(TypedDict):
    """What the query of the plans adds to each."""

    task_count: int


if TYPE_CHECKING:
    PlanWithCount = WithAnnotations[Plan, TaskCount]


class PlanSerializer(BaseSerializer):
    def to_representation(self, plan: "PlanWithCount") -> dict[str, Any]:
        same = (
            "slug",
            "title",
            "short_title",
            "starts_on",
            "ends_on",
            "issuer",
            "index_number",
            "document_number",
        )
        more = (
            "issued_on",
            "published_on",
            "source_url",
            "source_sha256",
            "annex_note",
            "tracked_from",
        )
        return {
            **{name: getattr(plan, name) for name in (*same, *more)},
            "kind": coded(plan, "kind"),
            "state": coded(plan, "state"),
            "tasks": plan.task_count,
            "slips_public": plan.slips_public,
        }


class PlanViewSet(OpenViewSet):
    queryset = (
        Plan.objects.published()
        .without_source_document()
        .annotate(task_count=Count("tasks"))
        .order_by("-starts_on", "slug")
    )
    serializer_class = PlanSerializer
    lookup_field = "slug"


class MilestoneSerializer(BaseSerializer):
    def to_representation(self, milestone: Milestone) -> dict[str, Any]:
        return {
            "plan": milestone.task.plan.slug,
            "task": milestone.task.code,
            "year": milestone.year,
            "quarter": milestone.quarter,
            "text": milestone.text,
        }


class MilestoneFilter(django_filters.FilterSet):
    plan = django_filters.ModelChoiceFilter(
        queryset=Plan.objects.published().without_source_document(),
        field_name="task__plan",
        to_field_name="slug",
        error_messages=UNKNOWN,
    )
    task = django_filters.ModelChoiceFilter(
        queryset=Task.objects.published(), to_field_name="code", error_messages=UNKNOWN
    )

    year = django_filters.ChoiceFilter(
        choices=lambda: year_choices(published_plans()), error_messages=UNKNOWN
    )
    quarter = django_filters.ChoiceFilter(choices=list(QUARTERS.items()), error_messages=UNKNOWN)

    class Meta:
        model = Milestone
        fields: list[str] = []


class MilestoneViewSet(OpenViewSet):
    queryset = (
        Milestone.objects.filter(task__plan__state__in=PUBLIC_STATES)
        .select_related("task__plan")
        .only("year", "quarter", "text", "task__code", "task__plan__slug")
        .order_by("-task__plan__starts_on", "task__number", "year", "quarter")
    )
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter


class TaskSerializer(BaseSerializer):
    def to_representation(self, task: "TaskWithState") -> dict[str, Any]:
        view = self.context["view"]
        day = view.day
        headline = headline_of_record(task, view.selected("year"), view.selected("quarter"))
        changes = change_lines(task.change_requests.all(), day)
        same = ("number", "title", "text", "goal", "plain_name", "summary", "summary_by")
        return {
            "code": task.code,
            "plan": task.plan.slug,
            "section": {"number": task.section.number, "title": task.section.title},
            **{name: getattr(task, name) for name in same},
            "state": _state(headline),
            "departments": list(map(_department, task.responsibilities.all())),
            "milestones": list(map(_milestone, task.milestones.all())),
            "commitments": list(map(_commitment, task.commitments.all())),
            "targets": list(_targets(task)),
            "changes": list(map(_change, changes)),
            "breakdowns": list(map(_node, task.breakdowns.all())),
            "year_ends": list(map(_year_end, task.year_ends.all())),
            "slips": None if day else _public_slips(task),
            "latest_publication": _publication(headline.publication),
        }


MILESTONE_FIELDS = ("year", "quarter", "text")


def _milestone(row: Milestone) -> dict[str, Any]:
    return {name: getattr(row, name) for name in MILESTONE_FIELDS}


def _targets(task: Task) -> Iterator[dict[str, Any]]:
    for indicator in task.indicators.all():
        for target in indicator.targets.all():
            yield _target(indicator, target)


def _department(row: Responsibility) -> dict[str, Any]:
    unit = {"slug": row.department.slug, "name": row.department.short_name}
    return unit | {"kind": coded(row, "kind"), "basis": coded(row, "basis"), "source": row.source}


def _commitment(row: Commitment) -> dict[str, Any]:
    same = ("order", "text", "year", "quarter", "due_on", "condition", "flag")
    fields = {name: getattr(row, name) for name in same}
    return fields | {"source": coded(row, "source"), "measurable": coded(row, "measurable")}


def _target(indicator: Indicator, target: Target) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "value": json_number(target.value),
        "value_max": json_number(target.value_max),
        "direction": target.direction,
        "mode": indicator.mode,
        "year": target.year,
        "quarter": target.quarter,
        "quote": target.quote,
    }


def _change(line: ChangeLine) -> dict[str, Any]:
    """What was promised first, what holds since, and the document that changed it."""
    same = ("reason", "basis_document", "approving_body", "approved_on", "demonstration")
    fields = {name: getattr(line.request, name) for name in same} | {
        "kind": coded(line.request, "kind")
    }
    turns = [
        {"what": turn.what, "before": turn.before, "after": turn.after} for turn in line.values
    ]
    return fields | {
        "since": line.since,
        "turns": turns,
        "successors": [task.code for task in line.successors],
    }


def _node(row: Breakdown) -> dict[str, Any]:
    """A goal a unit set itself where the document prints none; `basis` says so."""
    return {
        "name": row.indicator.name if row.indicator else None,
        "unit": row.indicator.unit if row.indicator else None,
        "value": json_number(row.value),
        "step": row.step,
        "year": row.year,
        "quarter": row.quarter,
        "basis": {"code": TargetBasis.BREAKDOWN, "label": TargetBasis.BREAKDOWN.label},
        "demonstration": row.demonstration,
    }


def _year_end(row: YearEnd) -> dict[str, Any]:
    same = ("year", "reason", "document", "published_at", "demonstration")
    return {name: getattr(row, name) for name in same} | {"verdict": coded(row, "verdict")}


def _state(headline: Headline) -> dict[str, str]:
    """The headline as the pages tell it; `voice` is whose word it is, empty if it is no verdict."""
    label = headline.chip(quarter=False).label
    return {"code": headline.state, "label": label, "voice": headline.voice}


def _public_slips(task: Task) -> list[dict[str, Any]] | None:
    """The open slips; None where the plan keeps them internal."""
    return list(map(_slip, task.slips.all())) if task.plan.slips_public else None


def _slip(row: SupervisionSlip) -> dict[str, Any]:
    """An open slip and its level: nothing else of it is public."""
    return {
        "level": {"code": row.level, "label": public_chip(row).label},
        "demonstration": row.demonstration,
    }


def _publication(row: Publication | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "period": {"year": row.period.year, "quarter": row.period.index, "label": row.period.label},
        "headline": coded(row, "headline"),
        "withheld_basis": row.withheld_basis,
        "self": coded(row, "self_pace"),
        "assessment": coded(row, "assessment_pace"),
        "timing": coded(row, "timing"),
        "trajectory": {
            "code": row.trajectory,
            "label": PUBLIC_TRAJECTORY[Trajectory(row.trajectory)],
        },
        "reporting": coded(row, "reporting"),
        "first_filed_on": local_day(row.first_filed_at) if row.first_filed_at else None,
        "extended_to": row.extended_to,
        "silent_units": row.silent_unit_names,
        "data_date": row.data_date,
        "readings": [_reading(reading) for reading in row.readings.all()],
        "revision": row.revision,
        "published_at": row.published_at,
        "sha256": row.sha256,
        "demonstration": row.demonstration,
    }


def _reading(row: PublishedReading) -> dict[str, Any]:
    indicator = {"name": row.indicator.name, "unit": row.indicator.unit}
    values = {"value": json_number(row.value), "target": json_number(row.target)}
    return indicator | values | {"target_basis": coded(row, "target_basis")}


class AsOfFilter(DjangoFilterBackend):
    """The filter of the list page, as of the requested day."""

    def get_filterset_kwargs(
        self, request: HttpRequest, queryset: QuerySet[Task], view: "TaskViewSet"
    ) -> dict[str, Any]:
        return super().get_filterset_kwargs(request, queryset, view) | {"day": view.day}


class TaskViewSet(OpenViewSet):
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    filter_backends = [AsOfFilter]
    lookup_field = "code"
    has_days = True

    @cached_property
    def day(self) -> date | None:
        """The day requested with ?as_of=, or None for now; NotFound unless it is a release day."""
        query = self.request.GET.get("as_of", "")
        requested = as_of(query) if query else AsOf(None, [])
        if requested is None:
            raise NotFound(NO_RELEASE)
        return requested.day

    def selected(self, name: str) -> int | None:
        """The number chosen for `name`, if any; the filter has refused anything else before."""
        value = self.request.GET.get(name)
        return int(value) if value else None

    def get_queryset(self) -> QuerySet[Task]:
        return with_public_facts(Task.objects.published(), self.day)
