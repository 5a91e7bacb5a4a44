"""A number stands beside the promise it can be compared with: the year's, or that of a quarter."""

from datetime import date
from decimal import Decimal

import pytest

from progress.choices import State
from progress.models import ReportingPeriod
from public.read_models.answers import answer, compared_in_words
from public.read_models.comparisons import Comparison, Reported, compare
from publishing.models import Publication, PublishedFinding, PublishedReading
from tasks.models import Indicator, Plan, Target

PLAN = Plan(starts_on=date(2013, 1, 1), ends_on=date(2013, 12, 31), tracked_from=date(2013, 1, 1))
SEVERAL_YEARS = Plan(
    starts_on=date(2013, 1, 1), ends_on=date(2014, 12, 31), tracked_from=date(2013, 4, 1)
)
YEAR = None


def said(mode, direction, targets, numbers, *, unit="场", plan=PLAN) -> str:
    """The words on one indicator.

    `targets`: quarter (1-4, from 5 on of the next year) or YEAR -> value or range. `numbers`: one
    for each published quarter, or the state of a quarter without a number.
    """
    indicator = Indicator(pk=1, name="演出", unit=unit, mode=mode, direction=direction)
    in_force = [
        target
        for number, (quarter, value) in enumerate(targets.items(), start=1)
        for target in [_target(number, direction, quarter, value)]
    ]
    indicator._prefetched_objects_cache = {"targets": in_force}
    published = [
        _publication(at, value) for at, value in enumerate(numbers, start=1) if value is not ...
    ]
    return compared_in_words(compare(Reported(plan, indicator, published), indicator, in_force))


def promised(number, name, value, row) -> Comparison:
    """A promise of so many in the year beside its number in the publication `row`, if any."""
    indicator = Indicator(pk=number, name=name, unit="座", mode="cumulative", direction="exactly")
    target = Target(pk=number, year=2013, direction="exactly", value=Decimal(value))
    indicator._prefetched_objects_cache = {"targets": [target]}
    return compare(Reported(PLAN, indicator, [row]), indicator, [target])


def _target(number, direction, quarter, value) -> Target:
    low, high = value if isinstance(value, tuple) else (value, None)
    year = 2013 + (quarter - 1) // 4 if quarter else 2013
    return Target(
        pk=number,
        year=year,
        quarter=(quarter - 1) % 4 + 1 if quarter else None,
        direction=direction,
        value=Decimal(low),
        value_max=None if high is None else Decimal(high),
    )


def _publication(at, value) -> Publication:
    period = ReportingPeriod(year=2013 + (at - 1) // 4, index=(at - 1) % 4 + 1)
    is_state = isinstance(value, State)
    row = Publication(period=period, headline=value if is_state else State.ON_COURSE)
    has_number = not is_state and value is not None
    row.numbers = [PublishedReading(indicator_id=1, value=Decimal(value))] if has_number else []
    return row


def short_in_the_second_quarter(
    *later: PublishedFinding | None, targets=(2, 50), mode="cumulative", unit="%"
) -> Comparison:
    """15 of 50 in the second quarter; `later` has a finding for each quarter after it."""
    indicator = Indicator(pk=1, name="路基", unit=unit, mode=mode, direction="exactly")
    target = _target(1, "exactly", *targets)
    target.commitment_id = 7
    indicator._prefetched_objects_cache = {"targets": [target]}
    rows = [_publication(2, 15), *(_publication(at, None) for at in range(3, 3 + len(later)))]
    for row, finding in zip(rows, [None, *later], strict=True):
        row.verdicts = [finding] if finding else []
    return compare(Reported(PLAN, indicator, rows), indicator, [target])


def _finding(pace, assessed="", *, commitment=7) -> PublishedFinding:
    return PublishedFinding(commitment_id=commitment, self_pace=pace, assessment_pace=assessed)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ([_finding("done", "done")], "填报15%；这一条第三季度核定已完成"),
        ([None, _finding("done")], "填报15%；这一条第四季度自评已完成"),
        ([_finding("done", "done"), _finding("slow", "slow")], "填报15%，差35个百分点"),
        ([_finding("done", "partly")], "填报15%，差35个百分点"),
        ([_finding("done", "done", commitment=8)], "填报15%，差35个百分点"),
        ([], "填报15%，差35个百分点"),
    ],
)
def test_a_shortfall_is_not_told_once_its_own_promise_was_done_later(later, words):
    comparison = short_in_the_second_quarter(*later)
    assert compared_in_words(comparison) == f"路基第二季度应到50%，{words}"


