"""What the public reads on the day of the release, from where each report stands."""

import pytest

from progress.actions.reviews import return_report
from progress.actions.signing import send_to_sign
from publishing.models import Publication
from tests.fixtures.quarter import JULY_2, JULY_5


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
    returned: ("退回修改中", "", "", "按时报送", JULY_2, False),
    returned_and_begun_anew: ("退回修改中", "", "", "按时报送", JULY_2, False),
    returned_and_sent_to_sign: ("退回修改中", "", "", "按时报送", JULY_2, False),
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
