"""Plain names and sentences stand first where people read, never as the document's."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from ledger.actions import Actor
from tasks.actions.plans import PlainWords, publish_plan, save_plain_words
from tasks.models import Plan, Task
from tests.fixtures.page_text import text_of
from tests.fixtures.sources import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The plan as a clone imports it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_plan", PLAN, stdout=StringIO())
        publish_plan(plan=Plan.objects.get(), by=Actor(), at=timezone.now())
        yield
        transaction.set_rollback(True)


def test_a_task_page_begins_with_plain_words_and_the_printed_title_right_below(site, client):
    task = Task.objects.get(code="ap2017-33")
    html = client.get(task.get_absolute_url()).content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["公厕改造和新建"]
    assert f'<meta name="description" content="{task.summary}">' in html
    assert '<meta property="og:title" content="公厕改造和新建">' in html
    page = re.sub(r"\s", "", text_of(client.get(task.get_absolute_url())))
    begin = f"公厕改造和新建文件标题：{task.title}"
    assert page.index(begin) < page.index(task.summary) < page.index("承诺原文")
    assert page.count("名称和说明：本平台编写，非文件原文") == 1


@pytest.mark.parametrize("address", ["/tasks/?q=公厕", "/plans/ap2017/", "/search/?q=公厕"])
def test_a_list_of_tasks_names_them_plainly_and_says_once_whose_words_these_are(
    address, site, client
):
    task = Task.objects.get(code="ap2017-33")
    response = client.get(address)
    assert f'<a href="{task.get_absolute_url()}">公厕改造和新建</a>' in response.content.decode()
    assert task.summary in text_of(response)
    assert text_of(response).count("本平台编写，非文件原文") == 1


@pytest.mark.parametrize("address", ["/tasks/?q=公厕", "/plans/ap2017/", "/search/?q=公厕"])
def test_a_task_without_plain_words_keeps_its_printed_title(address, site, client):
    Task.objects.update(plain_name="", summary="", summary_by="")
    task = Task.objects.get(code="ap2017-33")
    html = client.get(address).content.decode()
    assert f'<a href="{task.get_absolute_url()}">{task.title}</a>' in html
    assert "非文件原文" not in html
    page = client.get(task.get_absolute_url()).content.decode()
    assert f"<h1>{task.title}</h1>" in page
    assert "文件标题" not in page


def test_the_api_gives_the_plain_name_beside_the_printed_title(site, client):
    task = client.get("/api/v1/tasks/ap2017-33/").json()
    assert (task["plain_name"], task["title"]) == ("公厕改造和新建", "高效开展“公厕革命”")


def test_a_search_finds_a_task_by_its_plain_words(site, client):
    assert "环境卫生和垃圾分类" not in Task.objects.get(code="ap2017-34").search_text
    html = client.get("/search/?q=环境卫生和垃圾分类").content.decode()
    assert 'href="/tasks/ap2017-34/"' in html


def test_the_newest_changes_are_not_our_own_words(site, client):
    task = Task.objects.get(code="ap2017-33")
    by = Actor("3", "督查室", "督查员")
    save_plain_words([PlainWords(task, "公厕", "公厕要更好。")], by=by, at=timezone.now())
    assert "写通俗名称和一句话说明" not in client.get("/").content.decode()
