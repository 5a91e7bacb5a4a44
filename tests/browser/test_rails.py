"""The browser's rails hold: a page that complains fails, barriers and overflow are seen."""

import pytest
from django.http import HttpResponse
from django.urls import path

from tests.browser.checks import barriers, overflow
from tests.browser.conftest import complaints, settle

PAGES = {
    "good": "<html lang='zh-CN'><title>好</title><main><h1>您好</h1></main></html>",
    "wide": "<html lang='zh-CN'><title>宽</title><pre>" + "长" * 200 + "</pre></html>",
    "mute": "<html><title>无</title><img src='/mark.svg'></html>",
    "broken": "<html lang='zh-CN'><title>错</title><link rel='stylesheet' href='/none.css'></html>",
    "inline": "<html lang='zh-CN'><title>内</title><p style='color:red'>红</p></html>",
    "foreign": "<html lang='zh-CN'><title>外</title><img alt='外' src='http://127.0.0.1:9/x.png'></html>",
}


def shown(name):
    """A view that shows one of the made-up pages to everybody."""

    def view(request):
        return HttpResponse('<link rel="icon" href="/static/img/mark.svg">' + PAGES[name])

    view.login_required = False
    return view


urlpatterns = [path(f"{name}/", shown(name)) for name in PAGES]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def watched(chromium, live_server):
    """A page whose complaints are handed over instead of failing the test."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    yield page, complaints(page, live_server.url)
    context.close()


def test_the_browser_fixture_passes_a_good_page_on_a_phone(phone_page):
    phone_page.goto("/good/")
    assert barriers(phone_page) == []
    assert overflow(phone_page) == 0


def test_the_browser_fixture_reads_a_page_without_scripts(open_page):
    plain = open_page(360, 740, javascript=False)
    plain.goto("/good/")
    assert plain.get_by_role("heading").inner_text() == "您好"


def test_the_browser_fixture_notices_a_page_wider_than_the_phone(phone_page):
    phone_page.goto("/wide/")
    assert overflow(phone_page) > 0


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("broken", "/none.css"),
        ("inline", "Content Security Policy"),
        ("foreign", "asks http://127.0.0.1:9"),
    ],
)
def test_the_browser_fixture_hears_a_page_that_complains(name, complaint, watched):
    page, heard = watched
    page.goto(f"/{name}/")
    settle(page.context)
    assert any(complaint in line for line in heard)


def test_the_browser_fixture_notices_a_barrier(watched):
    watched[0].goto("/mute/")
    assert any(line.startswith("image-alt") for line in barriers(watched[0]))
