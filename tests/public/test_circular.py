"""督查通报: every figure on page, paper and table is what anybody counts from the exported rows."""

import re
from collections import Counter

import pytest

from publishing.models import Publication
from tests.fixtures.page_text import text_of
from tests.fixtures.recounted_figures import BEHIND, counted, days_late, now, numbers, rows
from tests.fixtures.seeded_tasks import LAW, seeded_quarter
from tests.fixtures.word_files import (
    PAGE,
    book_of,
    chapters,
    codes_in,
    lines_of,
    records,
    table_headed,
    word_of,
)


@pytest.fixture
def release(office):
    return seeded_quarter(office)


@pytest.fixture
def word(client, office, release):
    client.force_login(office.people.supervisor)
    return word_of(client)


@pytest.fixture
def book(client, release):
    return book_of(client)


LISTS = {
    "落后的事项": "behind",
    "逾期报送的": "late",
    "未报送的": "silent",
    "退回修改中的": "returned",
    "提前截止时未报送的": "early",
    "经批准延期报送的": "granted",
}
LISTS |= {"单位自评与督查核定不一致的": "disagreeing", "依法暂不公开的": "withheld"}


def test_the_seeded_quarter_leaves_no_list_of_the_circular_empty(release):
    assert {name: len(codes) for name, codes in counted().items() if not codes} == {}
    assert any(row["revision"] > 1 for row in rows())


@pytest.mark.parametrize("head", LISTS)
def test_every_list_of_the_circular_is_what_the_rows_give(word, head):
    lines, expected = chapters(word)[head], counted()[LISTS[head]]
    assert codes_in(lines) == expected
    assert f"（{len(expected)}项）" in lines[0]


def test_the_sentence_of_counts_is_the_same_on_paper_page_and_table(client, word, book):
    found = {name: len(codes) for name, codes in counted().items()}
    total, silent = (
        len(now()),
        sum(
            found[name] for name in ("silent", "returned", "early", "extended", "withheld", "ended")
        ),
    )
    sentence = (
        f"{total}项承诺中，{total - silent}项公布了进展：已完成{found['done']}项，"
        f"在推进或还没有启动{found['rest']}项，"
        f"落后{found['behind']}项。逾期报送{found['late']}项，未报送{found['silent']}项，"
        f"退回修改中{found['returned']}项，提前截止时未报送{found['early']}项，"
        f"经批准延期报送{found['extended']}项，依法暂不公开{found['withheld']}项，"
        f"不再要求报送{found['ended']}项。"
    )
    assert sentence in chapters(word)["总体情况"][2]
    assert sentence in re.sub(r"\s", "", text_of(client.get(PAGE)))
    assert sentence in [line["内容"] for line in records(book, "说明")]


def test_the_counts_of_the_table_are_what_the_rows_give(book):
    (line,) = records(book, "总数")
    found = counted()
    heads = {"已完成": "done", "落后": "behind", "逾期报送": "late", "未报送": "silent"}
    heads |= {"退回修改中": "returned", "提前截止时未报送": "early"}
    heads |= {
        "在推进或还没有启动": "rest",
        "经批准延期报送": "extended",
        "曾批准延期": "granted",
        "两者不一致": "disagreeing",
    }
    heads |= {"依法暂不公开": "withheld", "不再要求报送": "ended"}
    assert {head: line[head] for head in heads} == {
        head: len(found[name]) for head, name in heads.items()
    }
    assert (line["全部承诺"], line["公布以后的版次"]) == (
        len(now()),
        sum(row["revision"] > 1 for row in rows()),
    )


def test_the_lines_of_the_table_are_the_rows_behind_first(book):
    lines, found = records(book, "各项"), counted()
    assert Counter(line["编号"] for line in lines) == Counter(row["task__code"] for row in now())
    assert {line["编号"] for line in lines if line["落后"]} == found["behind"]
    assert {line["编号"] for line in lines[: len(found["behind"])]} == found["behind"]
    assert {line["编号"] for line in lines if line["两者不一致"]} == found["disagreeing"]
    assert {line["编号"]: line["逾期天数"] for line in lines if line["逾期天数"]} == days_late()


def test_days_late_are_the_same_in_circular_and_page(client, word):
    said = re.findall(r"（(wp2013-\d+)）.*逾期(\d+)天", "\n".join(chapters(word)["逾期报送的"]))
    assert {code: int(days) for code, days in said} == days_late()
    page = re.sub(r"\s", "", text_of(client.get(PAGE)))
    assert all(f"逾期{days}天" in page for days in days_late().values())


def test_every_number_stands_beside_its_target_with_the_gap_that_anybody_computes(book, word):
    expected = {
        code: (float(value), None if gap is None else float(gap))
        for code, (value, _, _, gap) in numbers().items()
    }
    lines = records(book, "指标")
    assert {line["编号"]: (line["实际"], line["差距"]) for line in lines} == expected
    drawn = lines_of(table_headed(word, "任务", "指标（计数方式）"))
    told = {re.search(r"wp2013-\d+", line["任务"])[0]: line["差距"] for line in drawn}
    assert told == {
        code: "不推算" if gap is None else f"{gap:+g}" if gap else "0"
        for code, (_, gap) in expected.items()
    }


def test_where_nothing_was_printed_nothing_is_expected(book):
    silent = [line for line in records(book, "指标") if not line["当季目标"]]
    assert silent
    assert {(line["差距"], line["数字进度"]) for line in silent} == {(None, "文件未公布阶段目标")}


def test_a_behind_task_is_explained_in_the_supervisors_words_else_in_the_units(word):
    lines = "\n".join(chapters(word)["落后的事项"])
    behind = Publication.objects.current().filter(headline__in=BEHIND).select_related("task")
    assert {bool(row.assessment_note) for row in behind} == {True, False}
    for row in behind:
        said = (
            row.assessment_note and f"督查室：{row.assessment_note}"
        ) or f"教育局：{row.narrative}"
        assert said in lines


def test_every_later_revision_is_named_and_of_one_taken_down_only_the_law(word, book):
    later = [row for row in rows() if row["revision"] > 1]
    assert codes_in(chapters(word)["公布以后的更正和补充"]) == {row["task__code"] for row in later}
    lines = records(book, "更正和补充")
    assert len(lines) == len(later)
    down = {
        row.task.code
        for row in Publication.objects.exclude(taken_down_at=None).select_related("task")
    }
    assert {line["编号"] for line in lines if line["原状态"] == "依法撤下"} == down


def test_a_withheld_line_gives_its_law_and_nobody_elses_words(word):
    lines = chapters(word)["依法暂不公开的"]
    assert sum(LAW in line for line in lines) == len(counted()["withheld"])
