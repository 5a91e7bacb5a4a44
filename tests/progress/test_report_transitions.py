"""Every action tried in every state: done where the table says,
else refused and nothing is changed.
"""

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pytest

from departments.models import Department
from progress import permissions
from progress.actions.periods import close_period, open_period
from progress.actions.reports import submit_report
from progress.actions.reviews import Verdict, return_report, verify_report
from progress.actions.signing import hand_back_report, recall_report, send_to_sign, sign_report
from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.transitions import TRANSITIONS, ReportClock
from public.ledger_words import VERBS
from publishing import permissions as publishing_permissions
from publishing.actions.releases import drop_release, prepare_release, publish_release
from publishing.actions.revisions import publish_revision
from publishing.actions.taking_back import reassess_report, send_back_report, withdraw_report
from publishing.actions.withholding import take_down_publication
from publishing.choices import ReleaseState
from publishing.models import Publication, Release
from tests.fixtures.evidence import attach
from tests.fixtures.faults import tried, undone
from tests.fixtures.quarter import JULY_5, JULY_16, JULY_30, moment

pytestmark = pytest.mark.usefixtures("standing")

AUGUST = moment("2013-08-20T10:00:00")

# Move -> the action on the report of the office.
REPORT_ACTIONS = {
    "save_draft": lambda office, report: office.save(version=report.version),
    "submit": lambda office, report: submit_report(
        report=report, by=office.people.reporter, at=JULY_5
    ),
    "verify": lambda office, report: verify_report(
        report=report, verdict=Verdict("on_course", "paper"), by=office.people.supervisor, at=JULY_5
    ),
    "return": lambda office, report: return_report(
        report=report, reason="请补签到表", by=office.people.supervisor, at=JULY_5
    ),
}
REPORT_ACTIONS |= {
    "send_to_sign": lambda office, report: send_to_sign(
        report=report, by=office.people.reporter, at=JULY_5
    ),
    "sign": lambda office, report: sign_report(
        report=report, by=office.people.colleague, at=JULY_5
    ),
    "hand_back": lambda office, report: hand_back_report(
        report=report, reason="缺签到表", by=office.people.colleague, at=JULY_5
    ),
    "recall": lambda office, report: recall_report(
        report=report, by=office.people.reporter, at=JULY_5
    ),
    "add_signed_form": lambda office, report: attach(
        office, report, is_public=False, kind="signed_form", at=JULY_5
    ),
}
REPORT_ACTIONS |= {
    "withdraw": lambda office, report: withdraw_report(
        report=report, by=office.people.reporter, at=JULY_5
    ),
    "reassess": lambda office, report: reassess_report(
        report=report, by=office.people.supervisor, at=JULY_5
    ),
}
WHERE_A_SECOND_PERSON_SIGNS = {"send_to_sign", "sign", "hand_back", "recall"}
# What is only done to all reports of a quarter at once.
WITH_THE_QUARTER = {"release"}
# Written down a second time on purpose: a row of the table that is widened or narrowed fails below.
# Move -> (from which statuses, to which one; "" where the status stays).
REPORT_MOVES = {
    "save_draft": ({"draft", "returned"}, ""),
    "submit": ({"draft", "returned"}, "submitted"),
    "send_to_sign": ({"draft", "returned"}, "signing"),
    "sign": ({"signing"}, "submitted"),
    "hand_back": ({"signing"}, "draft"),
    "recall": ({"signing"}, "draft"),
    "add_signed_form": ({"draft", "returned", "signing", "submitted"}, ""),
    "withdraw": ({"submitted"}, "draft"),
    "verify": ({"submitted"}, "verified"),
    "reassess": ({"verified"}, "submitted"),
    "return": ({"submitted"}, "returned"),
    "release": ({"verified"}, "released"),
}
# Move -> the predicate that says who may.
WHO_MAY = {
    "save_draft": "can_file",
    "submit": "can_file",
    "send_to_sign": "can_file",
    "add_signed_form": "can_file",
    "sign": "can_sign",
    "hand_back": "can_sign",
    "recall": "can_recall",
    "withdraw": "can_recall",
    "verify": "can_review",
    "reassess": "can_review",
    "return": "can_review",
    "release": "can_publish",
}
# Move -> its word in the record; a draft and a release leave no entry of a report.
LEDGER_WORDS = {
    "submit": "报送",
    "send_to_sign": "送审签",
    "sign": "审签",
    "hand_back": "审签退回填报员",
    "recall": "从审签收回修改",
    "add_signed_form": "补交盖章报告表",
    "withdraw": "收回报送",
    "verify": "审核",
    "reassess": "撤回核定，重新核查",
    "return": "退回修改",
}
# A unit writes while the quarter is open, late after its release, and in between only where a
# report came back.
FILING = {"save_draft", "submit", "send_to_sign", "sign", "recall", "withdraw"}
TAKES_FILINGS = {
    PeriodState.OPEN: set(ReportStatus),
    PeriodState.RELEASED: set(ReportStatus),
    PeriodState.CLOSED: {"returned"},
}


