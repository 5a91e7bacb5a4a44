"""The public record as a page: public entries first, filters, pages by number, and the check."""

import html
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry, RecordCheck
from public.ledger_kinds import KINDS, PUBLIC_KINDS
from public.ledger_words import VERBS
from public.read_models.ledger_pages import PER_PAGE
from tests.fixtures.page_text import text_of

pytestmark = pytest.mark.django_db
AT = datetime(2013, 7, 30, tzinfo=UTC)
BY = Actor("3", "督查室", "督查员")


def write(*events: tuple[str, str, str], public: bool = True) -> list[Entry]:
    return append([LedgerEvent(*event, public=public) for event in events], by=BY, at=AT)


def publish(*, times: int = 1) -> list[Entry]:
    return write(*[("publish", "task", "wp2013-18")] * times)


def keep_inside(*, times: int = 1) -> list[Entry]:
    return write(*[("verify", "report", "wp2013-18:2013-2")] * times, public=False)


def numbers(response) -> list[int]:
    """The numbers of the entries that have a row of their own."""
    found = re.findall(r'<th scope="row" class="num">\s*<a[^>]*>(\d+)<', response.content.decode())
    return [int(number) for number in found]


def test_public_entries_stand_there_and_of_internal_ones_between_them_the_numbers(client):
    keep_inside()
    publish()
    keep_inside(times=3)
    publish()
    keep_inside(times=2)
    page = client.get("/ledger/")
    assert numbers(page) == [6, 2]
    shown = text_of(page)
    order = [
        "第 7 至 8 条是内部记录，共 2 条",
        "第 3 至 5 条是内部记录，共 3 条",
        "第 1 条是内部记录",
    ]
    assert [words for words in order if words in shown] == order
    assert sorted(order, key=shown.index) == order
    assert "审核" not in shown


def test_internal_entries_are_listed_on_request_by_number_and_day(client):
    with time_machine.travel(datetime(2013, 7, 30, 17, 21, tzinfo=UTC)):
        publish()
        keep_inside()
    page = client.get("/ledger/?scope=all")
    assert numbers(page) == [2, 1]
    row = text_of(page).split("2013年7月31日")
    assert row[1].startswith("内部记录不公开不公开")
    assert text_of(page).count("01:21") == 1


@pytest.mark.parametrize("asked", ["kind=results", "task=wp2013-18", "plan=wp2013", "kind=x"])
def test_internal_entries_are_never_searched_by_what_they_do_not_tell(white_paper, client, asked):
    publish()
    keep_inside()
    page = client.get(f"/ledger/?scope=all&{asked}")
    assert page.status_code == 400
    assert "内部记录不公开事项和对象，只能按日期看" in text_of(page)
    assert 2 not in numbers(page)


@pytest.mark.parametrize("public", [True, False])
def test_each_filter_alone_lists_no_internal_entry(white_paper, units, client, public):
    """Whatever is asked for besides the range, an internal twin of what is found stays away."""
    write(
        ("publish", "task", "wp2013-18"),
        ("change_department", "department", "anjianju"),
        ("import_plan", "plan", "wp2013"),
        public=public,
    )
    for asked in ("kind=results", "task=wp2013-18", "plan=wp2013", "department=anjianju"):
        assert bool(numbers(client.get(f"/ledger/?{asked}"))) is public, asked


@pytest.mark.both
def test_the_filters_find_entries_by_kind_plan_promise_unit_and_day(white_paper, units, client):
    with time_machine.travel(datetime(2013, 7, 30, 15, tzinfo=UTC)):
        write(("publish", "task", "wp2013-18"), ("release", "period", "wp2013:2013-2"))
    with time_machine.travel(datetime(2013, 7, 30, 17, tzinfo=UTC)):
        write(("import_plan", "plan", "ap2017"), ("change_department", "department", "anjianju"))
        write(("publish", "task", "wp2013-01"), ("publish_ticket", "ticket", "YT-2013-000001"))
    expected = {
        "kind=results": [5, 2, 1],
        "kind=plans": [3],
        "kind=units": [4],
        "kind=letters": [6],
        "plan=wp2013": [5, 2, 1],
        "task=wp2013-18": [1],
        "task=WP2013-18": [1],
        # By the promises that the unit answers for, and the unit itself.
        "department=anjianju": [4, 1],
        "day_from=2013-07-31": [6, 5, 4, 3],
        "day_to=2013-07-30": [2, 1],
        "plan=wp2013&kind=results&day_from=2013-07-31": [5],
    }
    assert {asked: numbers(client.get(f"/ledger/?{asked}")) for asked in expected} == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("kind=reports", "没有“reports”这个选项"),
        ("plan=x", "没有“x”这个选项"),
        ("task=x-1", "没有“x-1”这个选项"),
        ("department=x", "没有“x”这个选项"),
        ("day_from=x", "“日期从”请填写日期"),
        ("day_from=2013-08-01&day_to=2013-07-01", "早于“日期从”的2013年8月1日"),
    ],
)
def test_a_filter_with_a_wrong_value_says_so_and_the_public_entries_stay(client, asked, said):
    publish()
    page = client.get(f"/ledger/?{asked}")
    assert (page.status_code, numbers(page)) == (400, [1])
    assert said in text_of(page)


def test_a_parameter_nobody_reads_is_named(client):
    assert "没有“page”这个条件，没有按它筛选" in text_of(client.get("/ledger/?page=2"))


def test_a_filter_that_finds_nothing_says_so(client):
    publish()
    assert "没有符合条件的公开记录" in text_of(client.get("/ledger/?kind=letters"))


