"""The quarter the demonstration leaves open for visitors, on days no official calendar reaches."""

from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from common.errors import Refused
from demo.samples.people import load_people
from demo.stage import Stage
from progress.actions.periods import open_period
from progress.models import ExtensionRequest, ReportingPeriod

FOLDER = settings.FIXTURES / "demo"
# Ten working days on, by hand; 元旦 is off by law.
CLOCKS = [
    ("2026-12-31T23:30:00+08:00", date(2027, 1, 15)),  # 4-8 and 11-15 January
    ("2027-01-01T00:10:00+08:00", date(2027, 1, 15)),
    ("2027-02-16T10:00:00+08:00", date(2027, 3, 2)),  # 17-19, 22-26 February, 1 and 2 March
    ("2028-02-29T10:00:00+08:00", date(2028, 3, 14)),  # 1-3, 6-10, 13 and 14 March
]


@pytest.fixture
def stage(db, settings):
    """The plan of 2017 with its people; of its quarters only the one opened today is played."""
    settings.DEMO = True
    document = next(one for one in settings.SITE["documents"] if one["slug"] == "ap2017")
    owners = settings.FIXTURES / document["responsibilities"]
    call_command("import_departments", settings.FIXTURES / "departments.csv", verbosity=0)
    call_command("load_calendar", 2017, 2018, 2026, verbosity=0)
    call_command("import_plan", settings.FIXTURES / document["file"], slug="ap2017", verbosity=0)
    call_command("import_responsibilities", owners, basis="proposed", plan="ap2017", verbosity=0)
    load_people(FOLDER, at=timezone.now())
    stage = Stage(FOLDER / "ap2017.toml")
    stage.plan.state = "published"
    stage.plan.save()
    stage.script["period"] = [row for row in stage.script["period"] if row.get("open_today")]
    return stage


@pytest.mark.parametrize(("clock", "due_on"), CLOCKS)
def test_the_quarter_of_the_demonstration_is_open_and_due_ten_working_days_on(
    clock, due_on, stage, client, time_machine
):
    time_machine.move_to(clock, tick=False)
    stage.play(today=timezone.localdate())
    period = ReportingPeriod.objects.get(state="open")
    assert (period.plan.slug, period.index) == ("ap2017", 4)
    assert (period.opens_on, period.due_on) == (timezone.localdate(), due_on)
    asked = ExtensionRequest.objects.get()
    assert asked.period == period
    for person, address in ((stage.supervisor, "/staff/periods/"), (asked.requested_by, "/staff/")):
        client.force_login(person)
        assert "暂按周一至周五推算" in client.get(address).content.decode()


def test_a_real_period_without_a_calendar_stays_closed_and_says_what_to_do(stage, time_machine):
    time_machine.move_to(CLOCKS[1][0], tick=False)
    stage.play(today=timezone.localdate())
    period = ReportingPeriod.objects.get(state="scheduled", index=3)
    ReportingPeriod.objects.filter(pk=period.pk).update(demonstration=False)
    day = timezone.localdate()
    with pytest.raises(Refused, match="在“参考数据 › 工作日历 › 增加”里录入"):
        open_period(period=period, by=stage.supervisor, at=timezone.now(), on=day)
