"""One count in plain Python, and every figure of page, interface, table and paper beside it: none
may differ.

The quarter has every public state. The rows that are counted are those of the tables (`recounted`);
what is compared is read off what a reader gets: HTML, JSON, cells of XLSX, paragraphs and tables of
DOCX.
"""

import re
from collections import Counter

import pytest
from django.core.cache import cache

from progress.choices import PUBLISHED_STATES, State
from publishing.models import Publication
from tests.fixtures.independent_figures import plain
from tests.fixtures.page_tables import starting, tables
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.recounted_figures import counted, days_late, now, numbers, rows
from tests.fixtures.seeded_tasks import seeded_quarter
from tests.fixtures.word_files import (
    PAGE,
    book_of,
    chapters,
    codes_in,
    drawn_numbers,
    lines_of,
    records,
    table_headed,
    word_of,
)

QUARTER = {"plan": "wp2013", "year": 2013, "quarter": 2}
WORDS = {str(state.value): str(state.label) for state in State}


@pytest.fixture(autouse=True)
def release(office):
    cache.clear()
    return seeded_quarter(office, 60)


def sizes() -> dict[str, int]:
    return {name: len(codes) for name, codes in counted().items()}


def told() -> int:
    """With words of progress: neither silent nor put off, kept back or ended."""
    found = sizes()
    return len(now()) - without_words(found) - found["ended"]


def without_words(found: dict[str, int]) -> int:
    """Published without progress: each way of it has a count of its own."""
    return sum(found[name] for name in ("silent", "early", "returned", "extended", "withheld"))


def test_every_public_state_is_in_the_quarter():
    assert {row["headline"] for row in now()} == set(PUBLISHED_STATES)


def test_figures_of_the_bulletin_equal_the_independent_count(client):
    """公报: each list by its head and by its tasks."""
    page, found = client.get(PAGE), counted()
    for name, codes in found.items():
        words = words_in(page, f"wp2013-{name}")
        if name not in ("granted",):
            assert f"（{len(codes)} 项）" in words, name
            assert set(re.findall(r"第(\d+)项", words)) >= {code[7:] for code in codes}, name
    assert f"（{sum(row['revision'] > 1 for row in rows())} 项）" in words_in(
        page, "wp2013-revised"
    )
    assert f"（{len(numbers())} 项）" in words_in(page, "wp2013-numbers")
    late = re.findall(r"逾期 ?(\d+) ?天", words_in(page, "wp2013-late"))
    assert sorted(map(int, late)) == sorted(days_late().values())


def test_figures_of_the_public_dashboard_equal_the_independent_count(client):
    """/dashboard/: its sentence, the table of doing and reporting, units, sections,
    both voices, the matrix.
    """
    page, found = client.get("/dashboard/", {"plan": "wp2013", "quarter": "2013-2"}), sizes()
    asked, silent = len(now()) - found["ended"], without_words(found)
    # One task of the paper came after the release: nothing was published of it.
    sentence = f"要求报送 {asked + 1} 项，公布了进展 {told()} 项：已完成 {found['done']} 项，"
    sentence += (
        f"在推进或还没有启动 {found['rest']} 项，落后 {found['behind']} 项；没有公布进展"
        f" {silent + 1} 项"
    )
    assert sentence in text_of(page)
    shown = tables(page)
    cross = {
        line[0]: dict(zip(shown["办得怎样（行）和报得怎样（列），项数"][0], line, strict=True))
        for line in shown["办得怎样（行）和报得怎样（列），项数"][1:]
    }
    totals = {"已完成": found["done"], "在推进或还没有启动": found["rest"], "落后": found["behind"]}
    totals |= {"没有公布进展": silent + 1, "不再要求报送": found["ended"]}
    assert {row: int(list(line.values())[-1]) for row, line in cross.items()} == totals
    own = [row for row in now() if row["headline"] not in ("ended", "succeeded")]
    late = sum(row["reporting"] == "late" for row in now())
    (section,) = shown["各部分"][1:]
    assert section[1:] == [
        f"{len(own) + 1} 项中 {told()} 项",
        str(late),
        str(found["behind"]),
        str(found["done"]),
    ]
    assert f"其中 {found['disagreeing']} 项与单位自评不一致" in words_in(page, "voices")
    words = Counter(
        line[2].removesuffix(" 自评") for line in starting(page, "各项任务各季度的状态")
    )
    assert words == Counter(WORDS[row["headline"]] for row in now()) + Counter({"尚未公布": 1})


