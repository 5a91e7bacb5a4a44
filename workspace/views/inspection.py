"""迎检包: the choice of what is gathered with its size, and the package to download."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import safe_name
from common.ui.crumbs import STAFF_HOME
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
def choose(request: HttpRequest) -> HttpResponse:
    """The form of the choice, and how much would be packed."""
    require(can_gather(request.user))
    form = InspectionForm(request.user, request.GET or newest_plan())
    valid = form.is_valid()
    extent = extent_of(form.scope) if valid else None
    context = {
        "form": form,
        "extent": extent,
        "refusal": packing_refusal_reason(form.scope, extent) if valid else "",
        "name": form.scope.name if valid else "",
        "query": request.GET.urlencode()
        or "&".join(f"{key}={word}" for key, word in newest_plan().items()),
        "crumbs": [STAFF_HOME, ("迎检包", "")],
    }
    return render(
        request, "staff/inspection.html", context, status=200 if valid or not request.GET else 400
    )


@require_safe
def package(request: HttpRequest) -> FileResponse | HttpResponse:
    """The package; an invalid choice, or one that is too large, leads to the page that says so."""
    require(can_gather(request.user))
    form, now = InspectionForm(request.user, request.GET), timezone.now()
    if not form.is_valid() or packing_refusal_reason(form.scope, extent_of(form.scope)):
        return redirect(f"{reverse('workspace:inspection')}?{request.GET.urlencode()}")
    file = inspection_package(form.scope, form.cleaned_data["columns"], at=now)
    name = f"迎检包-{safe_name(form.scope.name)}-{timezone.localtime(now):%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
