"""A real browser against a live server.

A page that complains, or asks another machine, fails its test.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from departments.actions import load_calendar
from departments.models import Department, Membership, Role, User
from departments.rules.holidays import built_in_years, official_days
from ledger.actions import Actor
from progress.actions.periods import generate_periods, open_period
from progress.models import ReportingPeriod
from tasks.models import Plan
from tests.browser.report_form import FORM
from tests.fixtures.database import folder_of_run, one_at_a_time

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

STAFF = {
    "reporter": ("城管局", Role.REPORTER),
    "trainer": ("安监局", Role.REPORTER),
    "promoter": ("经促局", Role.REPORTER),
    "supervisor": ("督查室", Role.SUPERVISOR),
    "other_supervisor": ("监察局", Role.SUPERVISOR),
    "publisher": ("区府办", Role.PUBLISHER),
    "clerk": ("区府办", Role.CLERK),
}
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A file, because the threads of a live server would share one connection
    to a database in memory.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("browser") / "portal.sqlite3")


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Started when the database is there: a server that found one in memory would share our
    connection with the threads of all its requests.
    """
    return live_server


@pytest.fixture(autouse=True)
def telephone(monkeypatch) -> None:
    """A site takes letters only where it names one."""
    monkeypatch.setitem(settings.SITE, "telephone", "0755-12345678")


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(f"none of these is installed: {', '.join(NAMES)}", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def complaints(page, origin: str) -> list[str]:
    """Fills while the page lives.

    What the page itself or its script is answered is the test's business.
    """
    heard = []

    def on_console(message):
        if message.type == "error" and not message.text.startswith("Failed to load"):
            heard.append(f"console: {message.text}")

    def on_response(response):
        if response.status >= 400 and response.request.resource_type not in {"document", "fetch"}:
            heard.append(f"{response.status} for {response.url}")

    def on_request(request):
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"} and f"{url.scheme}://{url.netloc}" != origin:
            heard.append(f"asks {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("request", on_request)
    page.on("response", on_response)
    return heard


def settle(context) -> None:
    """A round trip to each page, so that what it had to say has arrived."""
    for page in context.pages:
        page.wait_for_load_state("networkidle")
        page.evaluate("0")


@pytest.fixture
def open_page(chromium, live_server):
    """open_page(width, height, javascript=True): a fresh browser profile;
    addresses are relative to the portal.
    """
    opened = []

    def open_one(width, height, *, javascript=True):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id=settings.TIME_ZONE,
        )
        page = context.new_page()
        page.scripts = javascript
        page.set_default_timeout(10_000)
        opened.append((context, complaints(page, live_server.url)))
        return page

    yield open_one
    for context, _ in opened:
        settle(context)
        context.close()
    heard = [complaint for _, complaints in opened for complaint in complaints]
    assert heard == []


@pytest.fixture
def page(open_page):
    return open_page(1280, 900)


@pytest.fixture
def phone_page(open_page):
    return open_page(360, 740)


@pytest.fixture
def sign_in(live_server):
    """sign_in(page, user): past the door without walking through it; one test walks."""

    def enter(page, user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return enter


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    """built_once(name, build): builds it in the empty database once in a run.

    From then on what was built is copied. PostgreSQL, which has no such copies, builds every time.
    """
    folder = folder_of_run(tmp_path_factory)

    def fill(name: str, build: Callable[[], object]) -> None:
        connection.ensure_connection()
        if connection.vendor != "sqlite":
            build()
            return
        built = folder / f"{name}.sqlite3"
        with one_at_a_time(folder):
            if not built.exists():
                build()
                with closing(sqlite3.connect(built)) as copy:
                    connection.connection.backup(copy)
                return
        with closing(sqlite3.connect(built)) as copy:
            copy.backup(connection.connection)

    return fill


@pytest.fixture
def office(transactional_db, built_once) -> SimpleNamespace:
    """Both documents as a real site has them, the paper tracked from 2013,
    and one person a desk.
    """
    built_once("office", furnish)
    return SimpleNamespace(**{user.username: user for user in User.objects.all()})


def furnish() -> None:
    call_command("import_departments", settings.FIXTURES / "departments.csv", verbosity=0)
    load_calendars(timezone.localdate().year)
    for document in settings.SITE["documents"]:
        call_command(
            "import_plan", settings.FIXTURES / document["file"], slug=document["slug"], verbosity=0
        )
    Plan.objects.update(state="published")
    Plan.objects.filter(slug="wp2013").update(tracked_from=date(2013, 1, 1))
    for username, (unit, role) in STAFF.items():
        user = User.objects.create(username=username, name=f"{unit}{Role(role).label}")
        Membership.objects.create(
            user=user, department=Department.objects.get(short_name=unit), role=role
        )


def load_calendars(this: int) -> None:
    """The years of the paper, `this` year and the next: a quarter opened today may be due in it."""
    for year in (2013, 2014, this, this + 1):
        days, source = official_days(year, "" if year in built_in_years() else "01-01")
        load_calendar(year=year, days=days, source=source, by=Actor(), at=timezone.now())


@pytest.fixture
def desk(open_page, sign_in, office):
    """desk("clerk"): that person's own window, signed in."""

    def enter(username: str):
        window = open_page(1280, 900)
        sign_in(window, getattr(office, username))
        return window

    return enter


@pytest.fixture
def second_quarter(office) -> ReportingPeriod:
    """Of 2013, opened today: what is filed in it is 追溯填报."""
    plan, by, at = Plan.objects.get(slug="wp2013"), office.supervisor, timezone.now()
    generate_periods(plan=plan, by=by, at=at)
    return open_period(period=plan.periods.get(index=2), by=by, at=at, on=timezone.localdate())


@pytest.fixture
def report_form(desk, second_quarter):
    """The page of one report, in the window of its reporter."""
    window = desk("promoter")
    window.goto(FORM)
    return window
