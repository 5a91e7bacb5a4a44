"""The list of tasks as a workbook."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.security.heavy_files import heavy_file
from public.exports.tasks import task_workbook
from public.filters import TaskFilter
from public.pages.as_of import get_as_of_or_404
from tasks.models import Task


@login_not_required
@require_safe
@heavy_file
def export(request: HttpRequest) -> HttpResponseBase:
    """All pages of the list; an invalid filter leads back to the list, which says what is wrong."""
    day = get_as_of_or_404(request).day
    task_filter = TaskFilter(request.GET, Task.objects.published(), request=request, day=day)
    if not task_filter.is_valid():
        return redirect(f"{reverse('public:tasks')}?{request.GET.urlencode()}")
    return task_workbook(task_filter, at=timezone.now())
