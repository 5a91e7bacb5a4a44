"""What a report asks for where a task has several units, numbers or earlier quarters."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.errors import Refused
from progress.actions.reports import Filing, submit_report
from progress.models import ReportingPeriod
from progress.read_models.filed_report import filed_report
from progress.requirements.loading import requirements_for
from tasks.models import Indicator, Target
from tests.fixtures.lists import end
from tests.fixtures.quarter import JULY_2, Office


@pytest.fixture
def quarters(office) -> dict[int, Office]:
    """Number of the quarter -> its office; all three are open at once."""
    days = {
        "opens_on": date(2013, 7, 1),
        "due_on": date(2013, 7, 12),
        "review_due_on": date(2013, 7, 22),
        "release_on": date(2013, 7, 29),
    }
    made = {2: office}
    for index in (1, 3):
        period = ReportingPeriod.objects.create(
            plan=office.white_paper.plan, year=2013, index=index, state="open", **days
        )
        made[index] = Office(office.white_paper, period, office.people, office.units, office.filing)
    return made


def slow_goal(office) -> Filing:
    """An answer to a quarter without milestones: the goal of the year lags."""
    goal = office.white_paper.commitments[0]
    return Filing(
        narrative="场地检修，培训推迟。",
        pace="slow",
        findings={goal.pk: ("slow", "场地检修")},
        remaining_on_course=True,
    )


@pytest.mark.parametrize("is_submitted", [False, True])
def test_only_a_submitted_report_makes_the_next_quarter_follow_a_commitment_up(
    quarters, is_submitted
):
    first, second = quarters[1], quarters[2]
    (first.submit if is_submitted else first.save)(slow_goal(first))
    requirements = requirements_for(second.white_paper.task, second.period)
    flagged = [row.commitment for row in requirements.required_commitments if row.flagged]
    goal = second.white_paper.commitments[0]
    assert flagged == ([goal] if is_submitted else [])
    assert requirements.remaining == ([] if is_submitted else [goal])


@pytest.mark.parametrize(
    ("paces", "latest"), [(("slow", "done"), "done"), (("done", "slow"), "slow")]
)
def test_the_assessment_to_live_up_to_is_that_of_the_latest_quarter(quarters, paces, latest):
    quarters[1].verify(quarters[1].submit(slow_goal(quarters[1])), paces[0], note="已现场核查。")
    goal = quarters[2].white_paper.commitments[0]
    filing = quarters[2].filing
    filing = replace(filing, findings=filing.findings | {goal.pk: ("on_course", "")})
    quarters[2].verify(quarters[2].submit(filing), paces[1], note="已现场核查。")
    third = requirements_for(quarters[3].white_paper.task, quarters[3].period)
    assert third.previous_assessment == latest


def test_of_several_numbers_of_one_commitment_the_weakest_contradicts_it(office):
    exercise = office.white_paper.commitments[1]
    counted = {"unit": "次", "mode": "per_quarter", "direction": "at_least"}
    more = Indicator.objects.create(
        task=office.white_paper.task, order=2, name="应急演练", **counted
    )
    aim = {"year": 2013, "quarter": 2, "direction": "at_least", "quote": "演练10次"}
    Target.objects.create(indicator=more, commitment=exercise, value=10, **aim)
    readings = office.filing.readings | {more.pk: (Decimal(6), "")}
    office.save(replace(office.filing, readings=readings))
    requirements = requirements_for(office.white_paper.task, office.period)
    assert requirements.ratio_of(exercise) == Decimal("0.6")
    assert f"“{exercise.text}”填为已完成，但数据只达到目标的 60%" in requirements.contradictions()


def test_of_several_units_without_a_lead_none_submits_for_all(office):
    report = office.save()
    office.white_paper.task.responsibilities.create(
        order=2, kind="listed", basis="published", department=office.units["jiaoyuju"]
    )
    assert requirements_for(office.white_paper.task, office.period).lead is None
    with pytest.raises(Refused, match="还没有牵头单位，请督查室先指定"):
        submit_report(report=report, by=office.people.reporter, at=JULY_2)


@pytest.mark.parametrize(("days_before", "is_asked"), [(0, True), (1, False)])
def test_a_task_that_ended_on_the_first_day_of_a_quarter_is_still_asked_for(
    office, days_before, is_asked
):
    end(office.white_paper.task, on=office.period.first_day - timedelta(days=days_before))
    assert (requirements_for(office.white_paper.task, office.period).closing is None) == is_asked


def test_beside_a_quarters_number_a_value_of_the_whole_year_is_named_as_such(office):
    def words() -> str:
        requirements = requirements_for(office.white_paper.task, office.period)
        return filed_report(requirements).numbers[0].words

    assert words() == "不少于"
    office.white_paper.indicator.targets.filter(quarter=2).delete()
    assert words() == "全年不少于"
