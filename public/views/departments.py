"""The list of units and the page of one unit."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.ui.crumbs import PUBLIC_HOME
from departments.models import Department
from public.read_models.departments import department_page, departments_by_level


@login_not_required
@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    context = {"levels": departments_by_level(), "crumbs": [PUBLIC_HOME, ("单位", "")]}
    return render(request, "departments/departments.html", context)


@login_not_required
@require_safe
def department(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(Department.objects.select_related("successor"), slug=slug)
    crumbs = [PUBLIC_HOME, ("单位", "/departments/"), (unit.short_name, "")]
    return render(
        request, "departments/department.html", {"page": department_page(unit), "crumbs": crumbs}
    )
