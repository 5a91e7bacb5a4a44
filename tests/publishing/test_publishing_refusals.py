"""What is not published, corrected or withdrawn, and by whom: refused in words."""

import pytest

from common.errors import Refused
from progress.actions.extensions import grant_extension
from publishing.actions.corrections import publish_correction, withdraw_correction
from publishing.actions.releases import prepare_release, publish_release
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.forms.corrections import CorrectionForm
from publishing.models import CorrectionRequest, Publication, Release
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.requests import ask

AUGUST_9, AUGUST_10 = moment("2013-08-09T10:00:00"), moment("2013-08-10T10:00:00")


@pytest.fixture
def published(office) -> Publication:
    office.verify(office.submit())
    office.publish()
    return Publication.objects.get()


def test_a_quarter_has_no_second_release_beside_one_that_waits(office):
    office.prepare()
    judge = office.people.supervisor
    with pytest.raises(Refused, match="2013年第二季度已经有一份待发布的报审稿"):
        prepare_release(period=office.period, withheld={}, rest_public=True, by=judge, at=JULY_5)
    assert Release.objects.count() == 1


def test_whoever_prepared_a_release_does_not_publish_it(office):
    release = office.approve(office.prepare())
    with pytest.raises(Refused, match="准备和发布须由两个人完成"):
        publish_release(release=release, by=office.people.supervisor, at=JULY_30)
    assert not Publication.objects.exists()


@pytest.mark.parametrize("said", [{"reason": " "}, {"reason_class": "first"}])
def test_a_correction_without_its_reason_is_not_proposed(office, published, said):
    with pytest.raises(Refused, match="更正请选择原因，并写明哪里错了"):
        office.propose(published, narrative="完成培训 4100 人次。", **said)
    assert not CorrectionRequest.objects.exists()


def test_a_revision_that_was_followed_by_another_is_not_corrected(office, published):
    office.correct(published, narrative="完成培训 4100 人次。")
    with pytest.raises(Refused, match="这一版已被更新，请在最新一版上更正"):
        office.propose(published, narrative="完成培训 4200 人次。")


def test_a_correction_is_not_withdrawn_by_another_unit(office, published):
    proposed = office.propose(published, narrative="完成培训 4100 人次。")
    with pytest.raises(Refused, match="由提出更正的安监局收回"):
        withdraw_correction(request=proposed, by=office.people.stranger, at=JULY_30)
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_a_correction_form_without_a_change_is_refused(office, published):
    form = CorrectionForm(published, "unit")
    shown = {form.add_prefix(name): form[name].value() for name in form.fields}
    sent = CorrectionForm(published, "unit", shown | {"reason_class": "slip", "reason": "漏录"})
    assert sent.non_field_errors() == ["没有改动任何内容，请先改正需要更正的地方。"]


def test_a_correction_is_published_under_no_name_where_no_lead_is_left(office, published):
    proposed = office.propose(published, narrative="完成培训 4100 人次。")
    office.white_paper.task.responsibilities.all().delete()
    row = publish_correction(request=proposed, by=office.people.publisher, at=JULY_30)
    assert row.corrected_by == "责任单位（待确认）"


def test_nothing_is_added_where_nothing_new_was_filed_or_assessed(office, published):
    report = office.white_paper.task.reports.get()
    with pytest.raises(Refused, match="没有可以补充公布的内容"):
        publish_revision(report=report, by=office.people.publisher, at=AUGUST_9)
    assert Publication.objects.count() == 1


@pytest.fixture
def extended(office) -> Publication:
    """Published without a report, because the unit may file until 9 August."""
    extension = ask(office, at=JULY_2, requested_until=AUGUST_9.date())
    by = office.people.supervisor
    grant_extension(extension=extension, until=AUGUST_9.date(), by=by, at=JULY_5)
    office.publish()
    return Publication.objects.get()


def test_an_extension_is_not_said_to_have_run_out_on_its_last_day(office, extended):
    with pytest.raises(Refused, match="批准的日子还没有过"):
        publish_lapse(publication=extended, by=office.people.publisher, at=AUGUST_9)
    row = publish_lapse(publication=extended, by=office.people.publisher, at=AUGUST_10)
    assert (row.headline, row.reason) == ("not_reported", "批准的日子已过，没有报送。")


def test_no_extension_is_said_to_have_run_out_where_there_was_none(office, published):
    with pytest.raises(Refused, match="或者单位已经报送，不用写明期满未报送"):
        publish_lapse(publication=published, by=office.people.publisher, at=AUGUST_10)


def test_words_of_a_unit_that_is_no_longer_responsible_are_published_under_its_name(office):
    office.submit()
    office.white_paper.task.responsibilities.update(department=office.units["jiaoyuju"])
    office.publish()
    row = Publication.objects.get()
    assert row.narrative == office.filing.narrative
    assert '"narratives":[{"text":' in row.content
    assert '"unit":"安监局"}]' in row.content
