"""年终结论: the conclusions of a plan's year, prepared by one person and published by another."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of
from departments.http import StaffRequest
from progress.access import require
from publishing.actions.year_ends import prepare_year_end, publish_year_end
from publishing.permissions import can_prepare_release, can_publish
from publishing.read_models.year_ends import closing_lines
from workspace.pages.year_end import plan_of_year, year_end_form, year_end_response

PAGE = "workspace:year-end"


@require_safe
def year_end(request: StaffRequest, slug: str, year: int) -> HttpResponse:
    return year_end_response(request, plan_of_year(request.user, slug, year), year)


@action_of(PAGE)
def prepare(request: StaffRequest, slug: str, year: int) -> HttpResponse:
    plan = plan_of_year(request.user, slug, year)
    require(can_prepare_release(request.user))
    form = year_end_form(request.user, plan, closing_lines(plan, year), request.POST)
    # One faulty row keeps no other back.
    if not form.is_valid() and not form.closings():
        return year_end_response(request, plan, year, form)
    options = {"demonstration": settings.DEMO, "by": request.user, "at": timezone.now()}
    try:
        made = prepare_year_end(plan=plan, year=year, closings=form.closings(), **options)
    except Refused as refused:
        return year_end_response(request, plan, year, form, refused.reasons)
    if faulty := form.faulty_tasks():
        codes = "、".join(task.code for task in faulty)
        messages.warning(
            request,
            f"已保存 {len(made)} 项结论；还有 {len(faulty)} 项没有保存，请改正后再保存：{codes}。",
        )
        typed = form.data_after_saving(row.task for row in made)
        form = year_end_form(request.user, plan, closing_lines(plan, year), typed)
        return year_end_response(request, plan, year, form)
    messages.success(request, f"已保存 {len(made)} 项结论，全部拟定后由发布员公布。")
    return redirect(PAGE, slug, year)


@action_of(PAGE)
def publish(request: StaffRequest, slug: str, year: int) -> HttpResponse:
    plan = plan_of_year(request.user, slug, year)
    require(can_publish(request.user))
    seen = request.POST.get("seen", "")
    try:
        rows = publish_year_end(plan=plan, year=year, seen=seen, by=request.user, at=timezone.now())
    except Refused as refused:
        return year_end_response(request, plan, year, refused=refused.reasons)
    messages.success(request, f"{year}年 {len(rows)} 项年终结论已公布，已记入公开记录。")
    return redirect(PAGE, slug, year)
