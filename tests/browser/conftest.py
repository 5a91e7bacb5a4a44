"""A real browser against a live server. A page that complains, or asks another machine, fails its test."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

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
    """A file, because the threads of a live server would share one connection to a database in memory."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("browser") / "portal.sqlite3")


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
    """Fills while the page lives. That the page itself answers 403 or 404 is the test's business, not a complaint."""
    heard = []

    def on_console(message):
        if message.type == "error" and not message.text.startswith("Failed to load"):
            heard.append(f"console: {message.text}")

    def on_response(response):
        if response.status >= 400 and response.request.resource_type != "document":
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
    """open_page(width, height, javascript=True): a fresh browser profile; addresses are relative to the portal."""
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
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return enter
