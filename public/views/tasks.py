"""The pages of plans, documents and tasks."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.addresses import query_without
from common.files.media_types import ending_of, media_type_of
from common.ui.crumbs import PUBLIC_HOME
from public.filters import TaskFilter
from public.pages.as_of import get_as_of_or_404
from public.pages.withdrawn import or_tombstone
from public.read_models.document import document_page
from public.read_models.plans import plan_cards, plan_page
from public.read_models.task import task_page
from public.read_models.task_list import task_list
from tasks.models import Plan, Task

PLANS = ("文件", "/plans/")

# Filters that stay folded until one of them is used.
FOLDED = ("section", "year", "quarter", "delivery", "timing", "trajectory", "reporting", "disagree")


def get_plan_or_404(slug: str) -> Plan:
    """A published plan with its text, but without its file."""
    return get_object_or_404(Plan.objects.published().defer("source_bytes"), slug=slug)


def get_task_with_text_or_404(code: str) -> Task:
    """A task of a published plan with the text of the plan, from which its wording is cut."""
    tasks = Task.objects.published().select_related("plan", "section")
    return get_object_or_404(tasks.defer("plan__source_bytes", "search_text"), code=code)


@login_not_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "tasks/plans.html",
        {
            "cards": plan_cards(),
            "withdrawn": Plan.objects.withdrawn().without_source_document(),
            "crumbs": [PUBLIC_HOME, ("文件", "")],
        },
    )


@login_not_required
@require_safe
@or_tombstone
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(slug)
    requested = get_as_of_or_404(request, plan)
    page = plan_page(plan, requested.day)
    context = {
        "page": page,
        "as_of": requested,
        "crumbs": [PUBLIC_HOME, PLANS, (page.plan.name, "")],
    }
    return render(request, "tasks/plan.html", context)


@login_not_required
@require_safe
@or_tombstone
def document(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(slug)
    page = document_page(plan, only_behind=request.GET.get("show") == "behind")
    crumbs = [PUBLIC_HOME, PLANS, (plan.name, reverse("public:plan", args=[slug])), ("原文", "")]
    return render(
        request, "tasks/document.html", {"document": page, "plan": plan, "crumbs": crumbs}
    )


@login_not_required
@require_safe
@or_tombstone
def source(_request: HttpRequest, slug: str) -> HttpResponse:
    """The file as it came, byte for byte."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    headers = {
        "Content-Disposition": f'attachment; filename="{plan.slug}{ending_of(plan.source_name)}"',
        # A saved web page is a download, and never a page of this site.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-SHA256": plan.source_sha256,
    }
    kind = media_type_of(plan.source_name)
    return HttpResponse(plan.source_bytes, content_type=kind, headers=headers)


@login_not_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The list of tasks, filtered; 400 with the form where a filter is invalid."""
    requested = get_as_of_or_404(request)
    task_filter = TaskFilter(
        request.GET, Task.objects.published(), request=request, day=requested.day
    )
    # The query is read before `in_any_state`, which it sets.
    queryset = task_filter.qs
    page = task_list(
        queryset,
        request.GET.get("page"),
        plans=task_filter.plans,
        found_in=task_filter.plans_found,
        counted=task_filter.in_any_state,
        address=query_without(request.GET, "state", "page"),
        year=task_filter.selected("year"),
        quarter=task_filter.selected("quarter"),
        day=requested.day,
    )
    more = any(request.GET.get(name) for name in FOLDED)
    context = {
        "list": page,
        "form": task_filter.form,
        "more": more,
        "crumbs": [PUBLIC_HOME, ("承诺", "")],
    }
    context |= {"as_of": requested, "address": query_without(request.GET, "as_of", "page")}
    return render(
        request, "tasks/tasks.html", context, status=400 if task_filter.form.errors else 200
    )


@login_not_required
@require_safe
@or_tombstone
def task(request: HttpRequest, code: str) -> HttpResponse:
    task = get_task_with_text_or_404(code)
    crumbs = [
        PUBLIC_HOME,
        (task.plan.name, reverse("public:plan", args=[task.plan.slug])),
        (
            task.section.title,
            f"{reverse('public:tasks')}?section={task.plan.slug}-{task.section.number}",
        ),
        (task.code, ""),
    ]
    requested = get_as_of_or_404(request, task.plan)
    page = task_page(task, requested.day)
    context = {"page": page, "task": task, "as_of": requested, "crumbs": crumbs}
    context["objections_until"] = page.objections_until(timezone.localdate())
    return render(request, "tasks/task.html", context)
