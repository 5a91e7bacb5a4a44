"""总览, for everybody: chosen by ?plan= and ?quarter=, counted anew from what is public."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from common.text.wording import cn_quarter
from public.forms import ChoiceForm, asked_of
from public.read_models.audit_figures import figures_of, recount_text, rows_of
from public.read_models.dashboard import Dashboard
from public.read_models.dashboard import dashboard as dashboard_of
from public.read_models.plan_snapshot import choices, public_snapshot

HOME = ("首页", "/")
ONLY_NOW = "重算只有现在的内容，不能按过去某一天下载。请去掉 as_of。"


def chosen(request) -> tuple[Dashboard | None, ChoiceForm]:
    plan, form = asked_of(request, choices())
    return dashboard_of(public_snapshot(plan, form.selected_quarter(), timezone.localdate())) if plan else None, form


@login_not_required
@require_safe
def dashboard(request) -> HttpResponse:
    page, form = chosen(request)
    asked = form.selected_quarter()
    instead = cn_quarter(*asked) if page and asked and asked != page.snapshot.quarter else ""
    context = {"page": page, "form": form, "instead": instead, "crumbs": [HOME, ("总览", "")]}
    return render(request, "progress/dashboard/page.html", context, status=400 if form.errors else 200)


@login_not_required
@require_safe
def recount(request) -> HttpResponse:
    page, form = chosen(request)
    crumbs = [HOME, ("总览", address_of(page)), ("重算", "")]
    figures, rows = (figures_of(page), rows_of(page.snapshot)) if page else ([], [])
    context = {"page": page, "form": form, "figures": figures, "rows": rows, "crumbs": crumbs}
    return render(request, "progress/dashboard/recount.html", context, status=400 if form.errors else 200)


@login_not_required
@require_safe
def recount_json(request) -> HttpResponse:
    """The rows, the figures of the page and their formulas: what the button reads, and anybody may."""
    if request.GET.get("as_of"):
        return JsonResponse({"as_of": [ONLY_NOW]}, status=400)
    page, form = chosen(request)
    if form.errors or page is None:
        return JsonResponse(form.errors, status=400 if form.errors else 200)
    mark, quarter = "演示-" if page.demonstration else "", page.period.address if page.period else "none"
    disposition = content_disposition_header(True, f"{mark}{page.plan.slug}-{quarter}-recount.json")
    headers = {"Content-Disposition": disposition}
    return HttpResponse(recount_text(page), content_type="application/json", headers=headers)


def address_of(page: Dashboard | None) -> str:
    address = reverse("public:dashboard")
    if page is None:
        return address
    return f"{address}?plan={page.plan.slug}" + (f"&quarter={page.period.address}" if page.period else "")
