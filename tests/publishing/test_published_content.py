"""What the line of a task says when it is published: whose words, and whether it was in time."""

from dataclasses import replace

import pytest

from progress.actions.reports import Filing, submit_report
from publishing.models import Publication
from tests.fixtures.quarter import JULY_5, moment
from tests.fixtures.report_form import add_supporting_unit

DUE_DAY = moment("2013-07-12T10:00:00")


@pytest.fixture
def joint(office):
    """安监局 leads, 教育局 supports."""
    add_supporting_unit(office)
    return office


def publish_with(office, part: Filing) -> Publication:
    """The line after 教育局 filed this part and 安监局 submitted the report."""
    report = office.save()
    office.save(part, unit="jiaoyuju", by=office.people.stranger, version=1)
    submit_report(report=report, by=office.people.reporter, at=JULY_5)
    office.publish()
    return Publication.objects.get()


def test_a_unit_that_gave_an_answer_without_words_is_not_quoted(joint):
    answer = Filing(findings={joint.white_paper.commitments[1].pk: ("done", "")})
    assert publish_with(joint, answer).narrative == joint.filing.narrative


def test_of_two_units_with_words_each_is_quoted_under_its_name(joint):
    row = publish_with(joint, Filing(narrative="学校培训500人次。"))
    lines = [f"安监局：{joint.filing.narrative}", "教育局：学校培训500人次。"]
    assert row.narrative.split("\n\n") == lines


@pytest.mark.parametrize(("pace", "timing"), [("not_done", "overdue"), ("done", "not_due")])
def test_a_commitment_not_kept_on_the_last_day_of_its_quarter_is_published_as_overdue(
    office, pace, timing
):
    """Due on 30 June, the last day of the quarter; the goal of the year is due in December."""
    exercise = office.white_paper.commitments[2]
    findings = office.filing.findings | {exercise.pk: (pace, "场地检修")}
    arguments = {"findings": findings, "pace": "slow" if pace == "not_done" else "on_course"}
    office.submit(replace(office.filing, **arguments))
    office.publish()
    row = Publication.objects.get()
    assert (row.timing, row.get_timing_display()) == (
        timing,
        {"overdue": "逾期", "not_due": "未到期"}[timing],
    )
