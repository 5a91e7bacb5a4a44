"""年终结论: a person's last word on each promise of a year, published once and for good."""

import hashlib
import json
from datetime import date
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from common.errors import Refused
from departments.models import Membership, Role
from ledger.models import Entry
from progress.models import ReportingPeriod
from publishing.actions.year_ends import (
    Closing,
    has_ended,
    prepare_year_end,
    publish_year_end,
    year_end_digest,
    year_ends_of,
)
from publishing.models import YearEnd
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import moment

pytestmark = pytest.mark.both

JANUARY = moment("2014-01-20T10:00:00")
SHEET, PAGE = "/staff/year-end/wp2013/2013/", "/plans/wp2013/year-end/2013/"
PARTLY = Closing("partly", "少培训200人次。", "关于2013年完成情况的报告")


@pytest.fixture
def year(office):
    """A year of three promises, of which the first was reported on, assessed and released;
    January 2014.
    """
    office.verify(office.submit())
    office.publish()
    others = more_tasks(office.white_paper, office.units["chengguanju"], 2)
    with time_machine.travel(JANUARY, tick=False):
        yield [office.white_paper.task, *others]


def prepare(office, closings, *, by=None, at=JANUARY):
    by = by or office.people.supervisor
    return prepare_year_end(
        plan=office.white_paper.plan, year=2013, closings=closings, by=by, at=at
    )


def publish(office, *, seen=None, by=None):
    rows = list(year_ends_of(office.white_paper.plan, 2013))
    seen = seen or year_end_digest(office.white_paper.plan, 2013, rows)
    by = by or office.people.publisher
    return publish_year_end(plan=office.white_paper.plan, year=2013, seen=seen, by=by, at=JANUARY)


def close(office, year):
    prepare(
        office,
        dict(zip(year, [PARTLY, Closing("done"), Closing("exceeded", "多建一座。")], strict=True)),
    )
    return publish(office)


def test_all_year_end_conclusions_are_published_by_one_action_and_recorded(office, year):
    close(office, year)
    assert set(YearEnd.objects.values_list("published_by__username", flat=True)) == {"publisher"}
    entries = Entry.objects.public().filter(verb="publish_year_end")
    assert [entry.subject_id for entry in entries] == [
        "wp2013-18",
        "wp2013-101",
        "wp2013-102",
        "wp2013",
    ]
    facts = json.loads(entries[0].payload)["facts"]
    assert facts == {"year": 2013, "verdict": "partly", "demonstration": False}
    assert not Entry.objects.public().filter(verb="prepare_year_end").exists()


@pytest.mark.parametrize(
    ("verdict", "reason", "document", "wants"),
    [
        ("done", "", "", set()),
        ("exceeded", "", "", {"reason"}),
        ("exceeded", "多建一座。", "", set()),
        ("partly", "", "", {"reason", "document"}),
        ("not_done", "没有做。", "", {"document"}),
        ("done_changed", "", "批复", {"reason"}),
        ("ended", "改址。", "批复", set()),
    ],
)
def test_a_verdict_comes_with_its_reason_and_its_document(verdict, reason, document, wants):
    assert Closing(verdict, reason, document).missing().keys() == wants


def test_a_year_end_conclusion_without_its_document_is_refused(office, year):
    with pytest.raises(Refused, match="请写明依据文件"):
        prepare(office, {year[0]: Closing("ended", "改址。")})
    assert not YearEnd.objects.exists()


def test_no_promise_is_concluded_before_the_year_is_over(office, year):
    with pytest.raises(Refused, match="还没有结束"):
        prepare(office, {year[1]: Closing("done")}, at=moment("2013-12-31T10:00:00"))


def test_no_year_end_is_published_while_a_promise_or_a_quarter_is_missing(office, year):
    prepare(office, {year[0]: PARTLY})
    with pytest.raises(Refused, match="还有 2 项没有结论：wp2013-101、wp2013-102"):
        publish(office)
    prepare(office, {year[1]: Closing("done"), year[2]: Closing("done")})
    ReportingPeriod.objects.update(state="closed", released_at=None)
    with pytest.raises(Refused, match="先公布各季进展"):
        publish(office)
    assert not YearEnd.objects.filter(published_at__isnull=False).exists()


def test_a_published_year_end_is_not_changed_any_more(office, year):
    close(office, year)
    with pytest.raises(Refused, match="不再改动"):
        prepare(office, {year[0]: Closing("done")})
    with pytest.raises(Refused, match="不再改动"):
        publish(office)


