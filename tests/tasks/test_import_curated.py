import dataclasses
import re

import pytest

from common.files.text_files import ImportProblem
from tasks.choices import IndicatorMode, TargetDirection
from tasks.importing.curated import load
from tests.fixtures.sources import (
    BOTH,
    FULL_WIDTH,
    INDICATORS,
    PAPER,
    PLAN,
    draft_of,
    parsed,
    source_of,
)


def curated_of(path):
    return load(INDICATORS, draft_of(path))


def values(path, task: int, name: str) -> dict:
    indicator = next(
        each for each in curated_of(path).indicators if (each.task, each.name) == (task, name)
    )
    return {each.quarter: each.value for each in indicator.targets}


@pytest.mark.parametrize(("path", "indicators", "targets"), [(PLAN, 40, 40), (PAPER, 20, 66)])
def test_every_number_that_is_a_promise_is_a_target(path, indicators, targets):
    found = curated_of(path).indicators
    assert len(found) == indicators
    assert sum(len(each.targets) for each in found) == targets


@pytest.mark.parametrize("path", BOTH)
def test_each_quote_stands_in_its_commitment_or_in_the_title(path):
    tasks = {task.number: task for task in draft_of(path).tasks}
    for indicator in curated_of(path).indicators:
        for target in indicator.targets:
            task = tasks[indicator.task]
            if target.derived:
                assert (target.quote, target.commitment) == ("", None)
            elif target.commitment is None:
                assert target.quote in task.title.text
            else:
                commitment = task.commitments[target.commitment - 1]
                assert target.quote in commitment.words.text
                assert commitment.quarter == target.quarter


CHINESE = {"一": 1, "二": 2, "三": 3, "百": 100}


@pytest.mark.parametrize("path", BOTH)
def test_each_value_is_printed_in_its_quote(path):
    for indicator in curated_of(path).indicators:
        for target in indicator.targets:
            printed = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", target.quote)}
            printed |= {CHINESE[sign] for sign in target.quote if sign in CHINESE}
            wanted = {
                float(value) for value in (target.value, target.value_max) if value is not None
            }
            assert target.derived or wanted <= printed


@pytest.mark.parametrize("path", BOTH)
def test_modes_and_directions_are_those_of_the_portal(path):
    for indicator in curated_of(path).indicators:
        assert indicator.mode in IndicatorMode.values
        assert indicator.direction in TargetDirection.values
        assert {target.direction for target in indicator.targets} <= set(TargetDirection.values)


def test_series_of_quarters_add_up_to_the_year_where_they_are_counted_per_quarter():
    for indicator in curated_of(PAPER).indicators:
        of_year = {each.quarter: each.value for each in indicator.targets}
        whole = of_year.pop(None, None)
        if indicator.mode == "per_quarter" and whole is not None:
            assert sum(of_year.values()) == whole


def test_item_eighteen_is_two_series_and_items_five_and_nine_have_sums_of_ours():
    assert values(PAPER, 18, "安全生产公共培训") == {
        1: 2000,
        2: 4000,
        3: 5000,
        4: 4000,
        None: 15000,
    }
    assert values(PAPER, 18, "参观安全实景模拟基地") == {
        1: 1000,
        2: 2000,
        3: 4000,
        4: 3000,
        None: 10000,
    }
    derived = {
        (indicator.task, target.value)
        for indicator in curated_of(PAPER).indicators
        for target in indicator.targets
        if target.derived
    }
    assert derived == {(5, 40), (5, 16), (5, 100), (9, 22500)}


def test_a_commitment_on_several_tracks_belongs_to_none():
    task, tracks = draft_of(PAPER).tasks[11], curated_of(PAPER).tracks

    wordings = {place: each.words.text for place, each in enumerate(task.commitments, 1)}
    mixed = [place for place, text in wordings.items() if "壹海城" in text and "中央公园" in text]
    assert len(mixed) == 4
    assert not any((12, place) in tracks for place in mixed)
    assert {name for (number, _), name in tracks.items() if number == 12} == {
        "壹海城",
        "两座公园",
        "烟墩山",
    }


def test_slips_of_the_source_are_flagged_at_their_place():
    flags = curated_of(PAPER).flags
    flagged = {
        (number, draft_of(PAPER).tasks[number - 1].commitments[place - 1].quarter)
        for number, place in flags
    }
    assert flagged == {
        (11, 3),
        (12, 2),
        (12, 3),
        (13, 1),
        (13, 3),
        (18, 1),
        (18, 2),
        (18, 3),
        (18, 4),
    }


def test_a_quote_that_is_not_found_fails_by_name():
    text = source_of(PLAN).text.replace("新增1800个学位", "新增一批学位")
    with pytest.raises(
        ImportProblem, match=r"ap2017.toml .*第8项 云海学校新增学位“新增1800个学位”"
    ):
        load(INDICATORS, parsed(text))


def test_quotes_keep_the_punctuation_of_the_source():
    wide = load(INDICATORS, parsed(source_of(PAPER).text.translate(FULL_WIDTH)))
    quotes = [
        target.quote for each in wide.indicators for target in each.targets if each.task == 11
    ]
    assert "年内开展垃圾减量分类小区（单位）达到30%" in quotes


def test_another_document_gets_no_numbers():
    other = dataclasses.replace(draft_of(PLAN), title="另一个区的行动计划")
    assert load(INDICATORS, other).indicators == ()