def test_figures_of_the_staff_overview_equal_the_independent_count(client, office):
    """/staff/overview/: time that was granted has run out since,
    so who was put off counts as silent there.
    """
    client.force_login(office.people.leader)
    page, found = client.get("/staff/overview/"), sizes()
    words = re.sub(r"\s+", " ", text_of(page))
    unreported = found["silent"] + found["extended"]
    due = len(now()) - found["ended"]
    assert f"落后 {found['behind']} 项 已报送 {told()}/{due} 项（2013年第二季度）" in words
    assert f"未报送 {unreported} 项 1 个牵头单位；2013年第二季度" in words
    assert f"退回修改中 {found['returned']} 项（2013年第二季度）" in words
    assert f"提前截止时未报送 {found['early']} 项（2013年第二季度）" in words
    assert f"依法暂不公开 {found['withheld']} 项不计入" in words
    expected = counted()
    for only, codes in (
        ("behind", expected["behind"]),
        ("unreported", expected["silent"] | expected["extended"]),
        ("returned", expected["returned"]),
        ("closed_early", expected["early"]),
    ):
        page = client.get("/staff/overview/", {"only": only})
        assert codes_in([text_of(page, between=" ")]) == codes


def test_figures_of_the_api_equal_the_independent_count(client):
    """/api/v1/tasks/: its filters count what its rows give, and both what was counted."""
    found, expected = (
        client.get("/api/v1/tasks/", QUARTER | {"page_size": 200}).json()["results"],
        counted(),
    )
    published = {
        task["code"]: task["latest_publication"] for task in found if task["latest_publication"]
    }
    assert Counter(one["headline"]["code"] for one in published.values()) == Counter(
        r["headline"] for r in now()
    )
    asked = {
        "behind": {"delivery": "behind"},
        "done": {"delivery": "done"},
        "rest": {"delivery": "going"},
    }
    asked |= {
        "ended": {"delivery": "not_asked"},
        "late": {"reporting": "late"},
        "silent": {"reporting": "missing"},
        "returned": {"reporting": "returned"},
        "early": {"reporting": "closed_early"},
        "disagreeing": {"disagree": "1"},
    }
    asked |= {"extended": {"state": "extended"}, "withheld": {"state": "withheld"}}
    for name, filters in asked.items():
        listed = client.get("/api/v1/tasks/", QUARTER | filters | {"page_size": 200}).json()
        assert ({task["code"] for task in listed["results"]}, listed["count"]) == (
            expected[name],
            len(expected[name]),
        )
    read = {code: one["readings"][0] for code, one in published.items() if one["readings"]}
    assert {code: (one["value"], one["target"]) for code, one in read.items()} == {
        code: (value, target) for code, (value, target, _, _) in numbers().items()
    }
    assert {code: one["sha256"] for code, one in published.items()} == dict(
        Publication.objects.filter(is_current=True).values_list("task__code", "sha256")
    )


def test_figures_of_the_exported_task_list_equal_the_independent_count(client):
    lines = records(book_of(client, "/tasks/export.xlsx", **QUARTER), "承诺清单")
    states = {line["编号"]: line["状态"] for line in lines}
    assert states == {row["task__code"]: WORDS[row["headline"]] for row in now()} | {
        "wp2013-18": "尚未公布"
    }
    said = {line["编号"]: line["公布的数字"] for line in lines if line["公布的数字"]}
    assert said == {code: f"受训{plain(value)}人" for code, (value, *_) in numbers().items()}


def test_figures_of_the_table_of_the_quarter_equal_the_independent_count(client):
    """circular.xlsx: its counts are in test_circular; here its lines,
    numbers and pictures' rows.
    """
    book, found = book_of(client), counted()
    lines = {line["编号"]: line for line in records(book, "各项")}
    assert {code: line["公开状态"] for code, line in lines.items()} == {
        row["task__code"]: WORDS[row["headline"]] for row in now()
    }
    assert {code for code, line in lines.items() if line["报送"] == "逾期报送"} == found["late"]
    assert {
        code: line["逾期天数"] for code, line in lines.items() if line["逾期天数"]
    } == days_late()
    held = {line["编号"]: (line["实际"], line["差距"]) for line in records(book, "指标")}
    assert held == {code: (value, gap) for code, (value, _, _, gap) in numbers().items()}


def test_figures_of_the_circular_equal_the_independent_count(client, office):
    """circular.docx: every list, every number of its tables and under its pictures."""
    client.force_login(office.people.supervisor)
    word, found = word_of(client), counted()
    heads = {"落后的事项": "behind", "逾期报送的": "late", "未报送的": "silent"}
    heads |= {
        "退回修改中的": "returned",
        "提前截止时未报送的": "early",
        "经批准延期报送的": "granted",
        "单位自评与督查核定不一致的": "disagreeing",
        "依法暂不公开的": "withheld",
    }
    for head, name in heads.items():
        lines = chapters(word)[head]
        assert (codes_in(lines), f"（{len(found[name])}项）" in lines[0]) == (found[name], True)
    table = {
        re.search(r"wp2013-\d+", line["任务"])[0]: line
        for line in lines_of(table_headed(word, "任务"))
    }
    assert {code: line["实际"] for code, line in table.items()} == {
        code: f"{plain(value)}人" for code, (value, *_) in numbers().items()
    }
    drawn = {code: one for code, one in drawn_numbers(word).items() if code != "wp2013-18"}
    assert drawn == {code: one for code, one in numbers().items() if one[1] is not None}