def test_a_year_end_is_drawn_up_and_published_by_two_persons(office, year, settings):
    everything = dict.fromkeys(year, Closing("done"))
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["qufuban"], role=Role.PUBLISHER
    )
    prepare(office, everything)
    with pytest.raises(Refused, match="两个人"):
        publish(office, by=office.people.supervisor)
    settings.TWO_PERSON_RELEASE = False
    publish(office, by=office.people.supervisor)
    assert not YearEnd.objects.exclude(two_persons=False).exists()


def test_a_year_end_changed_after_it_was_read_is_not_published(office, year):
    prepare(office, dict.fromkeys(year, Closing("done")))
    seen = year_end_digest(
        office.white_paper.plan, 2013, list(year_ends_of(office.white_paper.plan, 2013))
    )
    prepare(office, {year[0]: PARTLY})
    with pytest.raises(Refused, match="又有改动"):
        publish(office, seen=seen)


def test_nobody_concludes_on_a_promise_of_their_own_unit(office, year, client):
    own = office.people.other_supervisor
    Membership.objects.create(user=own, department=office.units["anjianju"], role=Role.REPORTER)
    with pytest.raises(Refused, match="回避"):
        prepare(office, {year[0]: Closing("done")}, by=own)
    client.force_login(own)
    page = client.get(SHEET).content.decode()
    assert f'name="v{year[0].pk}"' not in page
    assert f'name="v{year[1].pk}"' in page
    client.post(f"{SHEET}prepare/", {f"v{year[0].pk}": "done"})
    assert not YearEnd.objects.exists()


def test_through_the_pages_one_person_draws_up_and_another_publishes(office, year, client):
    client.force_login(office.people.supervisor)
    sheet = client.get(SHEET).content.decode()
    assert "第二季度" in sheet
    assert "第二季度 安全生产公共培训 4000 / 4000 人次" in sheet
    first, second, third = (task.pk for task in year)
    typed = {
        f"v{first}": "partly",
        f"r{first}": "少200人次",
        f"v{second}": "done",
        f"r{third}": "忘了选",
    }
    wrong = client.post(f"{SHEET}prepare/", typed).content.decode()
    assert "结论为“部分完成”，请写明依据文件。" in wrong
    assert "wp2013-102 请选择结论。" in wrong
    assert "少200人次" in wrong
    assert wrong.count('<details class="fold" open>') == 2
    shown = as_shown(**{f"v{second}": "done", f"r{second}": "", f"d{second}": ""})
    right = typed | shown | {f"d{first}": "年度报告", f"v{third}": "exceeded"}
    assert client.post(f"{SHEET}prepare/", right).status_code == 302
    client.force_login(office.people.publisher)
    sheet = client.get(SHEET)
    assert "保存结论" not in sheet.content.decode()
    assert client.post(f"{SHEET}publish/", {"seen": sheet.context["digest"]}).status_code == 302
    assert YearEnd.objects.filter(published_at__isnull=False).count() == 3
    assert "已公布，不再改动" in client.get(SHEET).content.decode()


def as_shown(**now) -> dict:
    """What a page sends back of the fields nobody typed in: what stood there, twice."""
    return {f"initial-{name}": word for name, word in now.items()} | now


def test_a_faulty_row_keeps_no_sound_one_from_being_saved_and_is_named(office, year, client):
    client.force_login(office.people.supervisor)
    first, second, third = (task.pk for task in year)
    typed = as_shown(**dict.fromkeys([f"v{first}", f"v{second}", f"r{third}"], ""))
    typed |= {f"v{first}": "partly", f"v{second}": "done", f"r{third}": "忘了选"}
    wrong = client.post(f"{SHEET}prepare/", typed).content.decode()
    assert "已保存 1 项结论；还有 2 项没有保存，请改正后再保存：wp2013-18、wp2013-102。" in wrong
    assert dict(YearEnd.objects.values_list("task", "verdict")) == {second: "done"}
    assert f'name="initial-v{second}" value="done"' in wrong
    assert "忘了选" in wrong
    again = client.post(f"{SHEET}prepare/", typed | {f"initial-v{second}": "done"})
    assert "刚才有人保存过" not in again.content.decode()
    assert Entry.objects.filter(verb="prepare_year_end").count() == 1


def test_a_folded_promise_shows_what_was_last_published_of_it(office, year, client):
    client.force_login(office.people.supervisor)
    folds = client.get(SHEET).content.decode().split('<details class="fold">')[1:]
    summaries = [fold.split("</summary>")[0] for fold in folds]
    assert ["第二季度" in words for words in summaries] == [True, False, False]
    assert "正常推进" in summaries[0]


