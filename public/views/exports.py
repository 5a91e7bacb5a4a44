from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from public.exports.tasks import task_sheet
from public.filters import TaskFilter
from public.pages.as_of import day_asked
from tasks.models import Task


@login_not_required
@require_safe
def export(request):
    """What the list shows, all pages of it; a choice that does not exist goes back to the list, which says so."""
    day = day_asked(request).day
    chosen = TaskFilter(request.GET, Task.objects.published(), request=request, day=day)
    if not chosen.is_valid():
        return redirect(f"{reverse('public:tasks')}?{request.GET.urlencode()}")
    return task_sheet(chosen, at=timezone.now())
