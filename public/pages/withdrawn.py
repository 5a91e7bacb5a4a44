"""What stands at the addresses of a plan that was withdrawn, and of its tasks."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from common.ui.crumbs import PUBLIC_HOME
from tasks.models import Plan


def or_tombstone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a page at an address with the slug of a plan or the code of a task.

    Where it does not exist because the plan was withdrawn, it says so, with day and reason: 410.
    """

    @wraps(view)
    def show(request: HttpRequest, **parts: str) -> HttpResponseBase:
        try:
            return view(request, **parts)
        except Http404:
            plan = withdrawn_plan(slug=parts.get("slug", ""), code=parts.get("code", ""))
            if plan is None:
                raise
            crumbs = [PUBLIC_HOME, ("文件", reverse("public:plans")), (plan.name, "")]
            context = {"plan": plan, "crumbs": crumbs}
            return render(request, "tasks/withdrawn.html", context, status=410)

    return show


def withdrawn_plan(*, slug: str, code: str) -> Plan | None:
    """The withdrawn plan with this slug, or with a task of this code."""
    plans = Plan.objects.withdrawn().without_source_document()
    if slug:
        return plans.filter(slug=slug).first()
    return plans.filter(tasks__code=code).first() if code else None
