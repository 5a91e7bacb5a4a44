"""The page of a plan's conclusions of one year."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import require
from publishing.actions.year_ends import has_ended, year_end_digest
from publishing.forms.year_ends import YearEndForm
from publishing.models import YearEnd
from publishing.permissions import can_prepare_release, can_preview_release, can_publish
from publishing.read_models.year_ends import ClosingLine, closing_lines, recused_from
from tasks.models import Plan, Task
from workspace.crumbs import PERIODS


def plan_of_year(user: User, slug: str, year: int) -> Plan:
    """A plan that runs in this year, for those who preview releases.

    Raises PermissionDenied for others.
    """
    require(can_preview_release(user))
    plans = Plan.objects.published().without_source_document()
    return get_object_or_404(plans, slug=slug, starts_on__year__lte=year, ends_on__year__gte=year)


def year_end_form(
    user: User, plan: Plan, lines: list[ClosingLine], data: Mapping[str, object] | None = None
) -> YearEndForm:
    """The form with the tasks the person may conclude on; empty once the year is published."""
    rows = _conclusions(lines)
    is_open = can_prepare_release(user) and not _are_published(rows)
    tasks = _tasks_to_conclude(user, plan, lines) if is_open else []
    return YearEndForm(tasks, {row.task_id: row for row in rows}, data)


def _tasks_to_conclude(user: User, plan: Plan, lines: list[ClosingLine]) -> list[Task]:
    """The tasks of units other than the person's own."""
    recused = recused_from(plan, user)
    return [line.task for line in lines if line.task.pk not in recused]


def _conclusions(lines: list[ClosingLine]) -> list[YearEnd]:
    return [line.row for line in lines if line.row]


def _are_published(rows: list[YearEnd]) -> bool:
    """Whether the conclusions of the year are public; they are all published at once."""
    return any(row.published_at for row in rows)


def year_end_response(
    request: StaffRequest,
    plan: Plan,
    year: int,
    form: YearEndForm | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """The page of a year; `form`: the one that was not accepted; `refused`: the reasons."""
    lines = closing_lines(plan, year)
    form = form or year_end_form(request.user, plan, lines)
    rows = _conclusions(lines)
    published = _are_published(rows)
    context = {
        "plan": plan,
        "year": year,
        "lines": [
            (line, form.fields_for(line.task), form.has_unsaved_input_for(line.task))
            for line in lines
        ],
        "without": len(lines) - len(rows),
        "ended": has_ended(plan, year, timezone.localdate()),
        "published": published,
        "digest": year_end_digest(plan, year, rows),
        "form": form,
        "prepares": bool(form.fields),
        "publishes": can_publish(request.user) and not published,
        "refused": refused,
        "crumbs": [STAFF_HOME, PERIODS, (f"{year}年年终结论", "")],
    }
    return render(request, "staff/year_end.html", context)
