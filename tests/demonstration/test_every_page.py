"""Every page a visitor of the demonstration can reach: there, marked, and true to the record.

One database is asked: `test_whole.py` asks a page of each kind of the other one too.
"""

import hashlib
import io
import json
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from ledger.models import Entry
from publishing.models import Publication
from tasks.models import Responsibility, Task
from tests.fixtures.crawl import visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
LABEL = "按职能推定，未经确认"


def test_every_link_a_visitor_can_follow_is_answered(met):
    assert {address: page.status for address, page in met.items() if page.status >= 400} == {}
    assert len([address for address in met if re.fullmatch(r"/tasks/[\w-]+/", address)]) == 65


def test_every_page_says_that_it_is_a_demonstration_and_no_search_engine_keeps_any(met):
    ours = {address: page for address, page in met.items() if not address.startswith("/static/")}
    assert [
        address for address, page in ours.items() if page.headers.get("X-Robots-Tag") != "noindex"
    ] == []
    assert [
        address
        for address, page in ours.items()
        if page.is_page and 'class="demo-banner"' not in page.text
    ] == []


def test_every_frozen_line_can_be_downloaded_and_its_digest_stands_in_the_record(met):
    recorded = {
        json.loads(payload)["facts"]["sha256"]
        for payload in Entry.objects.filter(verb__in=["publish", "revise"]).values_list(
            "payload", flat=True
        )
    }
    rows = Publication.objects.readable().select_related("task", "period")
    files = {row.pk: met[f"{row.get_absolute_url()[:-1]}.json"].text for row in rows}
    digests = {pk: hashlib.sha256(text.encode()).hexdigest() for pk, text in files.items()}
    assert digests == {row.pk: row.sha256 for row in rows}
    assert set(digests.values()) == recorded - set(taken_down().values_list("sha256", flat=True))
    assert [row for row in rows if row.sha256 not in met[row.get_absolute_url()].text] == []


def taken_down():
    return Publication.objects.exclude(taken_down_at=None).select_related("task", "period")


def test_what_was_taken_down_leaves_its_law_and_its_digest_and_nothing_else(met):
    (row,) = taken_down()
    address = row.get_absolute_url()
    assert address not in met
    page, file = visit(Client(), address), visit(Client(), f"{address[:-1]}.json")
    assert (page.status, file.status) == (410, 410)
    assert row.taken_down_basis in page.text
    assert row.sha256 in page.text
    assert "问卷尚在汇总" not in page.text + file.text + met[row.task.get_absolute_url()].text


def test_a_line_that_was_followed_by_another_stays_and_points_to_it(met):
    old = Publication.objects.filter(is_current=False).readable().select_related("task", "period")
    assert old.count() >= 3
    for row in old:
        now = Publication.objects.current().get(task=row.task, period=row.period)
        assert "这是旧版" in met[row.get_absolute_url()].text
        assert now.get_absolute_url() in met[row.get_absolute_url()].text
        assert "这是旧版" not in met[now.get_absolute_url()].text


def test_an_owner_nobody_confirmed_carries_the_label_on_every_page_that_names_it(met):
    for code in {row.task.code for row in proposed()}:
        named = [row for row in proposed() if row.task.code == code]
        assert met[f"/tasks/{code}/"].text.count(LABEL) >= len(named), code
    for slug in {row.department.slug for row in proposed()}:
        assert LABEL in met[f"/departments/{slug}/"].text, slug
    lines = Publication.objects.filter(task__in={row.task for row in proposed()}).exclude(
        narrative=""
    )
    assert [
        row
        for row in lines
        if "说</h3>" in (page := met[row.get_absolute_url()].text) and LABEL not in page
    ] == []


def proposed() -> list[Responsibility]:
    rows = Responsibility.objects.in_force().filter(basis="proposed")
    return list(rows.select_related("task", "department"))


def test_an_owner_nobody_confirmed_carries_the_label_in_the_api_and_the_table(met, client):
    answers = client.get("/api/v1/tasks/", {"plan": "ap2017", "page_size": 200}).json()["results"]
    named = {
        (task["code"], unit["slug"]): unit["basis"]["label"]
        for task in answers
        for unit in task["departments"]
    }
    assert [row for row in proposed() if named[row.task.code, row.department.slug] != LABEL] == []
    sheet = load_workbook(
        io.BytesIO(b"".join(client.get("/tasks/export.xlsx").streaming_content))
    ).worksheets[0]
    lines = {
        str(row[0].value): "".join(str(cell.value) for cell in row) for row in sheet.iter_rows()
    }
    assert [row for row in proposed() if LABEL not in lines[row.task.code]] == []
    assert Task.objects.filter(plan__slug="ap2017").count() == 45
