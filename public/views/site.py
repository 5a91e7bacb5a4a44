"""The door: front page, search, what the portal is, and what machines ask of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from common.ui.components import TEXT_SIZES
from common.ui.crumbs import PUBLIC_HOME
from progress.choices import PUBLIC_TRAJECTORY
from progress.definitions import VERSION, VERSIONS
from progress.rules.verdicts import OVERALL_RULE
from public import words
from public.read_models.bulletin import quarter_now
from public.read_models.data_dates import data_date
from public.read_models.ledger import head
from public.read_models.news import newest_news
from public.read_models.plans import plan_cards, published_plans
from public.read_models.publications import newest_changes
from public.read_models.release_days import release_calendar
from public.read_models.search import search_results

ABOUT = ("关于", "/about/")
YEAR = 365 * 86400
CARDS = 6


@login_not_required
@require_safe
def home(request) -> HttpResponse:
    changes = newest_changes()
    context = {
        "cards": plan_cards(CARDS),
        "changes": changes,
        "news": [] if changes else newest_news(),
        "now": quarter_now(),
        "calendar": release_calendar(timezone.localdate()),
        "dates": data_date(published_plans()),
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def search(request) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:60]
    context = {"query": query, "results": search_results(query), "crumbs": [PUBLIC_HOME, ("搜索", "")]}
    return render(request, "search.html", context)


@login_not_required
@require_safe
def about(request) -> HttpResponse:
    context = {
        "axes": words.AXES,
        "steps": words.STEPS.items(),
        "trajectories": PUBLIC_TRAJECTORY.values(),
        "versions": list(VERSIONS)[::-1],
        "rule": [(when, pace.label) for when, pace, _ in OVERALL_RULE],
        "crumbs": [PUBLIC_HOME, ("关于", "")],
    }
    return render(request, "about/about.html", context)


@login_not_required
@require_safe
def definitions(request, version: str) -> HttpResponse:
    """What the words meant in a version, whatever they mean today."""
    if version not in VERSIONS:
        raise Http404
    crumbs = [PUBLIC_HOME, ABOUT, (f"词义 {version} 版", "")]
    context = {"version": version, "now": VERSION, "axes": words.meanings_of(version), "crumbs": crumbs}
    return render(request, "about/definitions.html", context)


@login_not_required
@require_safe
def about_page(request, name: str) -> HttpResponse:
    """One of the plain pages under /about/."""
    if name not in words.ABOUT_PAGES:
        raise Http404
    title = words.ABOUT_PAGES[name]
    context = {"title": title, "keep_days": settings.CONTACT_KEEP_DAYS, "crumbs": [PUBLIC_HOME, ABOUT, (title, "")]}
    return render(request, f"about/{name}.html", context)


@login_not_required
@require_safe
def site_map(request) -> HttpResponse:
    context = {"plans": published_plans(), "pages": words.ABOUT_PAGES, "crumbs": [PUBLIC_HOME, ("站点地图", "")]}
    return render(request, "about/site-map.html", context)


@login_not_required
@require_safe
def data(request) -> HttpResponse:
    plans = published_plans()
    context = {
        "plans": plans,
        "dates": data_date(plans),
        "entries": head()[0],
        "crumbs": [PUBLIC_HOME, ("数据下载", "")],
    }
    return render(request, "data.html", context)


@login_not_required
@require_safe
def text_size(request, size: str) -> HttpResponse:
    """Remembers the reader's choice and goes back to where it was made, never to another site."""
    if size not in dict(TEXT_SIZES):
        raise Http404
    back = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie("text_size", size, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@login_not_required
@require_safe
def robots(request) -> HttpResponse:
    closed = ["/"] if settings.DEMO else ["/staff/", "/admin/", "/feedback/track/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def healthz(request) -> JsonResponse:
    """Answers 200 only while the database answers; an unreachable one raises, and the answer is 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
