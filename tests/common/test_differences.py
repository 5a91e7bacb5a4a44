"""Two wordings laid over each other: nothing is lost,
and it reads as Chinese and not as confetti.
"""

import time
from random import Random

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from common.text.differences import changes

WORDS = st.text(alphabet="完成培训人次演练,。 \n0123", max_size=60)


def read(before: str, after: str) -> str:
    """[gone|come] for each change."""
    found = changes(before, after)
    return "".join(each.kept or f"[{each.removed}|{each.added}]" for each in found)


@pytest.mark.parametrize(
    ("before", "after", "reads"),
    [
        ("完成培训4000人次。", "完成培训3500人次。", "完成培训[4000|3500]人次。"),
        ("完成培训4000人次。", "完成培训4000人次,演练1次。", "完成培训4000人次[|,演练1次]。"),
        ("完成培训,演练1次。", "完成培训。", "完成培训[,演练1次|]。"),
        ("年底前完成施工", "力争年底完成施工", "[|力争]年底[前|]完成施工"),
        ("一样的话", "一样的话", "一样的话"),
        ("", "新写的话", "[|新写的话]"),
        ("删掉的话", "", "[删掉的话|]"),
        ("全面落实责任", "改写成了另外一句", "[全面落实责任|改写成了另外一句]"),
    ],
)
def test_a_difference_of_two_wordings_reads_well(before, after, reads):
    assert read(before, after) == reads


@pytest.mark.parametrize("length", [6_000, 200_000])
def test_two_long_texts_are_compared_in_time_and_nothing_is_lost(length):
    letters = Random(1)
    before, after = ("".join(letters.choices("完成培训人次演练,。", k=length)) for _ in range(2))
    for end in ("", "\n不变的一段。\n"):
        started = time.process_time()
        found = changes(before + end, after + end)
        assert time.process_time() - started < 1
        assert "".join(each.kept + each.removed for each in found) == before + end
        assert "".join(each.kept + each.added for each in found) == after + end


def test_of_two_long_texts_the_paragraph_that_changed_is_shown():
    paragraphs = [f"第{number}段：" + "完成培训。" * 200 + "\n" for number in range(30)]
    changed = [*paragraphs[:7], "另写的一段。\n", *paragraphs[8:]]
    found = changes("".join(paragraphs), "".join(changed))
    assert [(each.removed, each.added) for each in found if not each.kept] == [
        (paragraphs[7], "另写的一段。\n")
    ]


def test_a_short_stretch_between_two_changes_joins_them():
    assert (
        read("不变的头甲乙的丙丁不变的尾", "不变的头子丑的寅卯不变的尾")
        == "不变的头[甲乙的丙丁|子丑的寅卯]不变的尾"
    )


@given(WORDS, WORDS)
def test_both_wordings_can_be_read_off_their_difference(before, after):
    found = changes(before, after)
    assert "".join(each.kept + each.removed for each in found) == before
    assert "".join(each.kept + each.added for each in found) == after


def draw(before: str, after: str) -> str:
    return engines["django"].from_string("{% difference a b %}").render({"a": before, "b": after})


def test_deleted_and_inserted_words_are_named_and_not_only_coloured():
    drawn = draw("培训4000人次<b>", "培训3500人次<b>")
    assert (
        '<del><span class="unseen">(删去“</span>4000<span class="unseen">”)</span></del>' in drawn
    )
    assert (
        '<ins><span class="unseen">(改为“</span>3500<span class="unseen">”)</span></ins>' in drawn
    )
    assert "<b>" not in drawn


def test_words_inserted_where_none_stood_are_said_to_be_added():
    drawn = draw("", "新写的话")
    assert "(增加“" in drawn
    assert "<del>" not in drawn
