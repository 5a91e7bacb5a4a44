"""总览 and 重算: one plan and quarter, chosen by ?plan= and ?quarter=."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from common.security.heavy_files import heavy_file
from common.text.wording import cn_quarter
from common.ui.crumbs import PUBLIC_HOME
from public.forms import PlanQuarterForm, bind_choice_form
from public.read_models.audit_figures import audit_figures, audit_json, task_rows
from public.read_models.dashboard import Dashboard, build_dashboard
from public.read_models.plan_snapshot import plan_choices, public_snapshot

ONLY_NOW = "重算只有现在的内容，不能按过去某一天下载。请去掉 as_of。"


def requested_page(request: HttpRequest) -> tuple[Dashboard | None, PlanQuarterForm]:
    """The page of the requested plan and quarter, None where there is no plan, and its form."""
    plan, form = bind_choice_form(request, plan_choices())
    if plan is None:
        return None, form
    snapshot = public_snapshot(plan, form.selected_quarter(), timezone.localdate())
    return build_dashboard(snapshot), form


@login_not_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page 总览."""
    page, form = requested_page(request)
    requested = form.selected_quarter()
    # A quarter that was not released is named, and the newest released one shown in its place.
    is_replaced = page is not None and requested != page.snapshot.quarter
    instead = cn_quarter(*requested) if requested and is_replaced else ""
    context = {
        "page": page,
        "form": form,
        "instead": instead,
        "crumbs": [PUBLIC_HOME, ("总览", "")],
    }
    return render(
        request, "progress/dashboard/page.html", context, status=400 if form.errors else 200
    )


@login_not_required
@require_safe
def recount(request: HttpRequest) -> HttpResponse:
    """The page 重算: the rows and the formulas behind 总览."""
    page, form = requested_page(request)
    crumbs = [PUBLIC_HOME, ("总览", dashboard_address(page)), ("重算", "")]
    figures, rows = (audit_figures(page), task_rows(page.snapshot)) if page else ([], [])
    context = {"page": page, "form": form, "figures": figures, "rows": rows, "crumbs": crumbs}
    return render(
        request, "progress/dashboard/recount.html", context, status=400 if form.errors else 200
    )


@login_not_required
@require_safe
@heavy_file
def recount_json(request: HttpRequest) -> HttpResponse:
    """The rows, figures and formulas of the page, as its button reads them."""
    if request.GET.get("as_of"):
        return JsonResponse({"as_of": [ONLY_NOW]}, status=400)
    page, form = requested_page(request)
    if form.errors or page is None:
        return JsonResponse(form.errors, status=400 if form.errors else 200)
    disposition = content_disposition_header(as_attachment=True, filename=_recount_name(page))
    headers = {"Content-Disposition": disposition}
    return HttpResponse(audit_json(page), content_type="application/json", headers=headers)


def _recount_name(page: Dashboard) -> str:
    mark = "演示-" if page.demonstration else ""
    quarter = page.period.address if page.period else "none"
    quarter = "year-end" if page.snapshot.is_concluded else quarter
    return f"{mark}{page.plan.slug}-{quarter}-recount.json"


def dashboard_address(page: Dashboard | None) -> str:
    """The address of 总览 for the plan and quarter of a page."""
    address = reverse("public:dashboard")
    if page is None:
        return address
    return f"{address}?plan={page.plan.slug}{page.quarter_query}"
