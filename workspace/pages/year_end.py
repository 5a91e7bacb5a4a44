"""The page of a plan's conclusions of one year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from common.ui.crumbs import STAFF_HOME
from departments.models import User
from progress.access import require
from publishing.actions.year_ends import has_ended, year_end_digest
from publishing.forms.year_ends import YearEndForm
from publishing.permissions import can_prepare_release, can_preview_release, can_publish
from publishing.read_models.year_ends import closing_lines, recused_from
from tasks.models import Plan
from workspace.crumbs import PERIODS


def plan_of_year(user: User, slug: str, year: int) -> Plan:
    """A plan that runs in this year, for those who preview releases.

    Raises PermissionDenied for others.
    """
    require(can_preview_release(user))
    plans = Plan.objects.published().without_source_document()
    return get_object_or_404(plans, slug=slug, starts_on__year__lte=year, ends_on__year__gte=year)


def year_end_form(user: User, plan: Plan, lines: list, data=None) -> YearEndForm:
    """The form with the tasks the person may conclude on; empty once the year is published."""
    recused = recused_from(plan, user)
    own = [line.task for line in lines if line.task.pk not in recused]
    open_tasks = own if can_prepare_release(user) and not _is_published(lines) else []
    return YearEndForm(open_tasks, {line.task.pk: line.row for line in lines if line.row}, data)


def _is_published(lines: list) -> bool:
    return any(line.row and line.row.published_at for line in lines)


def year_end_response(
    request: HttpRequest, plan: Plan, year: int, form: YearEndForm | None = None, refused=()
) -> HttpResponse:
    """The page of a year; `form`: the one that was not accepted; `refused`: the reasons."""
    lines = closing_lines(plan, year)
    form = form or year_end_form(request.user, plan, lines)
    rows = [line.row for line in lines if line.row]
    published = _is_published(lines)
    context = {
        "plan": plan,
        "year": year,
        "lines": [
            (line, form.fields_for(line.task), form.has_unsaved_input_for(line.task))
            for line in lines
        ],
        "without": sum(line.row is None for line in lines),
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
