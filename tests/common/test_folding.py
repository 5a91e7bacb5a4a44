"""Folding takes its time in proportion to the text, whoever wrote it."""

import sys
import time
import unicodedata

import pytest

from common.security.personal_data import find_personal_data, mark_personal_data
from common.text.folding import AT_MOST, LONGEST, MARKS, fold, narrow
from common.text.readable import unreadable_reason
from tests.fixtures.typed_forms import ALPHABETS


def becomes_marks(character: str) -> bool:
    return all(map(unicodedata.combining, unicodedata.normalize("NFKD", character)))


def test_every_character_that_folds_to_combining_marks_is_known():
    assert set(MARKS) == set(filter(becomes_marks, map(chr, range(sys.maxunicode + 1))))


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_a_megabyte_of_any_text_is_folded_and_searched_for_personal_data_at_once(alphabet):
    started = time.process_time()
    fold(ALPHABETS[alphabet])
    find_personal_data(ALPHABETS[alphabet])
    mark_personal_data(ALPHABETS[alphabet][:LONGEST])
    assert time.process_time() - started < 1


def test_a_run_of_combining_marks_is_cut_and_real_accents_stay():
    assert fold("e\u0301\u0323") == unicodedata.normalize("NFKC", "e\u0301\u0323")
    assert len(narrow("e" + "\u0316" * 50)) <= 1 + AT_MOST


def test_a_text_without_an_end_is_folded_up_to_a_limit():
    assert len(fold("长" * (LONGEST + 1))) == LONGEST


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("写信给a.b-c@example.com.cn吧", "a.b-c@example.com.cn"),
        ("(x+y@example.cn)", "x+y@example.cn"),
        ("13800138000@qq.com", "13800138000@qq.com"),
        ("@@me@example.cn", "me@example.cn"),
    ],
)
def test_an_address_is_marked_as_a_whole(text, marked):
    assert (marked, "电子邮箱") in mark_personal_data(text)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a" + "\u0301" * 30])
def test_what_no_page_can_take_is_refused_in_words(text):
    assert unreadable_reason(text)


@pytest.mark.parametrize("text", ["A", "9.", "灯", "e\u0301"])
def test_megabytes_are_looked_through_at_once(text):
    started = time.process_time()
    assert unreadable_reason(text * 4_000_000) == ""
    assert time.process_time() - started < 0.1


@pytest.mark.parametrize("before", range(30))
def test_a_stack_of_marks_is_seen_wherever_it_begins(before):
    assert unreadable_reason("灯" * before + "\u0301" * 30 + "灯" * 40)


@pytest.mark.parametrize("text", ["", "𠮷😀", "e\u0301\u0323", "第一行\r\n第二行\t", "ﾞﾟ"])
def test_what_people_write_is_readable(text):
    assert unreadable_reason(text) == ""
