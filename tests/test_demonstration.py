"""The demonstration shows everything once and hides nothing: it is marked, and it went through the real deeds."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from departments.models import Department, Role
from feedback.models import Ticket
from ledger.models import Entry
from ledger.verification import verify
from progress.models import (
    Pace,
    ProgressReport,
    Publication,
    ReasonClass,
    Reporting,
    ReportingPeriod,
    ReportStatus,
    State,
    Timing,
    Trajectory,
)
from tasks.models import ChangeRequest, Plan, Responsibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def seen(field: str) -> set[str]:
    return set(Publication.objects.values_list(field, flat=True))


def test_every_word_of_every_axis_is_seen_once():
    assert seen("headline") == set(State.values)
    assert seen("self_pace") >= set(Pace.values) - {Pace.NOT_DONE}
    assert seen("assessment_pace") >= set(Pace.values)
    # 临期 needs a day within a fortnight after a quarter's end, and neither document prints one.
    assert seen("timing") == {*Timing.values, ""} - {Timing.CLOSE}
    assert seen("trajectory") == set(Trajectory.values)
    assert seen("reporting") == {Reporting.ON_TIME, Reporting.LATE, Reporting.RETROACTIVE, Reporting.MISSING}
    assert seen("reason_class") >= {ReasonClass.FIRST, ReasonClass.LATE, ReasonClass.ASSESSED, ReasonClass.DATA}


def test_the_awkward_cases_are_there():
    assert ChangeRequest.objects.get().demonstration
    assert Publication.objects.current().disagreeing().exists()
    assert ProgressReport.objects.filter(status=ReportStatus.RETURNED).exists()
    assert Publication.objects.filter(task__code="wp2013-17", assessor_unit="督查室").exists()
    assert Publication.objects.filter(task__code="wp2013-19", assessor_unit="监察局").exists()
    joint = ProgressReport.objects.get(task__code="wp2013-17", period__index=2)
    assert joint.contributions.count() == 4


def test_most_owners_of_the_plan_without_its_annex_stay_unconfirmed():
    owners = Responsibility.objects.in_force().filter(task__plan__slug="ap2017", kind="lead")
    assert owners.filter(basis="proposed").count() > owners.filter(basis="designated").count() > 0


def test_every_figure_and_letter_is_marked():
    assert not Publication.objects.filter(demonstration=False).exists()
    assert not ReportingPeriod.objects.filter(demonstration=False).exists()
    assert not Ticket.objects.filter(demonstration=False).exists()


def test_the_quarters_happened_in_their_years_and_the_record_holds():
    years = {moment.year for moment in Entry.objects.filter(verb="publish").values_list("happened_at", flat=True)}
    assert years == {2013, 2014, 2017}
    assert verify().sound


def test_one_quarter_is_open_for_trying():
    period = ReportingPeriod.objects.get(state="open")
    assert (period.plan.slug, period.index, period.retroactive) == ("ap2017", 4, True)


def test_nothing_was_collected_before_the_tracking_began():
    assert not ReportingPeriod.objects.filter(plan__slug="ap2017", index=1).exists()
    assert Plan.objects.get(slug="ap2017").tracked_from.isoformat() == "2017-04-01"


def test_every_responsible_unit_has_somebody_to_sign_in():
    answering = Department.objects.filter(responsibilities__valid_to=None, responsibilities__isnull=False).distinct()
    assert all(unit.memberships.filter(role=Role.REPORTER).exists() for unit in answering)


def test_a_second_loading_changes_nothing_and_shows_no_password():
    before, out = Entry.objects.count(), io.StringIO()
    call_command("load_demo", stdout=out)
    assert Entry.objects.count() == before
    assert "没有变化" in out.getvalue()
    assert "密码" not in out.getvalue()


@override_settings(DEMO=False)
def test_a_real_site_refuses_the_demonstration():
    with pytest.raises(CommandError, match="演示数据只能装入演示库"):
        call_command("load_demo")