def test_a_shortfall_of_the_year_is_not_told_either_once_its_promise_was_done_later():
    comparison = short_in_the_second_quarter(_finding("done", "done"), targets=(YEAR, 50))
    assert compared_in_words(comparison).endswith("填报15%；这一条第三季度核定已完成")


def test_a_sum_of_the_year_is_told_as_short_as_it_is_whatever_was_said_later():
    later, year = _finding("done", "done"), (YEAR, 50)
    comparison = short_in_the_second_quarter(later, targets=year, mode="per_quarter", unit="份")
    assert "差35份" in compared_in_words(comparison)


@pytest.mark.parametrize(
    ("quote", "quarter", "words"),
    [
        ("力争新增10家", YEAR, "力争企业10家，到第一季度累计填报7家，还差3家"),
        ("新增10家，力争20家", YEAR, "承诺企业10家，到第一季度累计填报7家，还差3家"),
        ("努力促进开放，新增10家", YEAR, "承诺企业10家，到第一季度累计填报7家，还差3家"),
        ("争取新增10家", 1, "企业第一季度争取到10家，填报7家，差3家"),
    ],
)
def test_what_the_document_only_strives_for_is_not_called_a_promise(quote, quarter, words):
    indicator = Indicator(pk=1, name="企业", unit="家", mode="cumulative", direction="exactly")
    target = _target(1, "exactly", quarter, 10)
    target.quote = quote
    indicator._prefetched_objects_cache = {"targets": [target]}
    found = compare(Reported(PLAN, indicator, [_publication(1, 7)]), indicator, [target])
    assert compared_in_words(found) == words


def test_nothing_is_more_than_all():
    assert said("at_end", "at_least", {YEAR: 100}, [None, 90], unit="%").startswith(
        "承诺演出达到100%"
    )
    assert said("at_end", "at_least", {YEAR: 97}, [None, 90], unit="%").startswith(
        "承诺演出不少于97%"
    )