@dataclass
class Quarter:
    """A quarter put into one of its states, with what its actions are done to."""

    office: object
    period: ReportingPeriod
    release: Release
    report: ProgressReport


QUARTER_ACTIONS = {
    "open": lambda q: open_period(period=q.period, by=q.office.people.supervisor, at=JULY_5),
    "close": lambda q: close_period(period=q.period, by=q.office.people.supervisor, at=JULY_16),
    "prepare": lambda q: prepare_release(
        period=q.period, withheld={}, rest_public=True, by=q.office.people.supervisor, at=JULY_5
    ),
    "approve": lambda q: q.office.approve(q.release),
    "drop": lambda q: drop_release(release=q.release, by=q.office.people.supervisor, at=JULY_5),
    "publish": lambda q: publish_release(
        release=q.release, by=q.office.people.publisher, at=JULY_30
    ),
    "add": lambda q: publish_revision(report=q.report, by=q.office.people.publisher, at=AUGUST),
    "correct": lambda q: q.office.correct(
        readings={q.office.white_paper.indicator.pk: Decimal(4100)}, at=AUGUST
    ),
    "take_down": lambda q: take_down_publication(
        publication=Publication.objects.get(is_current=True),
        legal_basis="《个人信息保护法》第四十七条",
        reason="有姓名",
        by=q.office.people.publisher,
        at=AUGUST,
    ),
}
# (state of the quarter, state of its release) -> what may be done to it.
QUARTER_MOVES = {
    (PeriodState.SCHEDULED, ""): {"open"},
    (PeriodState.OPEN, ""): {"close"},
    (PeriodState.CLOSED, ""): {"prepare"},
    (PeriodState.CLOSED, ReleaseState.PREPARED): {"approve", "drop", "publish"},
    (PeriodState.CLOSED, ReleaseState.DROPPED): {"prepare"},
    (PeriodState.RELEASED, ReleaseState.PUBLISHED): {"add", "correct", "take_down"},
}


def in_state(office, status: str, state: str = PeriodState.OPEN) -> ProgressReport:
    """The report put where the test wants it, with what the database asks of that state."""
    report = office.submit()
    if status in {ReportStatus.VERIFIED, ReportStatus.RELEASED}:
        office.verify(report)
    facts = {
        ReportStatus.RETURNED: {"returned_at": JULY_5, "return_reason": "请补"},
        ReportStatus.SIGNING: {"sent_at": JULY_5, "sent_by": office.people.reporter},
    }
    ProgressReport.objects.update(status=status, **facts.get(status, {}))
    ReportingPeriod.objects.update(
        state=state, released_at=JULY_30 if state == PeriodState.RELEASED else None
    )
    office.period.refresh_from_db()
    return ProgressReport.objects.get(pk=report.pk)


def test_every_transition_of_a_report_is_tried_in_this_module():
    assert REPORT_ACTIONS.keys() == TRANSITIONS.keys() - WITH_THE_QUARTER
    assert REPORT_MOVES.keys() == TRANSITIONS.keys()


def test_every_transition_of_a_report_has_its_word_in_the_record():
    recorded = {row.verb: row.ledger_verb for row in TRANSITIONS.values() if row.ledger_verb}
    assert recorded == {verb: verb for verb in LEDGER_WORDS}
    assert {verb: VERBS[verb] for verb in recorded.values()} == LEDGER_WORDS


def test_every_transition_of_a_report_is_guarded_by_a_predicate_that_is_there():
    by_name = vars(publishing_permissions) | vars(permissions)
    unguarded = [v for v, row in TRANSITIONS.items() if not callable(by_name.get(row.permission))]
    assert unguarded == []
    assert {verb: row.permission for verb, row in TRANSITIONS.items()} == WHO_MAY


