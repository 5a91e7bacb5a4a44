"""The pages of bulletins, publications and year-end conclusions, and the public evidence."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import upload_response
from common.security.heavy_files import heavy_file
from common.text.canonical import canonical
from common.text.wording import cn_quarter
from common.time.days import local_day
from common.ui.crumbs import PUBLIC_HOME
from ledger.models import Entry
from progress.models import Evidence
from public.exports.year_end import year_end_workbook
from public.pages.as_of import get_as_of_or_404
from public.pages.withdrawn import or_tombstone
from public.read_models.bulletin import RULES, released_quarters
from public.read_models.circular import get_bulletin_or_404
from public.read_models.data_dates import data_date, objections_until
from public.read_models.ledger import entry_line
from public.read_models.plans import published_plans
from public.read_models.publications import publication_page, revisions_of, tombstone_of
from public.read_models.release_days import release_calendar
from publishing.actions.year_ends import year_end_content
from publishing.models import Publication
from publishing.querysets.evidence import published_evidence
from publishing.read_models.year_ends import YearEndPage, year_end_page
from supervision.read_models.slips import withdrawn_slips_of
from tasks.models import Plan, Task
from tasks.read_models.changes import changes_of

BULLETINS = ("公报", "/quarters/")


def get_task_or_404(code: str) -> Task:
    """A task of a published plan."""
    return get_object_or_404(Task.objects.published().with_plan(), code=code)


def task_crumbs(task: Task) -> list[tuple[str, object]]:
    """The crumbs down to the task; an address may be found out only when it is shown."""
    return [
        PUBLIC_HOME,
        (task.plan.name, reverse("public:plan", args=[task.plan.slug])),
        (task.code, task.get_absolute_url()),
    ]


@login_not_required
@require_safe
def quarters(request: HttpRequest) -> HttpResponse:
    """The list of released quarters and the release calendar."""
    calendar = release_calendar(timezone.localdate())
    plans = published_plans()
    context = {
        "quarters": released_quarters(),
        "history_only": bool(plans) and all(plan.predates_portal for plan in plans),
        "calendar": calendar,
        "crumbs": [PUBLIC_HOME, ("公报", "")],
    }
    return render(request, "progress/quarters.html", context)


@login_not_required
@require_safe
def quarter(request: HttpRequest, quarter: str) -> HttpResponse:
    """The bulletin of one quarter, now or as of a past day."""
    year, index = map(int, quarter.split("-"))
    requested = get_as_of_or_404(request)
    page = get_bulletin_or_404(year, index, requested.day)
    crumbs = [PUBLIC_HOME, BULLETINS, (cn_quarter(year, index), "")]
    until = None if requested.day else objections_until(page.released_on, timezone.localdate())
    context = {
        "bulletin": page,
        "rules": RULES,
        "as_of": requested.since(page.released_on),
        "objections_until": until,
        "crumbs": crumbs,
    }
    return render(request, "progress/bulletin.html", context)


@login_not_required
@require_safe
@or_tombstone
def publication(request: HttpRequest, code: str, quarter: str, revision: str) -> HttpResponse:
    """One revision; 410 with its legal basis where it was taken down."""
    task = get_task_or_404(code)
    page = publication_page(task, *map(int, [*quarter.split("-"), revision]))
    if page is None:
        raise Http404
    crumbs = [*task_crumbs(task), (page.part.publication.period.label, "")]
    if page.part.publication.taken_down_at:
        context = {
            "row": page.part.publication,
            "current": page.current,
            "task": task,
            "crumbs": crumbs,
        }
        return render(request, "progress/taken_down.html", context, status=410)
    until = objections_until(local_day(page.current.published_at), timezone.localdate())
    context = {"page": page, "task": task, "objections_until": until, "crumbs": crumbs}
    return render(request, "progress/publication.html", context)


@login_not_required
@require_safe
@or_tombstone
def publication_json(_request: HttpRequest, code: str, quarter: str, revision: str) -> HttpResponse:
    """Exactly the text whose SHA-256 the page prints."""
    year, index = map(int, quarter.split("-"))
    rows = Publication.objects.filter(task__in=Task.objects.published(), task__code=code)
    row = get_object_or_404(rows.of_quarter(year, index), revision=revision)
    if row.taken_down_at:
        return HttpResponse(
            canonical(tombstone_of(row)), content_type="application/json", status=410
        )
    name = f"{code}-{quarter}-r{revision}.json"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-SHA256": row.sha256,
    }
    return HttpResponse(row.content, content_type="application/json", headers=headers)


@login_not_required
@require_safe
@or_tombstone
def history(request: HttpRequest, code: str) -> HttpResponse:
    """All publications and public changes of one task."""
    task = get_task_or_404(code)
    entries = Entry.objects.public().about("task", code).newest_first()
    context = {
        "task": task,
        "amended": changes_of(task),
        "revisions": revisions_of(task),
        "withdrawn_slips": withdrawn_slips_of(task),
        "changes": [entry_line(entry) for entry in entries],
        "dates": data_date([task.plan]),
        "crumbs": [*task_crumbs(task), ("历次公布与变更", "")],
    }
    return render(request, "progress/history.html", context)


def get_year_end_or_404(slug: str, year: int) -> YearEndPage:
    """The published year-end conclusions of a plan.

    Raises Http404 where there is no such plan or its year has none.
    """
    plan = get_object_or_404(Plan.objects.published().without_source_document(), slug=slug)
    if (page := year_end_page(plan, year)) is None:
        raise Http404
    return page


@login_not_required
@require_safe
@or_tombstone
def year_end(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    page = get_year_end_or_404(slug, year)
    crumbs = [
        PUBLIC_HOME,
        (page.plan.name, reverse("public:plan", args=[slug])),
        (f"{year}年度完成情况", ""),
    ]
    return render(request, "progress/year_end.html", {"page": page, "crumbs": crumbs})


@login_not_required
@require_safe
@or_tombstone
def year_end_json(_request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Exactly the text whose SHA-256 the page prints."""
    page = get_year_end_or_404(slug, year)
    headers = {
        "Content-Disposition": f'attachment; filename="{slug}-{year}-year-end.json"',
        "X-Content-SHA256": page.sha256,
    }
    content = year_end_content(page.plan, year, page.rows)
    return HttpResponse(content, content_type="application/json", headers=headers)


@login_not_required
@require_safe
@heavy_file
@or_tombstone
def year_end_xlsx(_request: HttpRequest, slug: str, year: int) -> FileResponse:
    return year_end_workbook(get_year_end_or_404(slug, year))


@login_not_required
@require_safe
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file that a release made public, or, for staff, one they may see; always as a download."""
    published = published_evidence().filter(pk=pk).first()
    visible = (
        Evidence.objects.visible_to(request.user)
        if request.user.is_authenticated
        else Evidence.objects.none()
    )
    file = published or get_object_or_404(visible, pk=pk)
    return upload_response(
        file.file, file.name, file.sha256, content_type=file.content_type, private=published is None
    )
