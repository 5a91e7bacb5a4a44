from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import uploaded
from common.text.canonical import canonical
from common.text.wording import cn_quarter
from common.time.days import local_day
from ledger.models import Entry
from progress.models import Evidence
from public.exports.year_end import year_end_sheet
from public.read_models.bulletin import RULES, bulletin, released_quarters
from public.read_models.data_dates import data_date, objections_until
from public.read_models.ledger import entry_line
from public.read_models.publications import publication_page, revisions_of, tombstone_of
from public.read_models.release_days import as_of, release_calendar
from publishing.actions.year_ends import year_end_content
from publishing.models import Publication
from publishing.querysets.evidence import published_evidence
from publishing.read_models.year_ends import YearEndPage, year_end_page
from tasks.models import Plan, Task
from tasks.read_models.changes import changes_of

HOME, BULLETINS = ("首页", "/"), ("公报", "/quarters/")


def public_task(code: str) -> Task:
    return get_object_or_404(Task.objects.published().with_plan(), code=code)


def crumbs_of(task: Task) -> list[tuple[str, str]]:
    return [HOME, (task.plan.name, reverse("public:plan", args=[task.plan.slug])), (task.code, task.get_absolute_url())]


@login_not_required
@require_safe
def quarters(request) -> HttpResponse:
    calendar = release_calendar(timezone.localdate())
    context = {"quarters": released_quarters(), "calendar": calendar, "crumbs": [HOME, ("公报", "")]}
    return render(request, "progress/quarters.html", context)


@login_not_required
@require_safe
def quarter(request, quarter: str) -> HttpResponse:
    year, index = map(int, quarter.split("-"))
    asked = as_of(request.GET.get("as_of", ""))
    found = bulletin(year, index, asked.day) if asked else None
    if found is None:
        raise Http404
    crumbs = [HOME, BULLETINS, (cn_quarter(year, index), "")]
    until = None if asked.day else objections_until(found.released_on, timezone.localdate())
    context = {"bulletin": found, "rules": RULES, "as_of": asked.since(found.released_on), "crumbs": crumbs}
    context["objections_until"] = until
    return render(request, "progress/bulletin.html", context)


@login_not_required
@require_safe
def publication(request, code: str, quarter: str, revision: str) -> HttpResponse:
    task = public_task(code)
    page = publication_page(task, *map(int, [*quarter.split("-"), revision]))
    if page is None:
        raise Http404
    crumbs = [*crumbs_of(task), (page.part.publication.period.label, "")]
    if page.part.publication.taken_down_at:
        down = {"row": page.part.publication, "current": page.current, "task": task, "crumbs": crumbs}
        return render(request, "progress/taken_down.html", down, status=410)
    until = objections_until(local_day(page.current.published_at), timezone.localdate())
    context = {"page": page, "task": task, "objections_until": until, "crumbs": crumbs}
    return render(request, "progress/publication.html", context)


@login_not_required
@require_safe
def publication_json(request, code: str, quarter: str, revision: str) -> HttpResponse:
    """Exactly the text whose SHA-256 the page prints."""
    year, index = map(int, quarter.split("-"))
    rows = Publication.objects.filter(task__in=Task.objects.published(), task__code=code)
    found = get_object_or_404(rows.of_quarter(year, index), revision=revision)
    if found.taken_down_at:
        return HttpResponse(canonical(tombstone_of(found)), content_type="application/json", status=410)
    name = f"{code}-{quarter}-r{revision}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": found.sha256}
    return HttpResponse(found.content, content_type="application/json", headers=headers)


@login_not_required
@require_safe
def history(request, code: str) -> HttpResponse:
    task = public_task(code)
    changes = [entry_line(entry) for entry in Entry.objects.public().about("task", code).newest_first()]
    crumbs = [*crumbs_of(task), ("历次公布与变更", "")]
    dates = data_date([task.plan])
    amended = changes_of(task)
    context = {
        "task": task,
        "amended": amended,
        "revisions": revisions_of(task),
        "changes": changes,
        "dates": dates,
        "crumbs": crumbs,
    }
    return render(request, "progress/history.html", context)


def year_closed(slug: str, year: int) -> YearEndPage:
    plan = get_object_or_404(Plan.objects.published().without_source_document(), slug=slug)
    if (page := year_end_page(plan, year)) is None:
        raise Http404
    return page


@login_not_required
@require_safe
def year_end(request, slug: str, year: int) -> HttpResponse:
    page = year_closed(slug, year)
    crumbs = [HOME, (page.plan.name, reverse("public:plan", args=[slug])), (f"{year}年度完成情况", "")]
    return render(request, "progress/year_end.html", {"page": page, "crumbs": crumbs})


@login_not_required
@require_safe
def year_end_json(request, slug: str, year: int) -> HttpResponse:
    """Exactly the text whose SHA-256 the page prints."""
    page = year_closed(slug, year)
    headers = {
        "Content-Disposition": f'attachment; filename="{slug}-{year}-year-end.json"',
        "X-Content-SHA256": page.sha256,
    }
    content = year_end_content(page.plan, year, page.rows)
    return HttpResponse(content, content_type="application/json", headers=headers)


@login_not_required
@require_safe
def year_end_xlsx(request, slug: str, year: int) -> FileResponse:
    return year_end_sheet(year_closed(slug, year))


@login_not_required
@require_safe
def evidence(request, pk: int) -> FileResponse:
    """What a release made public, to staff also what they may see; a download, never shown inside the site."""
    shown = published_evidence().filter(pk=pk).first()
    seen = Evidence.objects.visible_to(request.user) if request.user.is_authenticated else Evidence.objects.none()
    found = shown or get_object_or_404(seen, pk=pk)
    return uploaded(found.file, found.name, found.sha256, content_type=found.content_type, private=shown is None)
