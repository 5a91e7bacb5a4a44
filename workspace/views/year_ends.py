"""年终结论: one sheet a plan and year, drawn up by supervisors and published by another person."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from progress.access import HOME, allowed
from publishing.actions.year_ends import has_ended, prepare_year_end, publish_year_end, year_end_digest
from publishing.forms.year_end import YearEndForm
from publishing.permissions import can_prepare_release, can_preview_release, can_publish
from publishing.read_models.year_ends import closing_lines, recused_from
from tasks.models import Plan
from workspace.views.periods import LIST


def year_end(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    allowed(can_preview_release(request.user))
    plans = Plan.objects.published().without_paper()
    plan = get_object_or_404(plans, slug=slug, starts_on__year__lte=year, ends_on__year__gte=year)
    lines = closing_lines(plan, year)
    form = _form(request, plan, lines)
    if request.method != "POST":
        return _page(request, plan, year, lines, form)
    deed = _publish if "publish" in request.POST else _prepare
    try:
        said = deed(request, plan, year, form)
    except Refused as refused:
        return _page(request, plan, year, closing_lines(plan, year), form, refused.reasons)
    if not said:
        return _page(request, plan, year, lines, form)
    messages.success(request, said)
    return redirect("workspace:year-end", slug, year)


def _form(request: HttpRequest, plan: Plan, lines: list) -> YearEndForm:
    away = recused_from(plan, request.user)
    mine = [line.task for line in lines if line.task.pk not in away]
    asked = mine if can_prepare_release(request.user) and not _published(lines) else []
    typed = request.POST if "prepare" in request.POST else None
    return YearEndForm(asked, {line.task.pk: line.row for line in lines if line.row}, typed)


def _published(lines: list) -> bool:
    return any(line.row and line.row.published_at for line in lines)


def _page(request: HttpRequest, plan: Plan, year: int, lines: list, form: YearEndForm, refused=()) -> HttpResponse:
    rows = [line.row for line in lines if line.row]
    done = _published(lines)
    context = {
        "plan": plan,
        "year": year,
        "lines": [(line, form.of(line.task), form.opens(line.task)) for line in lines],
        "without": sum(line.row is None for line in lines),
        "ended": has_ended(plan, year, timezone.localdate()),
        "published": done,
        "digest": year_end_digest(plan, year, rows),
        "form": form,
        "prepares": bool(form.fields),
        "publishes": can_publish(request.user) and not done,
        "refused": refused,
        "crumbs": [HOME, LIST, (f"{year}年年终结论", "")],
    }
    return render(request, "staff/year_end.html", context)


def _prepare(request: HttpRequest, plan: Plan, year: int, form: YearEndForm) -> str:
    """Empty where the form has to be shown again with what is wrong in it."""
    allowed(can_prepare_release(request.user))
    if not form.is_valid():
        return ""
    told = {"by": request.user, "at": timezone.now(), "demonstration": settings.DEMO}
    made = prepare_year_end(plan=plan, year=year, closings=form.closings(), **told)
    return f"已保存 {len(made)} 项结论，全部拟定后由发布员公布。"


def _publish(request: HttpRequest, plan: Plan, year: int, form: YearEndForm) -> str:
    allowed(can_publish(request.user))
    seen = request.POST.get("seen", "")
    rows = publish_year_end(plan=plan, year=year, seen=seen, by=request.user, at=timezone.now())
    return f"{year}年 {len(rows)} 项年终结论已公布，已记入公开记录。"
