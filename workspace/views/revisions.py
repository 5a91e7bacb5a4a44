"""After the release: a report that came late is published, or that it never came is said."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.errors import Refused
from departments.http import StaffRequest
from progress.access import require
from progress.choices import PeriodKind
from progress.models import ProgressReport
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.models import Publication
from publishing.permissions import can_publish
from workspace.addresses import period_address
from workspace.pages.withholding import current_publication


@require_POST
def revise(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """Publishes a report that came or was assessed after the release, as the next revision."""
    require(can_publish(request.user))
    rows = ProgressReport.objects.with_related().filter(period__kind=PeriodKind.QUARTER)
    report = get_object_or_404(rows, task__code=code, period__year=year, period__index=quarter)
    return _publish(request, report, publish_revision, {"report": report}, "补充公布")


@require_POST
def lapse(request: StaffRequest, pk: int) -> HttpResponse:
    """Publishes that an extended report did not come by its day, as the next revision."""
    require(can_publish(request.user))
    publication = current_publication(pk)
    return _publish(
        request, publication, publish_lapse, {"publication": publication}, "写明期满未报送"
    )


def _publish(
    request: StaffRequest,
    about: ProgressReport | Publication,
    action: Callable,
    subject: dict,
    verb: str,
) -> HttpResponse:
    """Does the action to its `subject` and leads to the release; a refusal is shown there too."""
    try:
        row = action(**subject, by=request.user, at=timezone.now())
        messages.success(request, f"{about.task.code} 已{verb}，现行第 {row.revision} 版。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(period_address("release", about.period))
