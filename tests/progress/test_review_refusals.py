"""What a supervisor may not do with a report or a period, and what its form asks for first."""

import pytest

from common.errors import Refused
from departments.models import CalendarDay
from progress.actions.periods import generate_periods
from progress.actions.reviews import agree_with_report
from progress.forms.review import VerdictForm
from progress.models import Assessment, ReportingPeriod
from progress.requirements.loading import requirements_for
from tests.fixtures.quarter import JULY_2, JULY_5


def test_a_report_that_needs_a_closer_look_is_not_agreed_with_in_one_step(office):
    report = office.submit()
    report.help_needed = "请协调场地"
    report.save()
    with pytest.raises(Refused, match="这份填报要细看，不能一键通过") as refusal:
        agree_with_report(
            report=report,
            how="paper",
            confidence="medium",
            by=office.people.supervisor,
            at=JULY_5,
        )
    assert "单位提出了需协调事项。" in refusal.value.reasons[1:]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("note", "errors"), [("签到表缺页", []), ("", ["与单位自评不同，请写明核查意见。"])]
)
def test_the_form_asks_why_a_single_commitment_is_judged_otherwise(office, note, errors):
    office.submit()
    training = office.white_paper.commitments[1]
    typed = {"pace": "on_course", "how": "paper", "confidence": "medium"}
    typed |= {f"c{training.pk}": "partly", f"n{training.pk}": note}
    form = VerdictForm(requirements_for(office.white_paper.task, office.period), typed)
    assert form.errors.get(f"n{training.pk}", []) == errors


def test_no_quarter_is_scheduled_in_a_year_whose_calendar_nobody_entered(office, calendar_2013):
    ReportingPeriod.objects.all().delete()
    plan, by = office.white_paper.plan, office.people.supervisor
    with pytest.raises(Refused, match="2014年的工作日历还没有录入"):
        generate_periods(plan=plan, by=by, at=JULY_2)
    assert not ReportingPeriod.objects.exists()
    CalendarDay.objects.all().delete()
    with pytest.raises(Refused, match="2013年的工作日历还没有录入"):
        generate_periods(plan=plan, by=by, at=JULY_2)
