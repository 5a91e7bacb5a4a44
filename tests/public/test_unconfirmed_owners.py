"""An owner who is only our proposal: nowhere in public,
in the demonstration never without its label.
"""

import re

import pytest

from progress.definitions import VERSIONS
from progress.models import ReportingPeriod
from publishing.models import Publication
from tasks.models import Responsibility
from tests.fixtures.crawl import crawl, visit
from tests.fixtures.site import PUBLIC
from tests.fixtures.site_quarters import attach

UNIT, LABEL, DESIGNATED = "安监局", "按职能推定，未经确认", "由督查室指定"
TASK, API = "/tasks/wp2013-18/", "/api/v1/tasks/wp2013-18/"
# The list of all units is no statement about who answers for what.
LISTS_OF_UNITS = re.compile(r"<select name=\"department\".*?</select>", re.DOTALL)
ABOUT_UNITS = ("/departments/", "/api/v1/departments/", "/static/")


@pytest.fixture
def filed(office):
    """The only owner of the task is a proposal; it has filed all the same,
    with a paper that is public.
    """
    office.white_paper.task.responsibilities.update(basis="proposed", kind="lead", order=1)

    def release(*, demo: bool) -> Publication:
        ReportingPeriod.objects.update(demonstration=demo)
        office.period.refresh_from_db()
        report = office.save()
        attach(office, report, is_public=True)
        office.verify(office.submit(version=report.version))
        office.publish()
        return Publication.objects.get()

    return release


@pytest.fixture
def read(client):
    """Everything a visitor meets about promises: address -> words."""

    def words() -> dict[str, str]:
        met = crawl(client, *PUBLIC, API)
        return {
            address: LISTS_OF_UNITS.sub("", page.text)
            for address, page in met.items()
            if not address.startswith(ABOUT_UNITS)
        }

    return words


def test_a_real_site_never_names_an_unconfirmed_owner_even_after_it_has_filed(filed, read):
    row = filed(demo=False)
    shown = read()
    assert {
        f"{row.get_absolute_url()}",
        TASK,
        f"{TASK}history/",
        "/quarters/2013-2/",
        API,
    } <= shown.keys()
    assert [address for address, words in shown.items() if UNIT in words] == []
    explained = {"/about/", *(f"/about/definitions/{version}/" for version in VERSIONS)}
    assert {address for address, words in shown.items() if LABEL in words} <= explained
    assert "待确认" in shown[TASK]
    assert "责任单位（待确认）" in row.content
    assert UNIT not in row.content


def test_a_real_site_gives_a_task_of_an_unconfirmed_owner_to_nobody(filed, client):
    filed(demo=False)
    assert "没有已公开确认由这个单位负责的承诺" in visit(client, "/departments/anjianju/").text
    assert client.get("/api/v1/tasks/?department=anjianju").json()["count"] == 0


def test_the_demonstration_always_names_an_unconfirmed_owner_with_its_label(filed, read, settings):
    settings.DEMO = True
    row = filed(demo=True)
    naming = {address: words for address, words in read().items() if UNIT in words}
    assert {TASK, row.get_absolute_url(), API, "/tasks/export.xlsx"} <= naming.keys()
    assert [address for address, words in naming.items() if LABEL not in words] == []
    assert f"{UNIT}（{LABEL}）" in row.content


def confirm(client, people, **typed):
    client.force_login(people.supervisor)
    client.post("/staff/responsibilities/", typed)
    client.logout()


@pytest.mark.parametrize("which", ["one", "all"])
def test_an_owner_once_confirmed_is_named_everywhere_with_the_new_authority(
    which, filed, office, people, client, read
):
    task = office.white_paper.task
    Responsibility.objects.filter(task=task).update(basis="proposed", kind="lead")
    confirm(client, people, **({"tasks": [task.pk]} if which == "one" else {"plan": "wp2013"}))
    shown = read()
    for address in (TASK, API, "/tasks/export.xlsx"):
        assert UNIT in shown[address]
        assert DESIGNATED in shown[address]
        assert LABEL not in shown[address]
    assert DESIGNATED in visit(client, "/departments/anjianju/").text
