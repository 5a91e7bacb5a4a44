"""A published year-end conclusion is the headline of its task on every public page and in every
file, and its counts are equal wherever they are told.

The demonstration concludes the white paper of 2013 and leaves the plan of 2017 running.
"""

import re
from collections import Counter
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from progress.choices import State
from publishing.models import Publication, YearEnd
from tasks.models import Responsibility
from tests.fixtures.crawl import visit
from tests.fixtures.page_tables import listed
from tests.fixtures.page_text import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PLAN = {"plan": "wp2013"}
OUTCOMES = {"done": 15, "exceeded": 1, "partly": 3, "not_done": 1}
WORDS = {"done": "完成", "exceeded": "超额完成", "partly": "部分完成", "not_done": "未完成"}
# A state of a quarter stands in a chip, a mark or a title.
STATES = "|".join(State.labels)
SIGN = re.compile(
    rf'(?:chip__word">|</svg>|<span class="mark[^>]*>|title="|unseen">（)\s*'
    rf'(?:{STATES})(?=[<" ·）])'
)
# One entry of a list or table.
ENTRY = re.compile(r"<(li|tr)\b(?:(?!<\1\b).)*?</\1>", re.DOTALL)
# Lists, charts and files that no link without a question mark leads to.
LISTS = ["/tasks/?plan=wp2013", "/tasks/?plan=wp2013&year=2013", "/tasks/?state=partly"]
LISTS += ["/tasks/?plan=wp2013&year=2013&quarter=4", "/tasks/?plan=wp2013&quarter=2"]
LISTS += [f"/dashboard/?plan=wp2013{more}" for more in ("", "&quarter=2013-2", "&quarter=2013-4")]
LISTS += ["/search/?q=园", "/plans/wp2013/document/?show=behind"]


@pytest.fixture(autouse=True)
def shown(settings):
    settings.DEMO = True


def concluded() -> dict[str, str]:
    """Code -> the word of its conclusion, by the rows alone."""
    rows = YearEnd.objects.filter(published_at__isnull=False).values_list("task__code", "verdict")
    return {code: WORDS[verdict] for code, verdict in rows}


def about(code: str) -> re.Pattern:
    """Links to the task, its revisions or its place in the document."""
    return re.compile(rf'href="[^"]*\b{code}(?![\w-]*\d)|/tasks/{code}/')


