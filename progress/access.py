"""What a person may reach on the pages about reporting: 404 out of sight, else 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from departments.models import Department, User
from departments.roles import UNIT_ROLES, Role
from progress.choices import PeriodState
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from tasks.models import Task


def require(*answers: bool) -> None:
    """Raises PermissionDenied (403) unless every predicate answered yes."""
    if not all(answers):
        raise PermissionDenied


def get_period_or_404(slug: str, year: int, quarter: int) -> ReportingPeriod:
    """The period of a quarter (1-4) of a plan, given by its slug."""
    periods = ReportingPeriod.objects.quarters().with_plan()
    return get_object_or_404(periods, plan__slug=slug, year=year, index=quarter)


def get_requirements_or_404(user: User, code: str, year: int, quarter: int) -> ReportRequirements:
    """The requirements of a task (by its code) in a quarter (1-4), if this person may see them.

    The responsible units: once the period was opened, with a report or without. Others: the reports
    that `ReportQuerySet.visible_to` shows them.
    """
    task = get_object_or_404(Task, code=code)
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id).with_plan()
    period = get_object_or_404(periods, year=year, index=quarter)
    requirements, own = requirements_for(task, period), user.department_ids(*UNIT_ROLES)
    is_responsible = not requirements.units.isdisjoint(own)
    is_own = is_responsible and period.state != PeriodState.SCHEDULED
    if (
        not is_own
        and not ProgressReport.objects.visible_to(user).filter(task=task, period=period).exists()
    ):
        raise Http404
    return requirements


def filing_units(user: User, requirements: ReportRequirements) -> list[Department]:
    """The responsible units for which the person may file the report, the lead first."""
    own = user.department_ids(Role.REPORTER)
    units = [row.department for row in requirements.responsibilities if row.department_id in own]
    return sorted(
        units,
        key=lambda unit: requirements.lead is None or unit.pk != requirements.lead.department_id,
    )


def proposing_unit(user: User, task: Task) -> Department | None:
    """The responsible unit for which the person may propose a breakdown; None if there is none."""
    own_units = Department.objects.filter(pk__in=user.department_ids(Role.REPORTER))
    responsible = own_units.filter(responsibilities__task=task, responsibilities__valid_to=None)
    return responsible.order_by("pk").first()