def test_pages_go_by_number_backwards_and_forwards_and_keep_the_filter(client):
    publish(times=2 * PER_PAGE + 5)
    newest = client.get("/ledger/?kind=results")
    assert numbers(newest) == list(range(105, 55, -1))
    assert 'href="?kind=results&amp;before=56"' in newest.content.decode()
    middle = client.get("/ledger/?kind=results&before=56")
    assert numbers(middle) == list(range(55, 5, -1))
    oldest = client.get("/ledger/?kind=results&before=6")
    assert numbers(oldest) == [5, 4, 3, 2, 1]
    assert 'rel="next"' not in oldest.content.decode()
    assert numbers(client.get("/ledger/?kind=results&after=5")) == numbers(middle)
    assert numbers(client.get("/ledger/?kind=results&after=55")) == numbers(newest)


@pytest.mark.both
def test_every_entry_is_met_once_on_the_way_through_the_pages(client):
    for _ in range(4):
        publish(times=20)
        keep_inside(times=7)
    address, met, between = "/ledger/", [], 0
    while address:
        page = client.get(address)
        met += numbers(page)
        between += sum(map(int, re.findall(r"内部记录，共 (\d+) 条", text_of(page))))
        older = re.search(r'rel="next" href="\?(before=\d+)"', page.content.decode())
        address = f"/ledger/?{older[1]}" if older else ""
    public = Entry.objects.public().order_by("-seq")
    assert met == [entry.seq for entry in public]
    assert between == 28


@pytest.mark.parametrize("place", ["before=x", "before=-1", "after=x", f"before={10**19}"])
def test_a_place_that_is_no_number_is_the_newest_page(client, place):
    publish()
    keep_inside()
    assert numbers(client.get(f"/ledger/?{place}")) == [1]


def test_a_place_beyond_the_newest_entry_invents_no_internal_ones(client):
    publish()
    page = client.get(f"/ledger/?before={10**17}")
    assert numbers(page) == [1]
    assert "是内部记录" not in text_of(page)


def test_the_page_asks_the_database_as_often_whatever_the_length_of_the_record(client):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = ["/ledger/", "/ledger/?scope=all", "/ledger/?after=2", "/ledger/?kind=results"]
    publish(times=3)
    few = [asked(address) for address in addresses]
    for _ in range(3):
        publish(times=PER_PAGE)
        keep_inside(times=PER_PAGE)
    for address, at_first in zip(addresses, few, strict=True):
        assert asked(address) <= at_first <= 7, address


def test_the_subject_is_the_promise_by_its_name(white_paper, client):
    publish()
    page = client.get("/ledger/").content.decode()
    assert f'<a href="/tasks/wp2013-18/">{white_paper.task.title}</a>' in page


def test_each_verb_is_of_one_kind():
    verbs = [verb for _, verbs in KINDS.values() for verb in verbs]
    assert sorted(verbs) == sorted(VERBS)
    assert set(PUBLIC_KINDS) < set(KINDS)


@pytest.mark.parametrize(
    ("outcome", "faults", "said"),
    [
        ("holds", 0, "第 1 条至第 2 条，逐条相符"),
        ("broken", 3, "发现问题 3 处"),
        ("unchecked", 0, "没有核对成"),
    ],
)
def test_the_result_of_the_last_check_is_shown_with_its_moment(client, outcome, faults, said):
    assert "上次核对尚未核对；您可以自己核对" in text_of(client.get("/ledger/"))
    for day, result in ((1, "unchecked"), (2, outcome)):
        RecordCheck.objects.create(
            checked_at=datetime(2013, 8, day, 17, 5, tzinfo=UTC),
            outcome=result,
            entries=2,
            faults=faults if result == outcome else 0,
        )
    assert f"上次核对2013-08-03 01:05，{said}；" in text_of(client.get("/ledger/"))


def test_the_number_and_the_hash_of_the_newest_entry_are_shown(client):
    assert "最新一条还没有记录" in text_of(client.get("/ledger/"))
    publish()
    newest = keep_inside()[0]
    assert f"第 2 条，校验值 {newest.hash}" in text_of(client.get("/ledger/"))


def test_the_program_of_the_page_checks_the_download(client, tmp_path):
    """What a stranger downloads and reads says yes to the record, and no to a change."""
    publish()
    newest = keep_inside()[0]
    program = client.get("/ledger/check.py").content.decode()
    listed = re.search(r"<pre[^>]*>(.*?)</pre>", client.get("/ledger/").content.decode(), re.DOTALL)
    assert html.unescape(listed[1]).strip() == program.strip()
    (tmp_path / "check.py").write_text(program, "utf-8")
    export = client.get("/ledger/export.jsonl").content.decode()
    assert newest.payload not in export
    assert run(tmp_path, export) == f"相符: 2 {newest.hash}"
    assert run(tmp_path, export.replace("wp2013-18", "wp2013-19", 1)) == "不符: 1"


def run(folder, export: str) -> str:
    (folder / "ledger.jsonl").write_text(export, "utf-8")
    command = [sys.executable, "-X", "utf8", "check.py", "ledger.jsonl"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return (done.stdout + done.stderr).strip()


def test_one_entry_leads_to_those_before_and_after_it(client):
    publish(times=3)
    assert re.findall(r'href="/ledger/(\d)/"', client.get("/ledger/2/").content.decode()) == [
        "3",
        "1",
    ]
    assert 'href="/ledger/4/"' not in client.get("/ledger/3/").content.decode()
    assert 'href="/ledger/0/"' not in client.get("/ledger/1/").content.decode()