# Clock -> the day that the transition leaves behind.
DAYS = {
    ReportClock.FILED: lambda report: report.submitted_at,
    ReportClock.REOPENED: lambda report: report.returned_at,
    ReportClock.ASSESSED: lambda report: report.assessments.get().assessed_at,
    ReportClock.WITHDRAWN: lambda report: report.withdrawn_at,
}


@pytest.mark.parametrize("move", [row.verb for row in TRANSITIONS.values() if row.clock])
def test_a_transition_with_a_clock_sets_its_day_and_keeps_the_first_filing_day(office, move):
    (status,) = REPORT_MOVES[move][0] - {"returned"}
    report = in_state(office, status)
    Department.objects.update(signs_reports=move in WHERE_A_SECOND_PERSON_SIGNS)
    REPORT_ACTIONS[move](office, report)
    moved = ProgressReport.objects.get()
    assert DAYS[TRANSITIONS[move].clock](moved) == JULY_5
    assert moved.first_submitted_at == report.first_submitted_at < JULY_5


@pytest.mark.parametrize("state", PeriodState)
@pytest.mark.parametrize("status", ReportStatus)
def test_a_report_takes_exactly_the_transitions_of_the_table(office, status, state):
    report, found = in_state(office, status, state), {}
    for move, action in REPORT_ACTIONS.items():
        with undone():
            Department.objects.update(signs_reports=move in WHERE_A_SECOND_PERSON_SIGNS)
            done = tried(partial(action, office, copy(report)))
            found[move] = (done, ProgressReport.objects.get().status)
    assert found == {move: expected(move, status, state) for move in REPORT_ACTIONS}


def expected(move: str, status: str, state: str) -> tuple[bool, str]:
    """Whether it may be done, and where the report is afterwards."""
    sources, target = REPORT_MOVES[move]
    allowed = status in sources
    if move in FILING:
        allowed = allowed and status in TAKES_FILINGS.get(state, set())
    return allowed, (target or status) if allowed else status


@pytest.mark.parametrize("status", ReportStatus)
def test_a_supervisor_sends_a_report_back_before_and_after_the_verdict_and_never_later(
    office, status
):
    report = in_state(office, status)
    person = office.people.supervisor
    done = tried(lambda: send_back_report(report=report, reason="请补", by=person, at=JULY_5))
    assert done == (status in {"submitted", "verified"})
    assert ProgressReport.objects.get().status == ("returned" if done else status)


@pytest.mark.parametrize("status", ReportStatus)
def test_only_a_verified_report_is_moved_on_by_the_release(office, status):
    in_state(office, status)
    office.publish()
    sources, target = REPORT_MOVES["release"]
    assert ProgressReport.objects.get().status == (target if status in sources else status)


def bring_to(office, state: str, release: str) -> Quarter:
    """Through the actions themselves; after a release somebody assesses what
    was published unassessed.
    """
    report = office.submit()
    if state == PeriodState.SCHEDULED:
        ReportingPeriod.objects.update(state=state)
    elif state == PeriodState.CLOSED and not release:
        close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    elif release:
        office.publish() if release == ReleaseState.PUBLISHED else office.approve(office.prepare())
    if release == ReleaseState.DROPPED:
        drop_release(release=Release.objects.get(), by=office.people.supervisor, at=JULY_5)
    if release == ReleaseState.PUBLISHED:
        office.verify(report, at=AUGUST)
    return Quarter(office, ReportingPeriod.objects.get(), Release.objects.first(), report)


# Nobody approves, drops or publishes a release before one was prepared, or changes what was not
# published.
NEEDS_A_RELEASE, NEEDS_A_PUBLICATION = {"approve", "drop", "publish"}, {"correct", "take_down"}
TRIED = [
    (move, where)
    for move in QUARTER_ACTIONS
    for where in QUARTER_MOVES
    if (where[1] or move not in NEEDS_A_RELEASE)
    and (where[0] == PeriodState.RELEASED or move not in NEEDS_A_PUBLICATION)
]


@pytest.mark.parametrize(("move", "where"), TRIED)
def test_a_period_takes_exactly_the_transitions_of_the_table(office, move, where):
    quarter = bring_to(office, *where)
    assert tried(lambda: QUARTER_ACTIONS[move](quarter)) == (move in QUARTER_MOVES[where])
