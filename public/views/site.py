"""The front page, search, the pages about the portal, and the addresses for machines."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from common.ui.crumbs import PUBLIC_HOME
from common.ui.page_components import TEXT_SIZES
from progress.choices import PUBLIC_TRAJECTORY
from progress.definitions import VERSION, VERSIONS
from progress.rules.verdicts import OVERALL_RULE
from public import glossary
from public.read_models.bulletin import newest_quarter
from public.read_models.data_dates import data_date
from public.read_models.ledger import head
from public.read_models.news import newest_news
from public.read_models.plans import plan_cards, published_plans
from public.read_models.publications import newest_changes
from public.read_models.release_days import release_calendar
from public.read_models.search import search_results

ABOUT = ("关于", "/about/")
YEAR_IN_SECONDS = 365 * 86400
HOME_PLANS = 6


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    changes, cards = newest_changes(), plan_cards(HOME_PLANS)
    context = {
        "cards": cards,
        "history_only": all(card.plan.predates_portal for card in cards),
        "changes": changes,
        "news": [] if changes else newest_news(),
        "now": newest_quarter(),
        "calendar": release_calendar(timezone.localdate()),
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:60]
    context = {
        "query": query,
        "results": search_results(query),
        "crumbs": [PUBLIC_HOME, ("搜索", "")],
    }
    return render(request, "search.html", context)


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "axes": glossary.AXES,
        "steps": glossary.STEPS.items(),
        "trajectories": PUBLIC_TRAJECTORY.values(),
        "versions": list(VERSIONS)[::-1],
        "rule": [(when, pace.label) for when, pace, _ in OVERALL_RULE],
        "crumbs": [PUBLIC_HOME, ("关于", "")],
    }
    return render(request, "about/about.html", context)


@login_not_required
@require_safe
def definitions(request: HttpRequest, version: str) -> HttpResponse:
    """The meanings of the status words in one version, as they were frozen."""
    if version not in VERSIONS:
        raise Http404
    crumbs = [PUBLIC_HOME, ABOUT, (f"词义 {version} 版", "")]
    context = {
        "version": version,
        "now": VERSION,
        "axes": glossary.frozen_meanings(version),
        "crumbs": crumbs,
    }
    return render(request, "about/definitions.html", context)


@login_not_required
@require_safe
def about_page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the plain pages under /about/."""
    if name not in glossary.ABOUT_PAGES:
        raise Http404
    title = glossary.ABOUT_PAGES[name]
    context = {
        "title": title,
        "keep_days": settings.CONTACT_KEEP_DAYS,
        "crumbs": [PUBLIC_HOME, ABOUT, (title, "")],
    }
    return render(request, f"about/{name}.html", context)


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    context = {
        "plans": published_plans(),
        "pages": glossary.ABOUT_PAGES,
        "crumbs": [PUBLIC_HOME, ("站点地图", "")],
    }
    return render(request, "about/site-map.html", context)


@login_not_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
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
def text_size(request: HttpRequest, size: str) -> HttpResponse:
    """Remembers the text size and returns to the page it was chosen on, never to another site."""
    if size not in dict(TEXT_SIZES):
        raise Http404
    address = request.GET.get("next", "/")
    is_safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(address if is_safe else "/")
    response.set_cookie(
        "text_size",
        size,
        max_age=YEAR_IN_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response


@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Keeps robots out of the pages that are not for them; out of everything in a demonstration."""
    closed = ["/"] if settings.DEMO else ["/staff/", "/admin/", "/feedback/track/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