def entries(page: str) -> list[str]:
    """The entries of a page; of a document each task from its heading to the next."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    if 'id="document"' in main:
        return re.split(r"(?=<h[234])", main.split('id="document"')[1].split("</article>")[0])[1:]
    return [match[0] for match in ENTRY.finditer(main)]


def test_the_plain_recount_is_the_one_this_module_compares_with():
    assert Counter(YearEnd.objects.values_list("verdict", flat=True)) == OUTCOMES
    last = Publication.objects.current().filter(period__year=2013, period__index=4)
    differing = {
        row.task.code
        for row in last.select_related("task")
        if row.headline != row.task.year_ends.get().verdict
    }
    assert differing == {f"wp2013-{number}" for number in ("01", "07", "08", "09", "18")}


def test_no_page_shows_the_state_of_a_quarter_without_the_conclusion_of_its_task(met, client):
    pages = met | {address: visit(client, address) for address in LISTS}
    words, seen, silent = concluded(), Counter(), []
    for address, page in pages.items():
        if not page.is_page or page.status != 200 or "<main" not in page.text:
            continue
        own = re.match(r"/tasks/(wp2013-\d+)/", address)
        pieces = [page.text.split("<main", 1)[1]] if own else entries(page.text)
        codes = [own[1]] if own else words
        for piece in pieces:
            if not SIGN.search(piece):
                continue
            for code in codes:
                if own or about(code).search(piece):
                    seen[address.split("?")[0]] += 1
                    if "年终结论" not in piece or words[code] not in piece:
                        silent.append((address, code))
    # On the page of the conclusions themselves every chip is one.
    assert [one for one in silent if one[0] != "/plans/wp2013/year-end/2013/"] == []
    # The walk met what it is about: each of these shows states of the white paper.
    assert seen.keys() >= {"/tasks/", "/dashboard/", "/quarters/2013-4/", "/plans/wp2013/"}
    assert seen["/plans/wp2013/document/"] > 20
    assert len([address for address in seen if address.startswith("/tasks/wp2013-")]) > 100


def test_the_document_tells_the_conclusion_at_the_name_and_each_promise_its_own_state(client):
    page = client.get("/plans/wp2013/document/").content.decode()
    marks = {}
    for part in re.split(r"(?=<h4)", page)[1:]:
        code = re.search(r'href="/tasks/([\w-]+)/"', part)[1]
        heading = text_of_part(part.split("</h4>")[0])
        assert heading.endswith(f"{concluded()[code]} 年终结论 演示"), code
        marks[code] = Counter(re.findall(r'<span class="unseen">（(.*?)）</span>', part))
    assert marks.keys() == concluded().keys()
    assert marks["wp2013-08"] == {"已完成": 7, "前置条件未具备": 2}
    assert marks["wp2013-07"].keys() == {"已完成", "未报送"}


def test_the_page_of_a_task_counts_the_states_of_its_promises_not_their_conclusion(client):
    page = client.get("/tasks/wp2013-08/").content.decode()
    legend = text_of_part(re.search(r'<ul class="legend.*?</ul>', page, re.DOTALL)[0])
    assert legend == "已完成 7 条 前置条件未具备 2 条"
    own = page.split('class="plain-list findings"')[1].split("</ol>")[0]
    assert Counter(re.findall(r'chip__word">(.*?)<', own)) == {"已完成": 7, "前置条件未具备": 2}


def test_the_task_page_tells_the_conclusion_first_and_the_last_quarter_beside_it(client):
    for code, head in (
        ("wp2013-01", "部分完成 年终结论 · 第四季度核定 已完成 演示"),
        ("wp2013-07", "部分完成 年终结论 · 第四季度 未报送 演示"),
        ("wp2013-08", "未完成 年终结论 · 第四季度核定 前置条件未具备 演示"),
        ("wp2013-09", "超额完成 年终结论 · 第四季度核定 已完成 演示"),
        ("wp2013-02", "完成 年终结论 演示"),
    ):
        first = re.search(
            r'<div class="page-head__line">.*?</div>',
            client.get(f"/tasks/{code}/").content.decode(),
            re.DOTALL,
        )[0]
        assert head in text_of_part(first), code


def text_of_part(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_no_file_tells_the_state_of_a_quarter_without_the_conclusion_of_its_task(client):
    words = concluded()
    for address, sheet in (("/tasks/export.xlsx?plan=wp2013", 0), (bulletin_file(client), 1)):
        head, *lines = sheet_of(client, address, sheet)
        found = {line[0]: line[head.index("年终结论")] for line in lines if line[0] in words}
        assert {code: word.removeprefix("2013年") for code, word in found.items()} == words, address
    tasks = client.get("/api/v1/tasks/", PLAN | {"page_size": 200}).json()["results"]
    assert {task["code"]: task["state"]["label"] for task in tasks} == words
    assert {task["state"]["voice"] for task in tasks} == {"年终结论"}
    quarter = client.get("/api/v1/tasks/wp2013-01/", {"year": 2013, "quarter": 4}).json()
    assert quarter["state"] == {"code": "done", "label": "已完成", "voice": "督查核定"}
    assert quarter["year_ends"][0]["verdict"]["code"] == "partly"


def bulletin_file(client) -> str:
    page = client.get("/quarters/2013-4/").content.decode()
    return re.search(r'href="(/quarters/2013-4/[^"]*\.xlsx)"', page)[1]


def sheet_of(client, address: str, sheet: int) -> list[tuple]:
    content = b"".join(client.get(address).streaming_content)
    return list(load_workbook(BytesIO(content)).worksheets[sheet].iter_rows(values_only=True))


def test_the_bulletin_of_a_quarter_keeps_its_own_states_and_counts_the_conclusions_beside(client):
    page = text_of(client.get("/quarters/2013-4/"))
    assert "20 项承诺中，19 项公布了进展：已完成 18 项" in page
    assert "2013年年终结论：完成15项，超额完成1项，部分完成3项，未完成1项。" in page


def test_the_counts_are_equal_on_every_page_and_in_every_file(client):
    sentence = "到年底：完成15，超额完成1，部分完成3，未完成1"
    bars = {}
    for address in ("/", "/plans/", "/plans/wp2013/"):
        page = client.get(address)
        assert sentence in text_of(page), address
        bars[address] = links(page)
    bars["list"], bars["dashboard"] = (
        links(client.get(address, PLAN)) for address in ("/tasks/", "/dashboard/")
    )
    bars["recount"] = count_of_rows(client.get("/dashboard/recount.json", PLAN).json())
    tasks = client.get("/api/v1/tasks/", PLAN | {"page_size": 200}).json()["results"]
    bars["interface"] = Counter(task["state"]["code"] for task in tasks)
    head, *lines = sheet_of(client, "/tasks/export.xlsx?plan=wp2013", 0)
    keys = {word: key for key, word in WORDS.items()}
    bars["table"] = Counter(keys[line[head.index("状态")]] for line in lines)
    assert {name: bar for name, bar in bars.items() if bar != OUTCOMES} == {}


def links(page, query: str = "plan=wp2013") -> dict[str, int]:
    """State -> count of the bar whose parts lead to the list with this query."""
    found = re.findall(
        rf'href="(?:/tasks/)?\?{query}&amp;state=(\w+)">[^<]*<b>(\d+)</b>',
        page.content.decode(),
    )
    return {state: int(count) for state, count in found}


def test_a_page_of_conclusions_alone_says_one_word_of_them(client):
    page = text_of(client.get("/dashboard/", PLAN))
    assert "公布了结论或进展 20 项：完成 16 项（其中超额完成 1 项），" in page
    for address in ("/dashboard/", "/tasks/"):
        bar = client.get(address, PLAN).content.decode()
        found = re.findall(r'plan=wp2013&amp;state=done">([^<]*)<b>15</b>', bar)
        assert {word.strip() for word in found} == {"完成"}, address


def test_the_summary_of_an_indicator_of_a_closed_year_is_that_of_the_year(client):
    page = client.get("/dashboard/", PLAN).content.decode()
    (found,) = re.findall(r"<summary>\s*(18 参观安全实景模拟基地.*?)</summary>", page, re.DOTALL)
    assert text_of_part(found) == (
        "18 参观安全实景模拟基地（人次） 演示 承诺不少于10000人次，四个季度"
        "填报合计9940人次，差60人次（由本平台合计）"
    )


def count_of_rows(data: dict) -> Counter:
    return Counter(row["state"] for row in data["rows"])


@pytest.mark.parametrize(("state", "count"), OUTCOMES.items())
def test_a_filter_by_state_finds_the_tasks_with_that_conclusion(state, count, client):
    assert listed(client, f"/tasks/?plan=wp2013&state={state}") == count
    answer = client.get("/api/v1/tasks/", PLAN | {"state": state}).json()
    assert answer["count"] == count
    rows = sheet_of(client, f"/tasks/export.xlsx?plan=wp2013&state={state}", 0)
    assert len(rows) == count + 1
    codes = {task["code"] for task in answer["results"]}
    assert codes == set(YearEnd.objects.filter(verdict=state).values_list("task__code", flat=True))


@pytest.mark.parametrize(
    ("delivery", "count"),
    [("done", 16), ("behind", 4), ("unknown", 0), ("not_asked", 0), ("reported", 20)],
)
def test_a_group_of_states_holds_the_conclusions_that_belong_to_it(delivery, count, client):
    assert listed(client, f"/tasks/?plan=wp2013&delivery={delivery}") == count


def test_a_chosen_quarter_keeps_its_own_counts_with_the_conclusion_beside(client):
    asked = "/tasks/?plan=wp2013&year=2013&quarter=4"
    assert (listed(client, f"{asked}&state=done"), listed(client, f"{asked}&state=partly")) == (
        18,
        0,
    )
    page = text_of(client.get(asked))
    assert "已完成督查核定 · 2013年第四季度 · 年终结论 部分完成" in page
    dashboard = text_of(client.get("/dashboard/", PLAN | {"quarter": "2013-4"}))
    assert "2013年第四季度，要求报送 20 项，公布了进展 19 项：已完成 18 项" in dashboard


def test_each_unit_counts_the_conclusions_on_its_tasks(client):
    """By a recount of the rows: the conclusion, else the last quarter of the task."""
    quarters = Publication.objects.current().order_by("period__year", "period__index")
    states = dict(quarters.values_list("task", "headline"))
    states |= dict(YearEnd.objects.values_list("task", "verdict"))
    owners = Responsibility.objects.in_force().filter(task__in=states)
    units = set(owners.filter(task__plan__slug="wp2013").values_list("department__slug", flat=True))
    assert len(units) == 20
    for unit in units:
        tasks = owners.filter(department__slug=unit).values_list("task", flat=True)
        page = client.get(f"/departments/{unit}/")
        assert links(page, f"department={unit}") == Counter(states[pk] for pk in tasks), unit
        done = sum(states[pk] in ("done", "exceeded") for pk in tasks)
        word = "完成" if states_are_conclusions(tasks) else "已完成"
        assert f"负责 {len(tasks)} 项承诺：{done} 项{word}" in text_of(page), unit


def states_are_conclusions(tasks) -> bool:
    return YearEnd.objects.filter(task__in=tasks).count() == len(tasks)


@pytest.mark.parametrize(("day", "done"), [("2014-01-30", 18), ("2014-02-20", 15)])
def test_a_conclusion_counts_from_the_day_of_its_publication(day, done, client):
    assert listed(client, f"/tasks/?plan=wp2013&as_of={day}&state=done") == done
    answer = client.get("/api/v1/tasks/", PLAN | {"as_of": day, "state": "done"}).json()
    assert answer["count"] == done
    assert ("年终结论" in text_of(client.get("/tasks/wp2013-01/", {"as_of": day}))) == (done == 15)
