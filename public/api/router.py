"""The routes of the public API at /api/v1/ and its documentation page: read-only, no sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.routers import APIRootView, DefaultRouter

from common.rest import OpenView
from common.ui.crumbs import PUBLIC_HOME
from departments.api import DepartmentViewSet
from feedback.api import LetterViewSet, QuestionViewSet
from public.api.tasks import MilestoneViewSet, PlanViewSet, TaskViewSet


class OpenRootView(OpenView, APIRootView):
    # Answers of the API keep their words, whatever the class is called.
    name = "Root"


class OpenRouter(DefaultRouter):
    APIRootView = OpenRootView
    include_format_suffixes = False


router = OpenRouter()
router.register("plans", PlanViewSet, basename="plan")
router.register("tasks", TaskViewSet, basename="task")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("departments", DepartmentViewSet, basename="department")
router.register("questions", QuestionViewSet, basename="question")
router.register("letters", LetterViewSet, basename="letter")


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api_docs.html", {"crumbs": [PUBLIC_HOME, ("数据接口", "")]})
