"""The demonstration shows everything once and hides nothing: it is marked,
and it went through the real actions.
"""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from departments.models import CalendarDay, Department, Role
from feedback.choices import TicketStatus
from feedback.models import Addition, Rating, Reply, Ticket, TicketEvent
from ledger import triggers
from ledger.models import Entry
from ledger.verification import verify
from progress.choices import (
    PUBLISHED_STATES,
    Pace,
    Reporting,
    ReportStatus,
    State,
    Timing,
    Trajectory,
)
from progress.models import ExtensionRequest, Nudge, ProgressReport, ReportingPeriod
from publishing.choices import ReasonClass
from publishing.models import Publication
from supervision.models import SupervisionSlip
from supervision.read_models.proposals import proposals_for
from tasks.models import ChangeRequest, Plan, Responsibility
from tests.fixtures.crawl import FewOfEachKind, crawl

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def seen(field: str) -> set[str]:
    return set(Publication.objects.values_list(field, flat=True))


def test_the_demonstration_shows_every_status_of_every_dimension():
    # No task of the sample has been ended by a paper yet, and no quarter was closed early.
    unseen = {State.ENDED, State.SUCCEEDED, State.CLOSED_EARLY}
    assert seen("headline") == set(PUBLISHED_STATES) - unseen
    assert seen("self_pace") >= set(Pace.values) - {Pace.NOT_DONE}
    assert seen("assessment_pace") >= set(Pace.values)
    # 临期 needs a day within a fortnight after a quarter's end, and neither document prints one.
    assert seen("timing") == {*Timing.values, ""} - {Timing.CLOSE}
    assert seen("trajectory") == set(Trajectory.values)
    assert seen("reporting") == {*Reporting.values} - {
        Reporting.NOT_DUE,
        Reporting.NOT_ASKED,
        Reporting.NOT_COLLECTED,
        Reporting.CLOSED_EARLY,
    }
    assert seen("reason_class") >= {
        ReasonClass.FIRST,
        ReasonClass.LATE,
        ReasonClass.ASSESSED,
        ReasonClass.DATA,
    }


def test_the_awkward_cases_are_there():
    assert ChangeRequest.objects.get().demonstration
    assert Publication.objects.current().disagreeing().exists()
    assert ProgressReport.objects.filter(status=ReportStatus.RETURNED).exists()
    assert Publication.objects.filter(task__code="wp2013-17", assessor_unit="督查室").exists()
    assert Publication.objects.filter(task__code="wp2013-19", assessor_unit="监察局").exists()
    joint = ProgressReport.objects.get(task__code="wp2013-17", period__index=2)
    assert joint.contributions.count() == 7
    assert [nudge.department.short_name for nudge in Nudge.objects.all()] == ["环水局"]
    assert silent_publications() == {("wp2013-17", 2, "环水局")}


def silent_publications() -> set[tuple[str, int, str]]:
    rows = Publication.objects.current().exclude(silent_units="")
    return set(rows.values_list("task__code", "period__index", "silent_units"))


def test_a_slip_in_every_state_each_marked_and_what_the_rules_suggest():
    slips = {slip.task.code: slip for slip in SupervisionSlip.objects.select_related("task")}
    states = {code: (slip.state, slip.level) for code, slip in slips.items()}
    assert states == {
        "wp2013-16": ("closed", "blue"),
        "ap2017-28": ("issued", "yellow"),
        "ap2017-31": ("replied", "blue"),
        "ap2017-43": ("issued", "yellow"),
        "ap2017-27": ("issued", "blue"),
        "ap2017-37": ("withdrawn", "yellow"),
    }
    assert all(slip.demonstration for slip in slips.values())
    assert slips["ap2017-43"].due_on >= timezone.localdate()
    proposed = proposals_for(slips["ap2017-27"].issued_by, timezone.localdate())
    found = [(one.verb, one.task.code) for one in proposed]
    assert found == [("提高级别", "ap2017-27"), ("开督办单", "ap2017-20")]
    assert "已退回修改 2 次" in proposed[1].why


def test_a_page_of_each_kind_is_answered_by_each_database():
    met = crawl(Client(), "/", avoiding=FewOfEachKind(2))
    assert {address: page.status for address, page in met.items() if page.status >= 400} == {}
    assert {"/dashboard/", "/quarters/2017-3/", "/search/"} <= {at.split("?")[0] for at in met}


