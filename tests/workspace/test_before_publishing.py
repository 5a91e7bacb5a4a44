"""The last look before a quarter is public names what will happen and who answers for it."""

from html import unescape

import pytest
import time_machine

from progress.actions.reviews import return_report
from publishing.actions.releases import prepare_release
from publishing.models import Publication
from tests.fixtures import requests
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_5, moment

RELEASE = "/staff/releases/wp2013/2013-2/"
LAW = "《政府信息公开条例》第十四条"


@pytest.fixture
def last_look(client, office):
    """The section as a person reads it on 5 July."""

    def read(name: str) -> str:
        with time_machine.travel(JULY_5, tick=False):
            client.force_login(getattr(office.people, name))
            shown = unescape(source_of(client.get(RELEASE)))
        return shown.split("发布前最后核对")[1].split("</section>")[0]

    return read


def test_the_last_look_at_a_release_counts_lines_and_names_who_prepared_and_approved(
    last_look, office
):
    office.verify(office.submit())
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    office.approve(office.prepare())
    shown = last_look("publisher")
    assert "2 项承诺中，公布进展 1 项" in shown
    assert "赵督查 2013-07-16 10:00 准备" in shown
    assert "区府办主任，2013年7月16日" in shown
    assert f'{RELEASE}publish/">发布这 2 项</button>' in shown


def test_the_last_look_at_a_release_names_each_withheld_line_with_its_basis(last_look, office):
    office.prepare(withheld={office.white_paper.task.pk: LAW})
    assert (
        f'全面落实安全生产责任制 <span class="code">wp2013-18</span>：{LAW}，2014年7月1日再审查'
        in last_look("leader")
    )


def test_the_last_look_at_a_release_names_reports_that_may_still_be_filed(last_look, closed):
    requests.unlock(closed, at=JULY_5, reason="系统故障")
    prepare(closed)
    shown = last_look("publisher")
    assert "单项开放到2013年7月10日" in shown
    assert "以后报送的补充公布" in shown


@pytest.mark.parametrize("signing", [True, False])
def test_the_last_look_at_a_release_names_a_returned_report_that_may_come_again(
    last_look, office, signing
):
    report = office.submit()
    return_report(report=report, reason="缺数据", by=office.people.supervisor, at=JULY_5)
    if signing:
        sent = {"sent_at": JULY_5, "sent_by": office.people.reporter}
        office.period.reports.update(status="signing", **sent)
    prepare(shut(office))
    shown = last_look("publisher")
    assert "wp2013-18</span>：退回修改中，改好可以再报" in shown
    assert "没有正在延期" not in shown


def test_the_last_look_at_a_release_names_requests_for_more_time_without_an_answer(
    last_look, office
):
    requests.ask(office, at=JULY_5)
    prepare(shut(office))
    shown = last_look("publisher")
    assert "申请延期到2013年7月19日，还没有答复" in shown
    assert "没有正在延期" not in shown


@pytest.mark.parametrize("unlocked", [True, False])
def test_the_last_look_at_a_release_waits_for_no_report_filed_or_without_extension(
    last_look, closed, unlocked
):
    if unlocked:
        requests.unlock(closed, at=JULY_5, reason="系统故障")
        closed.submit()
    prepare(closed)
    assert "没有正在延期或单项开放的" in last_look("publisher")


@pytest.fixture
def closed(office):
    return shut(office)


def shut(office):
    office.period.state = "closed"
    office.period.save()
    return office


def prepare(office) -> None:
    arguments = {"withheld": {}, "rest_public": True, "by": office.people.supervisor, "at": JULY_5}
    prepare_release(period=office.period, **arguments)


def test_the_last_look_at_a_release_has_no_button_without_an_approval(last_look, office):
    office.prepare()
    shown = last_look("publisher")
    assert "还没有登记批准人，不能发布" in shown
    assert f"{RELEASE}publish/" not in shown
    assert not Publication.objects.exists()


def test_the_last_look_at_a_release_has_no_button_for_whoever_only_reads(last_look, office):
    office.approve(office.prepare())
    assert "<button" not in last_look("leader")
    assert f"{RELEASE}publish/" not in last_look("supervisor")


def test_every_line_stands_in_one_list_and_what_lacks_something_comes_first(client, office):
    office.submit()
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    with time_machine.travel(moment("2013-07-06T09:00:00")):
        client.force_login(office.people.supervisor)
        shown = client.get(RELEASE).content.decode()
    assert shown.count('<span class="code">wp2013-101</span>') == 1
    assert shown.count('<span class="code">wp2013-18</span>') == 1
    assert shown.index("<summary>待报送 1 项") < shown.index("<summary>公布进展 1 项")