QUARTERS = {1: 10, 2: 10, 3: 10, 4: 10}
CASES = {
    "the four quarters of a year are added and compared with the year": (
        ("per_quarter", "at_least", {**QUARTERS, YEAR: 40}, [10, 9, 10, 10]),
        "承诺演出不少于40场，四个季度填报合计39场，差1场",
    ),
    "before the year is over the rest is still to come": (
        ("per_quarter", "at_least", {**QUARTERS, YEAR: 40}, [10, 12]),
        "承诺演出不少于40场，前两个季度填报合计22场，还差18场",
    ),
    "one quarter of a year is named as one quarter": (
        ("per_quarter", "exactly", {YEAR: 40}, [10]),
        "承诺演出40场，第一季度填报10场，还差30场",
    ),
    "a quarter that lacks its number is named beside the sum": (
        ("per_quarter", "at_least", {YEAR: 40}, [10, State.NOT_REPORTED, 12, 11]),
        "承诺演出不少于40场，三个季度填报合计33场，第二季度未报送，按已公布的差7场",
    ),
    "a sum that is enough without its missing quarter is enough": (
        ("per_quarter", "at_least", {YEAR: 40}, [20, State.WITHHELD, 12, 11]),
        "承诺演出不少于40场，三个季度填报合计43场，第二季度依法暂不公开，达到",
    ),
    "that a limit was kept is only said of what was published": (
        ("per_quarter", "at_most", {YEAR: 40}, [10, State.RETURNED]),
        "承诺演出不高于40场，第一季度填报10场，第二季度退回修改中，按已公布的没有超过",
    ),
    "a quarter for which nothing was printed is not missed": (
        ("per_quarter", "exactly", {2: 8, 3: 10, YEAR: 18}, [None, 8, 10, None]),
        "承诺演出18场，两个季度填报合计18场，达到",
    ),
    "a running total is compared by its newest number": (
        ("cumulative", "exactly", {YEAR: 40}, [10, 25, State.NOT_REPORTED]),
        "承诺演出40场，到第二季度累计填报25场，还差15场",
    ),
    "a number more than an exact one is counted": (
        ("cumulative", "exactly", {YEAR: 40}, [10, 25, 30, 42]),
        "承诺演出40场，到第四季度累计填报42场，多2场",
    ),
    "a level is that of the end of its quarter": (
        ("at_end", "maintain", {YEAR: 98}, [99, 97], "%"),
        "承诺演出保持98%，第二季度末填报97%，还差1个百分点",
    ),
    "a limit that was passed": (
        ("at_end", "at_most", {YEAR: 22}, ["23.5"], "微克"),
        "承诺演出不高于22微克，第一季度末填报23.5微克，超出1.5微克",
    ),
    "a number inside a range": (
        ("cumulative", "range", {YEAR: (2, 5)}, [5]),
        "承诺演出2至5场，到第一季度累计填报5场，在范围内",
    ),
    "a number beyond a range": (
        ("cumulative", "range", {YEAR: (2, 5)}, [6]),
        "承诺演出2至5场，到第一季度累计填报6场，超出1场",
    ),
    "about so many, and a little less at the end": (
        ("cumulative", "about", {YEAR: 100}, [..., ..., ..., 96]),
        "承诺演出约100场，到第四季度累计填报96场，大致相符",
    ),
    "about so many, and far less at the end": (
        ("cumulative", "about", {YEAR: 100}, [..., ..., ..., 90]),
        "承诺演出约100场，到第四季度累计填报90场，差约10场",
    ),
    "a share of one quarter is not compared with that of the year": (
        ("per_quarter", "at_least", {YEAR: 97}, [90, 95], "%"),
        "承诺演出不少于97%，第二季度填报95%",
    ),
    "a step is no promise and is compared with its own quarter": (
        ("cumulative", "exactly", {1: 20, 2: 50}, [0, 15, None, None], "%"),
        "演出第二季度应到50%，填报15%，差35个百分点",
    ),
    "a step whose number is kept back leaves the step before": (
        ("cumulative", "exactly", {1: 85, 2: 90, 3: 100}, [85, 90, State.WITHHELD, None], "%"),
        "演出第二季度应到90%，填报90%，达到；第三季度应到100%，依法暂不公开",
    ),
    "of numbers that count by themselves the newest quarter with both": (
        ("per_quarter", "range", {2: (2, 5), 4: (2, 5)}, [None, 2, None, 1]),
        "演出第四季度应有2至5场，填报1场，差1场",
    ),
    "a step ahead is still to be reached": (
        ("cumulative", "at_least", {4: 90}, [..., ..., 60], "%"),
        "演出第四季度应不少于90%，到第三季度累计填报60%，还差30个百分点",
    ),
    "a number without any promise stands alone": (
        ("cumulative", "exactly", {}, [7]),
        "演出，到第一季度累计填报7场",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_number_is_compared_with_its_like(case):
    given, words = CASES[case]
    mode, direction, targets, numbers, *unit = given
    assert said(mode, direction, targets, numbers, unit=unit[0] if unit else "场") == words


def test_in_a_plan_of_several_years_the_year_is_named_and_sums_begin_anew():
    first = said("per_quarter", "exactly", {YEAR: 40}, [..., 10, 10, 10], plan=SEVERAL_YEARS)
    assert first == (
        "2013年承诺演出40场，三个季度填报合计30场，2013年第一季度（平台启用前，未采集），"
        "按已公布的差10场"
    )
    second = said(
        "per_quarter", "exactly", {4: 10, 5: 15}, [..., 10, 10, 10, 9], plan=SEVERAL_YEARS
    )
    assert second == "演出2014年第一季度应有15场，填报9场，差6场"


@pytest.mark.parametrize(("quarter", "still"), [(3, "还没有填报数"), (4, "没有填报数")])
def test_promises_with_a_number_come_first_and_those_without_share_a_phrase(quarter, still):
    row = _publication(quarter, 7)
    row.numbers = [PublishedReading(indicator_id=3, value=Decimal(7))]
    row.content, row.data_date = "{}", date(2013, quarter * 3, 30)
    names = ["公园", "花廊", "公厕", "通廊"]
    promises = [promised(number, name, 9, row) for number, name in enumerate(names, start=1)]
    gap = "还差2座" if quarter < 4 else "差2座"
    label = {3: "第三季度", 4: "第四季度"}[quarter]
    assert answer(PLAN, promises, 4, [row], None)[0] == (
        f"承诺公厕9座，到{label}累计填报7座，{gap}；"
        f"承诺公园9座、花廊9座，{still}；另有1项数字列在下面。"
    )