def test_most_owners_of_the_plan_without_its_annex_stay_unconfirmed():
    owners = Responsibility.objects.in_force().filter(task__plan__slug="ap2017", kind="lead")
    assert owners.filter(basis="proposed").count() > owners.filter(basis="designated").count() > 0


def test_every_figure_and_letter_is_marked():
    assert not Publication.objects.filter(demonstration=False).exists()
    assert not ReportingPeriod.objects.filter(demonstration=False).exists()
    assert not Ticket.objects.filter(demonstration=False).exists()


def test_the_demonstration_brought_a_letter_to_every_state_by_its_actions():
    seen = set(Ticket.objects.values_list("status", flat=True))
    rare = {TicketStatus.CHECKING, TicketStatus.DECLINED, TicketStatus.SPAM, TicketStatus.WITHDRAWN}
    assert seen == set(TicketStatus) - rare
    verbs = set(TicketEvent.objects.values_list("verb", flat=True))
    assert verbs >= {
        "ask_more",
        "supplement",
        "ask_extension",
        "merge",
        "rate",
        "reopen",
        "escalate",
        "close",
    }
    assert verbs >= {"reassign", "redirect", "take_down", "dispute", "decide_review"}
    assert (
        Ticket.objects.filter(merged_into__isnull=False).values("merged_into").distinct().count()
        == 1
    )
    assert Ticket.objects.filter(escalated_at__isnull=False).count() == 2
    assert set(Rating.objects.values_list("grade", flat=True)) == {"very_bad", "bad", "good"}
    assert (Ticket.objects.to_notify().count(), Ticket.objects.to_follow_up().count()) == (1, 1)
    reopened = Ticket.objects.get(opening=2)
    assert (reopened.status, reopened.replies.get().rating.grade) == ("handling", "bad")
    assert Ticket.objects.exclude(photo="").get().photo.size > 0


def test_every_word_typed_into_a_letter_is_marked():
    said = [
        *Ticket.objects.values_list("text", flat=True),
        *Addition.objects.values_list("text", flat=True),
    ]
    said += [
        *Rating.objects.values_list("words", flat=True),
        *Reply.objects.values_list("text", flat=True),
    ]
    said += TicketEvent.objects.filter(verb="ask_more").values_list("public_note", flat=True)
    said += TicketEvent.objects.exclude(inner_note="").values_list("inner_note", flat=True)
    for words in ("public_text", "public_reply", "taken_down_reason", "review_note"):
        said += Ticket.objects.exclude(**{words: ""}).values_list(words, flat=True)
    assert [words for words in said if not words.startswith("【演示】")] == []


def test_the_quarters_happened_in_their_years_and_the_record_holds():
    years = {
        moment.year
        for moment in Entry.objects.filter(verb="publish").values_list("happened_at", flat=True)
    }
    assert years == {2013, 2014, 2017}
    assert verify().sound


def test_one_quarter_is_open_for_trying():
    period = ReportingPeriod.objects.get(state="open")
    assert (period.plan.slug, period.index, period.retroactive) == ("ap2017", 4, True)
    assert period.opens_on == timezone.localdate()
    assert CalendarDay.objects.working_days_between(period.opens_on, period.due_on) == 10
    assert ExtensionRequest.objects.filter(period=period, state="asked").exists()


def test_nothing_was_collected_before_the_tracking_began():
    assert not ReportingPeriod.objects.filter(plan__slug="ap2017", index=1).exists()
    assert Plan.objects.get(slug="ap2017").tracked_from.isoformat() == "2017-04-01"


def test_every_responsible_unit_has_somebody_to_sign_in():
    answering = Department.objects.filter(
        responsibilities__valid_to=None, responsibilities__isnull=False
    ).distinct()
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


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_byte_changed_in_the_record_is_named_by_the_command(place, capsys):
    seq = {"first": 1, "middle": Entry.objects.count() // 2, "last": Entry.objects.count()}[place]
    call_command("verify_ledger")
    payload = Entry.objects.get(seq=seq).payload
    changed = payload[:20] + ("0" if payload[20] != "0" else "1") + payload[21:]
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET payload = %s WHERE seq = %s", [changed, seq])
    triggers.install(connection)
    with pytest.raises(CommandError, match=r"公开记录有 \d 处不符"):
        call_command("verify_ledger")
    assert f"第 {seq} 条" in capsys.readouterr().err
