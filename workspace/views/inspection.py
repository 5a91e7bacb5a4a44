"""迎检包: the choice of what is gathered with its size, and the package to download."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from common.files.downloads import safe_name
from common.security.heavy_files import heavy_file
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from progress.access import require
from tasks.models import Plan
from workspace.exports.inspection import inspection_package
from workspace.forms import InspectionForm
from workspace.permissions import can_gather
from workspace.read_models.inspection import extent_of, packing_refusal_reason


def newest_plan() -> dict[str, str]:
    """The choice before the person makes one."""
    slug = Plan.objects.published().values_list("slug", flat=True).first()
    return {"plan": slug} if slug else {}


@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """The form of the choice, and how much would be packed."""
    require(can_gather(request.user))
    choice = request.GET or newest_plan()
    form = InspectionForm(request.user, choice)
    context: dict[str, Any] = {
        "form": form,
        "extent": None,
        "refusal": "",
        "name": "",
        "query": urlencode(choice, doseq=True),
        "crumbs": [STAFF_HOME, ("迎检包", "")],
    }
    if form.is_valid():
        extent = extent_of(form.scope)
        context["extent"] = extent
        context["refusal"] = packing_refusal_reason(form.scope, extent)
        context["name"] = form.scope.name
    status = 400 if request.GET and not form.is_valid() else 200
    return render(request, "staff/inspection.html", context, status=status)


@require_safe
@heavy_file
def package(request: StaffRequest) -> FileResponse | HttpResponse:
    """The package; an invalid choice, or one that is too large, leads to the page that says so."""
    require(can_gather(request.user))
    form, now = InspectionForm(request.user, request.GET), timezone.now()
    if not form.is_valid() or packing_refusal_reason(form.scope, extent_of(form.scope)):
        return redirect(f"{reverse('workspace:inspection')}?{request.GET.urlencode()}")
    file = inspection_package(form.scope, form.cleaned_data["columns"], at=now)
    name = f"迎检包-{safe_name(form.scope.name)}-{timezone.localtime(now):%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
