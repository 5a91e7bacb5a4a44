"""The page on who can file, for those who maintain people and units."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.permissions import can_maintain_reference_data, can_see_coverage
from progress.access import require
from tasks.permissions import can_designate
from workspace.read_models.coverage import UNUSED_DAYS, coverage_of


@require_safe
def coverage(request: StaffRequest) -> HttpResponse:
    require(can_see_coverage(request.user))
    context = {
        "coverage": coverage_of(timezone.now()),
        "maintains": can_maintain_reference_data(request.user),
        "designates": can_designate(request.user),
        "unused_days": UNUSED_DAYS,
        "crumbs": [STAFF_HOME, ("填报人员", "")],
    }
    return render(request, "staff/coverage.html", context)
