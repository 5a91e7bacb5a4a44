"""Deeds that come too late, twice, or without their reason: refused in words,
and nothing is changed.
"""

from decimal import Decimal

import pytest

from common.errors import Refused
from ledger.models import Entry
from progress.actions.evidence import MAX_FILES, remove_evidence
from progress.models import Evidence
from publishing.actions.releases import drop_release, prepare_release, publish_release
from publishing.models import Publication, Release
from tests.fixtures.evidence import attach
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment

AUGUST_5 = moment("2013-08-05T10:00:00")


@pytest.fixture
def published(office) -> Publication:
    office.verify(office.submit())
    office.publish()
    return Publication.objects.get()


@pytest.fixture
def correct(office):
    def action(row, *, readings=None, reason_class="slip", reason="人次漏录。"):
        right = readings or {office.white_paper.indicator.pk: Decimal(4100)}
        return office.correct(
            row, readings=right, reason_class=reason_class, reason=reason, at=AUGUST_5
        )

    return action


@pytest.mark.parametrize(
    "said", [{"reason": ""}, {"reason": " \n"}, {"reason_class": "first"}, {"reason_class": ""}]
)
def test_a_correction_says_which_kind_of_mistake_and_what_was_wrong(said, published, correct):
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="写明哪里错了"):
        correct(published, **said)
    assert (Publication.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_line_that_was_corrected_meanwhile_is_not_corrected_again(published, correct):
    correct(published)
    with pytest.raises(Refused, match="请在最新一版上更正"):
        correct(published)
    assert Publication.objects.count() == 2


def test_a_corrected_number_is_measured_anew_and_what_was_not_wrong_stays(
    published, correct, office
):
    row = correct(published, readings={office.white_paper.indicator.pk: Decimal(3000)})
    assert (published.trajectory, row.trajectory) == ("on_path", "behind")
    assert row.narrative == published.narrative
    assert [finding.self_pace for finding in row.findings.all()] == [
        finding.self_pace for finding in published.findings.all()
    ]


def test_a_line_withheld_without_a_law_is_not_withheld(office):
    with pytest.raises(Refused, match="请写明法律依据"):
        office.prepare(withheld={office.white_paper.task.pk: "  "})
    assert not Release.objects.exists()


def test_a_published_release_cannot_be_dropped(office):
    office.verify(office.submit())
    release = office.publish()
    with pytest.raises(Refused, match="已经处理过"):
        drop_release(release=release, by=office.people.supervisor, at=AUGUST_5)
    assert Release.objects.get().state == "published"


def test_a_published_release_is_not_published_again(office):
    office.verify(office.submit())
    release = office.publish()
    with pytest.raises(Refused, match="这份报审稿已经处理过"):
        publish_release(release=release, by=office.people.publisher, at=AUGUST_5)
    assert Publication.objects.count() == 1


def test_an_open_quarter_is_not_put_up_for_release(office):
    with pytest.raises(Refused, match="不能这样处理"):
        prepare_release(
            period=office.period,
            withheld={},
            rest_public=True,
            by=office.people.supervisor,
            at=JULY_5,
        )


def test_a_very_small_office_may_let_one_person_do_both_and_the_release_says_so(office, settings):
    settings.TWO_PERSON_RELEASE = False
    release = office.approve(office.prepare())
    publish_release(release=release, by=office.people.supervisor, at=JULY_30)
    assert (Release.objects.get().two_persons, Publication.objects.count()) == (False, 1)


def test_a_unit_attaches_ten_files_of_evidence_and_no_eleventh(office):
    report = office.save()
    for number in range(MAX_FILES):
        attach(office, report, f"{number}.pdf")
    with pytest.raises(Refused, match="最多上传 10 份"):
        attach(office, report, "10.pdf")
    assert Evidence.objects.count() == MAX_FILES


def test_the_same_evidence_is_not_attached_twice(office):
    report = office.save()
    attach(office, report)
    with pytest.raises(Refused, match="已经上传过了"):
        attach(office, report)


def test_submitted_evidence_stays_when_the_report_is_returned(office):
    report = office.save()
    paper = attach(office, report, at=JULY_2)
    report = office.submit(version=report.version)
    with pytest.raises(Refused, match="现在是“已报送，待核查”，不能再做这一步"):
        remove_evidence(evidence=paper)
    report.status, report.return_reason, report.returned_at = "returned", "补充", JULY_5
    report.save()
    with pytest.raises(Refused, match="已经报送过的佐证材料不能删除"):
        remove_evidence(evidence=paper)
    assert Evidence.objects.count() == 1
