from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from public.filters import TaskFilter
from public.pages.as_of import day_asked
from public.read_models.document import document_of
from public.read_models.plans import plan_cards, plan_page
from public.read_models.task import task_page
from public.read_models.task_list import task_list
from tasks.models import Plan, Task

HOME, PLANS = ("首页", "/"), ("文件", "/plans/")

# Filters that stay folded until one of them is used.
FOLDED = ("section", "year", "quarter", "delivery", "timing", "trajectory", "reporting", "disagree")


def public_plan(slug: str) -> Plan:
    return get_object_or_404(Plan.objects.published().defer("source_bytes"), slug=slug)


def public_task(code: str) -> Task:
    tasks = Task.objects.published().select_related("plan", "section")
    return get_object_or_404(tasks.defer("plan__source_bytes", "search_text"), code=code)


@login_not_required
@require_safe
def plans(request) -> HttpResponse:
    return render(request, "tasks/plans.html", {"cards": plan_cards(), "crumbs": [HOME, ("文件", "")]})


@login_not_required
@require_safe
def plan(request, slug: str) -> HttpResponse:
    found = public_plan(slug)
    shown = day_asked(request, found)
    page = plan_page(found, shown.day)
    context = {"page": page, "as_of": shown, "crumbs": [HOME, PLANS, (page.plan.name, "")]}
    return render(request, "tasks/plan.html", context)


@login_not_required
@require_safe
def document(request, slug: str) -> HttpResponse:
    found = public_plan(slug)
    shown = document_of(found, only_behind=request.GET.get("show") == "behind")
    crumbs = [HOME, PLANS, (found.name, reverse("public:plan", args=[slug])), ("原文", "")]
    return render(request, "tasks/document.html", {"document": shown, "plan": found, "crumbs": crumbs})


@login_not_required
@require_safe
def source(request, slug: str) -> HttpResponse:
    """The file as it came, byte for byte."""
    found = get_object_or_404(Plan.objects.published(), slug=slug)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.slug}.txt"',
        "X-Content-SHA256": found.source_sha256,
    }
    return HttpResponse(found.source_bytes, content_type="text/plain", headers=headers)


def address_without(request, *names: str) -> str:
    """The same page without some of what was asked, ready for more to be appended."""
    params = request.GET.copy()
    for name in (*names, "page"):
        params.pop(name, None)
    return f"?{params.urlencode()}&" if params else "?"


@login_not_required
@require_safe
def tasks(request) -> HttpResponse:
    asked = day_asked(request)
    chosen = TaskFilter(request.GET, Task.objects.published(), request=request, day=asked.day)
    found = chosen.qs
    shown = task_list(
        found,
        request.GET.get("page"),
        plans=chosen.plans,
        counted=chosen.in_any_state,
        address=address_without(request, "state"),
        year=chosen.chosen("year"),
        quarter=chosen.chosen("quarter"),
        day=asked.day,
    )
    more = any(request.GET.get(name) for name in FOLDED)
    context = {"list": shown, "form": chosen.form, "more": more, "crumbs": [HOME, ("承诺", "")]}
    context |= {"as_of": asked, "address": address_without(request, "as_of")}
    return render(request, "tasks/tasks.html", context, status=400 if chosen.form.errors else 200)


@login_not_required
@require_safe
def task(request, code: str) -> HttpResponse:
    found = public_task(code)
    crumbs = [
        HOME,
        (found.plan.name, reverse("public:plan", args=[found.plan.slug])),
        (found.section.title, f"{reverse('public:tasks')}?section={found.plan.slug}-{found.section.number}"),
        (found.code, ""),
    ]
    shown = day_asked(request, found.plan)
    page = task_page(found, shown.day)
    context = {"page": page, "task": found, "as_of": shown, "crumbs": crumbs}
    context["objections_until"] = page.objections_until(timezone.localdate())
    return render(request, "tasks/task.html", context)
