"""What a person may see of the quarters: out of sight is 404."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from departments.models import Department, Role, User
from departments.roles import UNIT_ROLES
from progress.choices import PeriodState
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.report import ReportRequirements, requirements_for
from tasks.models import Task


def require(holds: bool) -> None:
    if not holds:
        raise PermissionDenied


def period_of(slug: str, year: int, quarter: int) -> ReportingPeriod:
    periods = ReportingPeriod.objects.quarters().with_plan()
    return get_object_or_404(periods, plan__slug=slug, year=year, index=quarter)


def requirements_in_sight(user: User, code: str, year: int, quarter: int) -> ReportRequirements:
    """One's own units' task once its period was opened, filed or not; anybody else's as `visible_to` says."""
    task = get_object_or_404(Task, code=code)
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id).with_plan()
    period = get_object_or_404(periods, year=year, index=quarter)
    requirements, own = requirements_for(task, period), user.department_ids(*UNIT_ROLES)
    mine = (
        any(row.department_id in own for row in requirements.responsibilities) and period.state != PeriodState.SCHEDULED
    )
    if not mine and not ProgressReport.objects.visible_to(user).filter(task=task, period=period).exists():
        raise Http404
    return requirements


def filing_units(user: User, requirements: ReportRequirements) -> list[Department]:
    """The responsible units the person writes for, the lead first."""
    own = user.department_ids(Role.REPORTER)
    units = [row.department for row in requirements.responsibilities if row.department_id in own]
    return sorted(units, key=lambda unit: requirements.lead is None or unit.pk != requirements.lead.department_id)


def proposing_unit(user: User, task: Task) -> Department | None:
    """The responsible unit for which the person breaks a task down."""
    found = Department.objects.filter(pk__in=user.department_ids(Role.REPORTER))
    held = {"responsibilities__task": task, "responsibilities__valid_to": None}
    return found.filter(**held).order_by("pk").first()
