"""Who may do what about a quarter: the table of roles, person by person, as pages answer it."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.uploads import check
from departments.models import CalendarDay, Membership, Role, User
from progress.access import filing_units
from progress.actions.signing import send_to_sign
from progress.models import Evidence, ExtensionRequest, ProgressReport, ReportingPeriod
from progress.requirements.loading import requirements_for
from publishing.actions.releases import publish_release
from publishing.models import Clearance, CorrectionRequest, Objection
from supervision.models import CoordinationItem
from tests.fixtures import coordination
from tests.fixtures.evidence import attach
from tests.fixtures.lists import PDF
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30
from tests.fixtures.requests import ask, object_to
from tests.fixtures.site import everything
from tests.fixtures.slips import brought_to, issue

pytestmark = pytest.mark.usefixtures("standing")

NEW_YEAR = date(2014, 1, 2)
STAFF = ["reporter", "colleague", "stranger", "supervisor", "other_supervisor", "publisher"]
STAFF += ["clerk", "leader", "auditor", "administrator"]
OWN = {"reporter", "colleague"}
SUPERVISORS = {"supervisor", "other_supervisor"}

REPORT, DESK = "/staff/reports/wp2013-18/2013-2/", "/staff/review/wp2013-18/2013-2/"
PERIOD, RELEASE = "/staff/periods/wp2013/2013-2/", "/staff/releases/wp2013/2013-2/"
BREAKDOWN, YEAR_END = "/staff/tasks/wp2013-18/breakdown/", "/staff/year-end/wp2013/2013/"

# What a report's pages answer: who sees it in which state.
SEEN = {
    "draft": OWN | {"auditor"},
    "submitted": OWN | {"auditor", "leader"} | SUPERVISORS,
    "verified": OWN | {"auditor", "leader", "publisher"} | SUPERVISORS,
}
# Address -> who is let in; everybody else is told no (403), for the rooms themselves are no secret.
ROOMS = {
    "/staff/": set(STAFF),
    "/staff/reports/": set(STAFF),
    "/staff/reports/sheet/": OWN | {"stranger"},
    "/staff/reports/sheet.xlsx": OWN | {"stranger"},
    "/staff/review/": SUPERVISORS,
    "/staff/inspection/": OWN | SUPERVISORS | {"stranger", "publisher", "leader", "auditor"},
    "/staff/inspection/package.zip?plan=wp2013": OWN
    | SUPERVISORS
    | {"stranger", "publisher", "leader", "auditor"},
    "/staff/record/": {"auditor"},
    "/staff/coverage/": SUPERVISORS | {"administrator"},
    "/staff/hand-over/": OWN | {"stranger", "administrator"},
    "/staff/periods/": SUPERVISORS | {"publisher", "leader"},
    "/staff/periods/wp2013/generate/": SUPERVISORS,
    PERIOD + "open/": SUPERVISORS,
    PERIOD + "close/": SUPERVISORS,
    RELEASE: SUPERVISORS | {"publisher", "leader"},
    PERIOD + "unlock/": SUPERVISORS,
    "/staff/requests/": SUPERVISORS | {"publisher"},
    "/staff/slips/": OWN | {"stranger", "leader", "auditor"} | SUPERVISORS,
    "/staff/slips/new/": SUPERVISORS,
    "/staff/overview/": SUPERVISORS | {"leader"},
    "/staff/dashboard/": SUPERVISORS | {"leader"},
    "/staff/meeting/": SUPERVISORS | {"leader"},
    "/staff/meeting/meeting.docx": SUPERVISORS | {"leader"},
    "/staff/coordination/": OWN | SUPERVISORS | {"stranger", "leader", "auditor"},
    RELEASE + "draft.docx": SUPERVISORS | {"publisher", "leader"},
    BREAKDOWN: OWN | SUPERVISORS | {"leader", "auditor"},
    YEAR_END: SUPERVISORS | {"publisher", "leader"},
}


@pytest.fixture
def answer(client, office):
    """Status code a person gets; nothing may be asked of a visitor but to sign in."""

    def ask(name: str, address: str, **typed) -> int:
        client.force_login(getattr(office.people, name))
        response = client.post(address, typed) if typed else client.get(address)
        if response.streaming:
            list(response)
        return response.status_code

    return ask


def bring_to(office, status: str) -> None:
    report = office.save() if status == "draft" else office.submit()
    if status == "verified":
        office.verify(report)


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("status", SEEN)
def test_a_report_is_seen_by_those_it_concerns(answer, office, person, status):
    bring_to(office, status)
    assert answer(person, REPORT) == (200 if person in SEEN[status] else 404)
    assert answer(person, REPORT + "form/") == (200 if person in SEEN[status] else 404)
    seen = ProgressReport.objects.visible_to(getattr(office.people, person))
    assert seen.exists() == (person in SEEN[status])


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("address", ROOMS)
def test_a_room_is_open_to_its_posts(answer, person, address):
    assert answer(person, address) == (200 if person in ROOMS[address] else 403)


@pytest.mark.parametrize("person", STAFF)
def test_only_reporters_of_a_responsible_unit_file(answer, office, person):
    office.save()
    expected = 302 if person in OWN else 403 if person == "auditor" else 404
    assert answer(person, REPORT, version="1", narrative="改过") == expected
    kept = answer(person, REPORT + "autosave/", version="2", narrative="又改过")
    assert kept == (200 if person in OWN else expected)
    sheet = requirements_for(office.paper.task, office.period)
    assert bool(filing_units(getattr(office.people, person), sheet)) == (person in OWN)


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("action", ["sign", "hand-back"])
def test_only_signers_of_the_lead_unit_sign_and_hand_back(answer, office, person, action):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
    allowed = person == "colleague"
    expected = 302 if allowed else 403 if person in {"reporter", "auditor"} else 404
    assert answer(person, f"{REPORT}{action}/", reason="请补签到表") == expected
    assert (ProgressReport.objects.get().status != "signing") == allowed


@pytest.mark.parametrize("person", STAFF)
def test_only_reporters_of_the_lead_unit_recall(answer, office, person):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    with time_machine.travel(JULY_5):
        send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
        expected = 302 if person in OWN else 403 if person == "auditor" else 404
        assert answer(person, REPORT + "recall/", yes="") == expected
    assert (ProgressReport.objects.get().status == "draft") == (person in OWN)


VERDICT = {"pace": "on_course", "how": "paper", "confidence": "high", "note": ""}


@pytest.mark.parametrize("person", STAFF)
def test_only_supervisors_assess(answer, office, person):
    office.submit()
    expected = 302 if person in SUPERVISORS else 403 if person in SEEN["submitted"] else 404
    assert answer(person, DESK + "verify/", **VERDICT) == expected
    assert (ProgressReport.objects.get().status == "verified") == (person in SUPERVISORS)


@pytest.mark.parametrize("person", STAFF)
def test_only_supervisors_close_and_prepare(answer, office, person):
    allowed = person in SUPERVISORS
    assert answer(person, PERIOD + "close/", yes="") == (302 if allowed else 403)
    office.period.state = "closed"
    office.period.save()
    assert answer(person, RELEASE + "prepare/", rest_public="on") == (302 if allowed else 403)
    assert office.period.releases.exists() == allowed


@pytest.mark.parametrize("person", STAFF)
def test_only_publishers_publish_add_and_take_down(answer, office, person):
    office.verify(office.submit())
    office.approve(office.prepare())
    allowed = person == "publisher"
    assert answer(person, RELEASE + "publish/", yes="") == (302 if allowed else 403)
    assert office.paper.task.publications.exists() == allowed
    if not allowed:
        publish_release(
            release=office.period.releases.get(), by=office.people.publisher, at=JULY_30
        )
    row = office.paper.task.publications.get()
    assert answer(person, f"/staff/publications/{row.pk}/take-down/") == (200 if allowed else 403)
    for address in (REPORT + "publish/", f"/staff/publications/{row.pk}/lapse/"):
        assert answer(person, address, yes="") == (302 if allowed else 403)


def published(office) -> None:
    office.verify(office.submit())
    office.publish()


def correction(office) -> str:
    return f"/staff/publications/{office.paper.task.publications.get().pk}/correct/propose/"


def correction_withdrawal(office) -> str:
    return f"/staff/publications/{office.paper.task.publications.get().pk}/correct/withdraw/"


def wrong_words(office) -> dict:
    values = {"narrative": "改过", f"r{office.paper.indicator.pk}": "4000"}
    return {"reason_class": "slip", "reason": "错字", **values}


def correction_of_the_verdict(office) -> str:
    return f"/staff/publications/{office.paper.task.publications.get().pk}/correct-verdict/propose/"


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
    return f"/staff/publications/{office.paper.task.publications.get().pk}/objection/"


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
    _, training, exercise = office.paper.commitments
    answers = {f"c{training.pk}": "done", f"c{exercise.pk}": "done", "rest": "on"}
    return SAID | answers | {f"r{office.paper.indicator.pk}": "4000"}


def scan(office) -> dict:
    return {"files": SimpleUploadedFile("盖章.pdf", PDF)}


WISH = {"requested_until": "2013-07-19", "reason": "检修", "progress_so_far": "过半"}


def withheld(office) -> None:
    office.verify(office.submit())
    office.publish(withheld={office.paper.task.pk: "《政府信息公开条例》第十四条"})


def withholding(step: str):
    return lambda office: f"/staff/withholdings/{Clearance.objects.get().pk}/{step}/"


def take_down(office) -> str:
    return f"/staff/publications/{office.paper.task.publications.get().pk}/take-down/confirm/"


APPROVED = {"approved_by": "主任", "approved_on": JULY_5.date().isoformat()}
LONGER = {"extend-review_on": "2099-01-01", "extend-reason": "案件未结"}
WRONG_VERDICT = {"assessment_pace": "slow", "assessment_note": "缺页"}
WRONG_VERDICT |= {"reason_class": "slip", "reason": "看漏"}
TAKEN_DOWN = {"legal_basis": "《个人信息保护法》第47条", "reason": "因"}
SAID = {"version": "1", "narrative": "改过"}
SLIP, CLOSING = "/staff/slips/2013-1/", {"close-note": "属实"}
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
    "agree": (lambda office: office.submit(), DESK + "agree/", {"confidence": "high"}, SUPERVISORS),
    "return": (lambda office: office.submit(), DESK + "return/", {"reason": "请补"}, SUPERVISORS),
    "generate": (lambda office: None, "/staff/periods/wp2013/generate/", {"yes": ""}, SUPERVISORS),
    "open": (scheduled, PERIOD + "open/", {"yes": ""}, SUPERVISORS),
    "drop": (lambda office: office.prepare(), RELEASE + "drop/", {}, SUPERVISORS | {"publisher"}),
    "approve": (
        lambda office: office.prepare(),
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


@pytest.mark.parametrize("person", STAFF)
@pytest.mark.parametrize("verb", VERBS)
def test_whoever_may_not_changes_no_row_of_any_table(client, office, verb, person):
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=True) for day in (JULY_2.date(), NEW_YEAR)
    )
    before, address, typed, allowed = VERBS[verb]
    before(office)
    with time_machine.travel(JULY_5):
        client.force_login(getattr(office.people, person))
        rows = everything()
        response = client.post(
            *(part(office) if callable(part) else part for part in (address, typed))
        )
    assert response.status_code in ({302} if person in allowed else {403, 404})
    assert (everything() == rows) == (person not in allowed)


@pytest.mark.parametrize("person", STAFF)
def test_units_break_down_supervisors_decide_and_conclude_and_publishers_publish(answer, person):
    supervises = person in SUPERVISORS
    assert answer(person, BREAKDOWN + "propose/", yes="") == (200 if person in OWN else 403)
    assert answer(person, BREAKDOWN + "withdraw/", yes="") == (200 if person in OWN else 403)
    assert answer(person, BREAKDOWN + "confirm/", yes="") == (200 if supervises else 403)
    assert answer(person, YEAR_END + "prepare/", yes="") == (200 if supervises else 403)
    assert answer(person, YEAR_END + "publish/", yes="") == (200 if person == "publisher" else 403)


@pytest.mark.parametrize("person", STAFF)
def test_private_papers_open_for_those_who_see_the_report(answer, office, person):
    attach(office, office.save(), is_public=False, at=JULY_2)
    address = f"/evidence/{Evidence.objects.get().pk}/"
    assert answer(person, address) == (200 if person in SEEN["draft"] else 404)


@pytest.mark.parametrize("person", STAFF)
def test_the_signed_paper_opens_for_those_who_see_the_preview_and_for_others_there_is_none(
    answer, office, person
):
    office.approve(office.prepare(), scan=check(SimpleUploadedFile("审批件.pdf", PDF)))
    seen = person in ROOMS[RELEASE]
    assert answer(person, f"{RELEASE}approval/") == (200 if seen else 404)


THINGS = [
    REPORT,
    REPORT + "form/",
    DESK,
    REPORT + "publish/",
    RELEASE + "approval/",
    "/staff/withholdings/1/",
]
THINGS += [SLIP, SLIP + "paper/", "/staff/slips/files/1/", "/staff/quarters/2013-2/circular.docx"]
THINGS += ["/staff/publications/1/take-down/", "/staff/publications/1/correct/"]
THINGS += ["/staff/publications/1/correct-verdict/", "/staff/requests/corrections/1/"]


@pytest.mark.parametrize("address", [*ROOMS, *THINGS])
def test_a_visitor_is_sent_to_sign_in(client, office, address):
    office.submit()
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/staff/sign-in/")
    assert client.post(address).status_code == 403
