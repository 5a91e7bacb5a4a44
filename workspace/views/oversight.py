"""The first screen of leaders, their dashboard, and the paper for their next meeting."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.packages import WORD
from common.security.heavy_files import heavy_file
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from feedback.read_models.inbox import alarm
from progress.access import require
from public.forms import bind_choice_form
from public.read_models.dashboard import build_dashboard
from public.read_models.plan_snapshot import plan_choices
from supervision.models import SupervisionSlip
from supervision.permissions import can_issue_slips, can_oversee
from supervision.read_models.coordination import active_items, items_for
from tasks.read_models.portfolio import scope_of
from workspace.crumbs import OVERVIEW
from workspace.exports.meeting import meeting_file
from workspace.forms import SinceForm
from workspace.read_models.draft_snapshot import draft_snapshot
from workspace.read_models.internal_status import TaskStatusRow, status_rows
from workspace.read_models.meeting import meeting
from workspace.read_models.oversight import oversight

# What the list may be narrowed to, in words; each is also the name of the rows in `Oversight`.
LISTS = {
    "": "落后、没有报送和退回修改中的",
    "behind": "落后的",
    "unreported": "未报送的",
    "returned": "退回修改中的",
    "closed_early": "提前截止时未报送的",
    "new": "上次公布以后新增的",
}


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """What is behind or unreported, in the leader's own portfolio or in all of the plans."""
    require(can_oversee(request.user))
    scope = scope_of(request.user)
    chosen = None if request.GET.get("whose") == "all" else scope
    figures = oversight(status_rows(at=timezone.now()), chosen)
    only = request.GET.get("only", "")
    if only not in LISTS:
        only = ""
    page = Paginator(getattr(figures, only or "rows"), 50).get_page(request.GET.get("page"))
    context = {
        "figures": figures,
        "items": items_for(request.user, timezone.localdate(), chosen),
        "page_obj": page,
        "rows": _with_open_matters(list(page)),
        "only": only,
        "only_words": LISTS[only],
        "scope": scope,
        "mine": chosen is not None,
        "whose": "whose=all&" if scope and not chosen else "",
        "unanswered": alarm(request.user, timezone.localdate()),
        "supervises": can_issue_slips(request.user),
    }
    return render(request, "staff/overview.html", context)


def _with_open_matters(rows: list[TaskStatusRow]) -> list[tuple]:
    """(row, the open coordination item about it or else about its task, the task's open slip)."""
    tasks = [row.task.pk for row in rows]
    items = active_items(tasks)
    # A matter stays open when a newer quarter is shown: the newest of the task stands in for it.
    of_task = {task: item for (task, _), item in sorted(items.items())}
    slips = {slip.task_id: slip for slip in SupervisionSlip.objects.open().filter(task__in=tasks)}
    return [
        (
            row,
            items.get((row.task.pk, row.period.pk), of_task.get(row.task.pk)),
            slips.get(row.task.pk),
        )
        for row in rows
    ]


@require_safe
def draft_dashboard(request: StaffRequest) -> HttpResponse:
    """The public dashboard with what a release would publish now."""
    require(can_oversee(request.user))
    plan, form = bind_choice_form(request, plan_choices(internal=True))
    page = (
        build_dashboard(draft_snapshot(plan, form.selected_quarter(), at=timezone.now()))
        if plan
        else None
    )
    crumbs = [STAFF_HOME, OVERVIEW, ("看板", "")]
    context = {"page": page, "form": form, "instead": "", "crumbs": crumbs}
    return render(request, "staff/dashboard.html", context, status=400 if form.errors else 200)


@require_safe
def meeting_page(request: StaffRequest) -> HttpResponse:
    require(can_oversee(request.user))
    form = SinceForm(request.GET or None)
    since = form.cleaned_data["since"] if form.is_valid() else None
    paper = meeting(request.user, at=timezone.now(), since=since)
    form.initial["since"] = paper.since
    crumbs = [STAFF_HOME, OVERVIEW, ("会议材料", "")]
    return render(request, "staff/meeting.html", {"meeting": paper, "form": form, "crumbs": crumbs})


@require_safe
@heavy_file
def meeting_docx(request: StaffRequest) -> FileResponse:
    """The paper of the meeting page as a Word file."""
    require(can_oversee(request.user))
    form = SinceForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        raise Http404
    now = timezone.now()
    paper = meeting(
        request.user, at=now, since=form.cleaned_data["since"] if form.is_bound else None
    )
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    name = f"会议材料{paper.day:%Y%m%d}.docx"
    return FileResponse(meeting_file(paper), as_attachment=True, filename=name, headers=headers)