def test_each_promise_is_folded_under_its_verdict(office, year, client):
    prepare(office, {year[0]: PARTLY})
    client.force_login(office.people.supervisor)
    folds = client.get(SHEET).content.decode().split('<details class="fold">')[1:]
    summaries = [fold.split("</summary>")[0] for fold in folds]
    assert ["部分完成" in words for words in summaries] == [True, False, False]
    assert ["还没有结论" in words for words in summaries] == [False, True, True]


def test_an_untouched_row_stays_under_the_colleagues_name(office, year, client):
    prepare(office, {year[0]: Closing("done")}, by=office.people.other_supervisor)
    client.force_login(office.people.supervisor)
    client.post(
        f"{SHEET}prepare/", as_shown(**{f"v{year[0].pk}": "done"}) | {f"v{year[1].pk}": "done"}
    )
    assert list(YearEnd.objects.values_list("prepared_by__username", flat=True)) == [
        "other_supervisor",
        "supervisor",
    ]


def test_a_page_opened_earlier_does_not_put_back_what_a_colleague_decided_meanwhile(
    office, year, client
):
    first, second, _ = (task.pk for task in year)
    prepare(
        office, {year[0]: Closing("exceeded", "多培训一千人。")}, by=office.people.other_supervisor
    )
    client.force_login(office.people.supervisor)
    old = as_shown(**{f"v{first}": "", f"r{first}": "", f"d{first}": ""})
    assert client.post(f"{SHEET}prepare/", old | {f"v{second}": "done"}).status_code == 302
    assert dict(YearEnd.objects.values_list("task", "verdict")) == {
        first: "exceeded",
        second: "done",
    }


def test_two_conclusions_on_one_promise_are_reported_before_either_is_overwritten(
    office, year, client
):
    verdict = f"v{year[0].pk}"
    client.force_login(office.people.supervisor)
    assert f'name="initial-{verdict}"' in client.get(SHEET).content.decode()
    prepare(
        office, {year[0]: Closing("exceeded", "多培训一千人。")}, by=office.people.other_supervisor
    )
    typed = {f"initial-{verdict}": "", verdict: "done"}
    again = client.post(f"{SHEET}prepare/", typed)
    assert "wp2013-18 刚才有人保存过，现在是“超额完成”。" in again.content.decode()
    assert f'name="initial-{verdict}" value="exceeded"' in again.content.decode()
    assert (
        client.post(f"{SHEET}prepare/", typed | {f"initial-{verdict}": "exceeded"}).status_code
        == 302
    )
    assert YearEnd.objects.get().verdict == "done"


def test_the_public_reads_counts_in_words_reasons_and_documents(office, year, client):
    assert client.get(PAGE).status_code == 404
    prepare(office, {year[0]: PARTLY})
    assert client.get(PAGE).status_code == 404
    close(office, year)
    page = client.get(PAGE).content.decode()
    assert "3 项承诺中，完成 1 项，超额完成 1 项，部分完成 1 项。" in page
    assert "少培训200人次。" in page
    assert "依据：关于2013年完成情况的报告" in page
    assert PAGE in client.get("/plans/wp2013/").content.decode()
    task = client.get("/tasks/wp2013-18/").content.decode()
    assert task.index("年终结论") < task.index("一年四季")


def test_the_downloads_of_a_year_end_say_the_same_and_the_digest_fits(office, year, client):
    rows = close(office, year)
    data = client.get("/plans/wp2013/year-end/2013.json")
    digest = hashlib.sha256(data.content).hexdigest()
    assert digest in client.get(PAGE).content.decode()
    assert json.loads(Entry.objects.order_by("-seq").first().payload)["facts"]["sha256"] == digest
    table = client.get("/plans/wp2013/year-end/2013.xlsx")
    sheet = load_workbook(BytesIO(b"".join(table.streaming_content))).worksheets[0]
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        row.get_verdict_display() for row in rows
    ]
    told = client.get("/api/v1/tasks/wp2013-18/").json()["year_ends"]
    assert told[0]["verdict"] == {"code": "partly", "label": "部分完成"}


def test_the_year_end_of_a_demonstration_says_so_on_page_and_file(office, year, client):
    close(office, year)
    YearEnd.objects.update(demonstration=True)
    assert "演示数据，不是真实情况" in client.get(PAGE).content.decode()
    assert (
        "%E6%BC%94%E7%A4%BA"
        in client.get("/plans/wp2013/year-end/2013.xlsx")["Content-Disposition"]
    )


def test_a_year_outside_the_plan_has_no_year_end_page(office, client):
    client.force_login(office.people.supervisor)
    assert client.get("/staff/year-end/wp2013/2014/").status_code == 404
    assert has_ended(office.white_paper.plan, 2013, date(2014, 1, 1))
