"""What the public reads on the day of the release, from where each report stands."""

from dataclasses import replace

import pytest

from progress.actions.reviews import return_report
from progress.actions.signing import send_to_sign
from progress.choices import Timing
from progress.requirements.loading import requirements_for
from publishing.actions.releases import approve_release, publish_release
from publishing.drafts import draft_from
from publishing.models import Publication
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, JULY_30, moment

JUNE_20 = moment("2013-06-20T10:00:00")


def nothing(office):
    """Not even a draft."""


def draft(office):
    office.save()


def sent_to_sign(office, *, at=JULY_2):
    unit = office.units["anjianju"]
    unit.signs_reports = True
    unit.save()
    version = (
        office.white_paper.task.reports.get().version
        if office.white_paper.task.reports.exists()
        else 0
    )
    send_to_sign(report=office.save(at=at, version=version), by=office.people.reporter, at=at)


def submitted(office):
    office.submit()


def returned(office):
    return_report(report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5)


def returned_and_begun_anew(office):
    returned(office)
    office.save(version=office.white_paper.task.reports.get().version)


def returned_and_sent_to_sign(office):
    returned(office)
    sent_to_sign(office, at=JULY_5)


def verified(office):
    office.verify(office.submit(), "slow", note="记录不全。")


# Where the report stands -> headline in words, both voices, reporting, first filing day, whether
# there are words.
STANDS = {
    verified: ("推进缓慢", "on_course", "slow", "按时报送", JULY_2, True),
    submitted: ("正常推进", "on_course", "", "按时报送", JULY_2, True),
    returned: ("退回修改中", "", "", "退回修改中", JULY_2, False),
    returned_and_begun_anew: ("退回修改中", "", "", "退回修改中", JULY_2, False),
    returned_and_sent_to_sign: ("退回修改中", "", "", "退回修改中", JULY_2, False),
    sent_to_sign: ("未报送", "", "", "未报送", None, False),
    draft: ("未报送", "", "", "未报送", None, False),
    nothing: ("未报送", "", "", "未报送", None, False),
}


@pytest.mark.parametrize("stands", STANDS, ids=lambda stands: stands.__name__)
def test_the_published_line_follows_from_where_the_report_stands(office, client, stands):
    stands(office)
    office.publish()
    row = Publication.objects.get()
    seen = (
        row.get_headline_display(),
        row.self_pace,
        row.assessment_pace,
        row.get_reporting_display(),
    )
    assert (*seen, row.first_filed_at, bool(row.narrative)) == STANDS[stands]
    page = client.get(row.get_absolute_url()).content.decode()
    assert ("单位自评，督查单位待核查" in page) is (stands is submitted)
    assert ("于2013年7月2日首次报送，督查单位已退回补充" in page) is stands.__name__.startswith(
        "returned"
    )
    assert ("责任单位没有报送这个季度的进展" in page) is (stands in {sent_to_sign, draft, nothing})
    assert office.filing.narrative in page or not row.narrative


# The same when the quarter is closed a week before its due day: the words in which a report is
# missing, and how it was reported.
CUT_SHORT = {
    submitted: ("正常推进", "按时报送"),
    returned: ("退回修改中", "退回修改中"),
    sent_to_sign: ("提前截止时未报送", "提前截止时未报送"),
    nothing: ("提前截止时未报送", "提前截止时未报送"),
}


@pytest.mark.parametrize("day", [JULY_5, JULY_30], ids=["that_day", "after_the_due_day"])
@pytest.mark.parametrize("stands", CUT_SHORT, ids=lambda stands: stands.__name__)
def test_a_quarter_closed_early_blames_nobody_for_a_report_that_had_time(
    office, client, stands, day
):
    stands(office)
    release = office.prepare(early="提前开会")
    release.refresh_from_db()
    publish_release(release=approved(office, release, day), by=office.people.publisher, at=day)
    row = Publication.objects.get()
    assert (row.get_headline_display(), row.get_reporting_display()) == CUT_SHORT[stands]
    page = client.get(row.get_absolute_url()).content.decode()
    assert ("填报原定2013年7月12日截止，提前截止了" in page) is (stands in {sent_to_sign, nothing})
    assert "责任单位没有报送这个季度的进展" not in page


def approved(office, release, day):
    said = {"approved_by": "区府办主任", "approved_on": day.date(), "scan": None}
    return approve_release(release=release, **said, by=office.people.supervisor, at=day)


def test_a_late_report_that_was_sent_back_is_published_as_returned_with_its_first_day(office):
    report = office.submit(at=JULY_2)
    late = moment("2013-07-15T10:00:00")
    office.white_paper.task.reports.update(submitted_at=late, first_submitted_at=late)
    report.refresh_from_db()
    return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_16)
    office.publish()
    row = Publication.objects.get()
    assert (row.headline, row.reporting, row.first_filed_at) == ("returned", "returned", late)


@pytest.mark.parametrize(
    ("released", "data_day"), [(JULY_30, "2013-06-30"), (JUNE_20, "2013-06-20")]
)
def test_the_data_day_is_never_after_the_day_of_the_release(office, released, data_day):
    office.verify(office.submit())
    requirements = requirements_for(office.white_paper.task, office.period)
    row = draft_from(requirements, at=released).publication
    assert row.data_date.isoformat() == data_day


def test_a_promise_is_overdue_only_from_the_day_after_its_day_also_in_a_release_before_it(office):
    slow = {
        commitment.pk: ("slow", "场地未定") for commitment in office.white_paper.commitments[1:]
    }
    office.submit(replace(office.filing, findings=slow, pace="slow", pace_reason="因"))
    requirements = requirements_for(office.white_paper.task, office.period)
    told = [draft_from(requirements, at=at).publication.timing for at in (JUNE_20, JULY_30)]
    assert told == [Timing.CLOSE, Timing.OVERDUE]
