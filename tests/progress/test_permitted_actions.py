"""Who may do what about a quarter, verb by verb: whoever may not leaves every row as it is."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from departments.models import CalendarDay, Membership, Role, User
from progress.actions.early_closings import propose_early_closing
from progress.models import ExtensionRequest, ReportingPeriod
from publishing.models import Clearance, CorrectionRequest, Objection
from supervision.models import CoordinationItem
from tests.fixtures import coordination
from tests.fixtures.evidence import attach
from tests.fixtures.faults import undone
from tests.fixtures.lists import PDF
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import ask, object_to
from tests.fixtures.site import everything
from tests.fixtures.slips import brought_to, issue
from tests.fixtures.staff import DESK, OWN, PERIOD, RELEASE, REPORT, SLIP, STAFF, SUPERVISORS

pytestmark = pytest.mark.usefixtures("standing")

NEW_YEAR = date(2014, 1, 2)


def proposed_to_close(office) -> None:
    by = office.people.other_supervisor
    propose_early_closing(periods=[office.period], reason="提前开会", by=by, at=JULY_2)


def joint(office) -> None:
    add_supporting_unit(office)
    office.save()


def assessed(office) -> None:
    office.verify(office.submit())


def published(office) -> None:
    office.verify(office.submit())
    office.publish()


def submitted_with_a_file(office) -> None:
    attach(office, office.save())
    office.submit(version=1)


def correction(office) -> str:
    return f"/staff/publications/{office.white_paper.task.publications.get().pk}/correct/propose/"


def correction_withdrawal(office) -> str:
    return f"/staff/publications/{office.white_paper.task.publications.get().pk}/correct/withdraw/"


def wrong_words(office) -> dict:
    values = {"narrative": "改过", f"r{office.white_paper.indicator.pk}": "4000"}
    return {"reason_class": "slip", "reason": "错字", **values}


def correction_of_the_verdict(office) -> str:
    publication = office.white_paper.task.publications.get()
    return f"/staff/publications/{publication.pk}/correct-verdict/propose/"


def proposed(office) -> None:
    published(office)
    office.propose(narrative="改过")


def taken_back(office) -> dict:
    return {"correction": CorrectionRequest.objects.get().pk}


def correction_page(step: str):
    return lambda office: (
        f"/staff/requests/corrections/{CorrectionRequest.objects.get().pk}/{step}/"
    )


def scheduled(office) -> None:
    ReportingPeriod.objects.update(state="scheduled")


def closed(office) -> None:
    ReportingPeriod.objects.update(state="closed")


def objected(office) -> None:
    published(office)
    object_to(office)


def extension_page(step: str):
    return lambda office: f"/staff/requests/extensions/{ExtensionRequest.objects.get().pk}/{step}/"


def objection_to_decide(office) -> str:
    return f"/staff/requests/objections/{Objection.objects.get().pk}/"


def objection_page(office) -> str:
    return f"/staff/publications/{office.white_paper.task.publications.get().pk}/objection/"


def matter(verb: str):
    return lambda office: f"/staff/coordination/{CoordinationItem.objects.get().pk}/{verb}/"


def decided(office) -> None:
    coordination.decide(office, coordination.raised(office))


def where_a_second_signs(office) -> None:
    """Whoever sends it, there is somebody else to sign it."""
    office.save()
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    deputy = User.objects.create(username="deputy", name="副局长")
    Membership.objects.create(user=deputy, department=office.units["anjianju"], role=Role.SIGNER)


def complete(office) -> dict:
    """The form filled in again as it was saved."""
    _, training, exercise = office.white_paper.commitments
    answers = {f"c{training.pk}": "done", f"c{exercise.pk}": "done", "rest": "on"}
    return SAID | answers | {f"r{office.white_paper.indicator.pk}": "4000"}


def scan(office) -> dict:
    return {"files": SimpleUploadedFile("盖章.pdf", PDF)}


WISH = {"requested_until": "2013-07-19", "reason": "检修", "progress_so_far": "过半"}


def withheld(office) -> None:
    office.verify(office.submit())
    office.publish(withheld={office.white_paper.task.pk: "《政府信息公开条例》第十四条"})


def withholding(step: str):
    return lambda office: f"/staff/withholdings/{Clearance.objects.get().pk}/{step}/"


def take_down(office) -> str:
    return f"/staff/publications/{office.white_paper.task.publications.get().pk}/take-down/confirm/"


APPROVED = {"approved_by": "主任", "approved_on": JULY_5.date().isoformat()}
LONGER = {"extend-review_on": "2099-01-01", "extend-reason": "案件未结"}
WRONG_VERDICT = {"assessment_pace": "slow", "assessment_note": "缺页"}
WRONG_VERDICT |= {"reason_class": "slip", "reason": "看漏"}
TAKEN_DOWN = {"legal_basis": "《个人信息保护法》第47条", "reason": "因"}
SAID = {"version": "1", "narrative": "改过"}
CLOSING = {"close-note": "属实"}
SLIP_SAID = {"level": "blue", "demand": "说明", "days": "5", "basis": "抽查"}
SENT_BACK = {"back-reason": "缺页", "back-days": "3"}
WITHDRAWN = {"withdraw-reason": "发错了"}
RAISED = {"raise-level": "red", "raise-reason": "逾期", "raise-days": "2"}
DECISION = {"meeting": "会", "decision": "定", "decided_on": "2013-07-05", "due_on": "2013-07-19"}
INSTRUCTION = {"text": "抓紧", "day": "2013-07-05"}
# Verb -> (what was done before, address, what is typed, who may).
VERBS = {
    "save": (lambda office: office.save(), REPORT, SAID, OWN),
    "submit": (lambda office: office.save(), REPORT + "submit/", complete, OWN),
    "send to sign": (where_a_second_signs, REPORT + "send-to-sign/", complete, OWN),
    "add a scan": (lambda office: office.submit(), REPORT + "scans/", scan, OWN),
    "agree": (
        submitted_with_a_file,
        DESK + "agree/",
        {"how": "data", "confidence": "high"},
        SUPERVISORS,
    ),
    "return": (lambda office: office.submit(), DESK + "return/", {"reason": "请补"}, SUPERVISORS),
    "nudge a partner": (joint, REPORT + "nudge/", {"unit": "jiaoyuju"}, OWN),
    "withdraw a report": (lambda office: office.submit(), REPORT + "withdraw/", {}, OWN),
    "reassess": (assessed, DESK + "reassess/", {}, SUPERVISORS),
    "return after the verdict": (assessed, DESK + "return/", {"reason": "请补"}, SUPERVISORS),
    "generate": (lambda office: None, "/staff/periods/wp2013/generate/", {"yes": ""}, SUPERVISORS),
    "open": (scheduled, PERIOD + "open/", {"yes": ""}, SUPERVISORS),
    "propose an early closing": (
        lambda office: None,
        PERIOD + "close/",
        {"reason": "提前开会"},
        SUPERVISORS,
    ),
    # The other supervisor proposed it.
    "confirm an early closing": (
        proposed_to_close,
        PERIOD + "early-closing/confirm/",
        {},
        {"supervisor", "leader"},
    ),
    "withdraw an early closing": (
        proposed_to_close,
        PERIOD + "early-closing/withdraw/",
        {},
        SUPERVISORS | {"leader"},
    ),
    "drop": (lambda office: office.prepare(), RELEASE + "drop/", {}, SUPERVISORS | {"publisher"}),
    "approve": (
        lambda office: office.prepare(early="提前开会"),
        RELEASE + "approve/",
        APPROVED,
        SUPERVISORS | {"publisher"},
    ),
    "correct own words": (published, correction, wrong_words, OWN),
    "correct a verdict": (published, correction_of_the_verdict, WRONG_VERDICT, SUPERVISORS),
    "publish a correction": (proposed, correction_page("publish"), {}, {"publisher"}),
    "take a correction back": (proposed, correction_withdrawal, taken_back, OWN),
    "send a correction back": (
        proposed,
        correction_page("return"),
        {"reason": "看不出"},
        {"publisher"},
    ),
    "ask for time": (lambda office: None, REPORT + "extension/", WISH, OWN),
    "grant time": (ask, extension_page("grant"), {"granted_until": "2013-07-19"}, SUPERVISORS),
    "refuse time": (ask, extension_page("refuse"), {"note": "不同意"}, SUPERVISORS),
    "unlock": (closed, PERIOD + "unlock/", {"task": "wp2013-18", "reason": "故障"}, SUPERVISORS),
    "object": (published, objection_page, {"text": "不属于本项"}, OWN),
    # The other supervisor gave the verdict.
    "decide": (
        objected,
        objection_to_decide,
        {"outcome": "rejected", "decision": "属实"},
        {"other_supervisor"},
    ),
    "lift": (withheld, withholding("lift"), {"lift-reason": "期满"}, {"publisher"}),
    "withhold longer": (withheld, withholding("extend"), LONGER, SUPERVISORS),
    "issue a slip": (
        lambda office: None,
        "/staff/slips/new/?task=wp2013-18",
        SLIP_SAID,
        SUPERVISORS,
    ),
    "reply to a slip": (lambda office: issue(office), SLIP + "reply/", {"words": "已办"}, OWN),
    # The side that issued it.
    "close a slip": (
        lambda office: brought_to(office, "replied"),
        SLIP + "close/",
        CLOSING,
        {"supervisor"},
    ),
    "send a slip back": (
        lambda office: brought_to(office, "replied"),
        SLIP + "send-back/",
        SENT_BACK,
        {"supervisor"},
    ),
    "raise a slip": (lambda office: issue(office), SLIP + "raise/", RAISED, {"supervisor"}),
    "withdraw a slip": (
        lambda office: issue(office),
        SLIP + "withdraw/",
        WITHDRAWN,
        {"supervisor"},
    ),
    "take down": (published, take_down, TAKEN_DOWN, {"publisher"}),
    "raise": (
        coordination.file_with_wish,
        REPORT + "coordination/",
        {"text": "场地"},
        OWN | SUPERVISORS,
    ),
    "decide a matter": (
        coordination.raised,
        matter("decide"),
        lambda office: DECISION | {"owner": office.units["jiaoyuju"].pk},
        SUPERVISORS | {"leader"},
    ),
    "instruct": (coordination.raised, matter("instruct"), INSTRUCTION, {"leader"}),
    # The unit that carries it out.
    "report on a matter": (decided, matter("reply"), {"text": "已办"}, {"stranger"}),
    "close a matter": (coordination.raised, matter("close"), {"outcome": "办好"}, SUPERVISORS),
}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_take_an_action_and_whoever_may_not_changes_no_row_of_any_table(office, verb):
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=True) for day in (JULY_2.date(), NEW_YEAR)
    )
    before, address, typed, allowed = VERBS[verb]
    before(office)
    answers = {}
    for person in STAFF:
        with time_machine.travel(JULY_5), undone():
            client = Client()
            client.force_login(getattr(office.people, person))
            rows = everything()
            parts = (part(office) if callable(part) else part for part in (address, typed))
            answer = client.post(*parts).status_code
            answers[person] = (answer in {403, 404}, answer == 302, everything() != rows)
    assert answers == {
        person: (person not in allowed, *[person in allowed] * 2) for person in STAFF
    }
