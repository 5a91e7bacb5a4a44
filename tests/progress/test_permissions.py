"""Who sees what of a quarter, and who is let in where: person by person, as pages answer it."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.uploads import check
from progress.access import filing_units
from progress.actions.signing import send_to_sign
from progress.models import Evidence, ProgressReport
from progress.requirements.loading import requirements_for
from publishing.actions.releases import publish_release
from tests.fixtures.evidence import attach
from tests.fixtures.lists import PDF
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30
from tests.fixtures.staff import (
    BREAKDOWN,
    DESK,
    OWN,
    PERIOD,
    RELEASE,
    REPORT,
    SLIP,
    STAFF,
    SUPERVISORS,
    YEAR_END,
)

pytestmark = pytest.mark.usefixtures("standing")

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
def test_a_room_of_the_workspace_is_open_to_its_roles(answer, person, address):
    assert answer(person, address) == (200 if person in ROOMS[address] else 403)


@pytest.mark.parametrize("person", STAFF)
def test_only_reporters_of_a_responsible_unit_file(answer, office, person):
    office.save()
    expected = 302 if person in OWN else 403 if person == "auditor" else 404
    assert answer(person, REPORT, version="1", narrative="改过") == expected
    kept = answer(person, REPORT + "autosave/", version="2", narrative="又改过")
    assert kept == (200 if person in OWN else expected)
    sheet = requirements_for(office.white_paper.task, office.period)
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
def test_only_reporters_of_the_lead_unit_withdraw_a_report(answer, office, person):
    office.submit()
    with time_machine.travel(JULY_5):
        expected = 302 if person in OWN else 403 if person in SEEN["submitted"] else 404
        assert answer(person, REPORT + "withdraw/", yes="") == expected
    assert (ProgressReport.objects.get().status == "draft") == (person in OWN)


@pytest.mark.parametrize("person", STAFF)
def test_only_supervisors_take_a_verdict_back(answer, office, person):
    office.verify(office.submit())
    expected = 302 if person in SUPERVISORS else 403 if person in SEEN["verified"] else 404
    assert answer(person, DESK + "reassess/", yes="") == expected
    assert (ProgressReport.objects.get().status == "submitted") == (person in SUPERVISORS)


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
    assert office.white_paper.task.publications.exists() == allowed
    if not allowed:
        publish_release(
            release=office.period.releases.get(), by=office.people.publisher, at=JULY_30
        )
    row = office.white_paper.task.publications.get()
    assert answer(person, f"/staff/publications/{row.pk}/take-down/") == (200 if allowed else 403)
    for address in (REPORT + "publish/", f"/staff/publications/{row.pk}/lapse/"):
        assert answer(person, address, yes="") == (302 if allowed else 403)


@pytest.mark.parametrize("person", STAFF)
def test_units_break_down_supervisors_decide_and_conclude_and_publishers_publish(answer, person):
    supervises = person in SUPERVISORS
    assert answer(person, BREAKDOWN + "propose/", yes="") == (200 if person in OWN else 403)
    assert answer(person, BREAKDOWN + "withdraw/", yes="") == (200 if person in OWN else 403)
    assert answer(person, BREAKDOWN + "confirm/", yes="") == (200 if supervises else 403)
    assert answer(person, YEAR_END + "prepare/", yes="") == (200 if supervises else 403)
    assert answer(person, YEAR_END + "publish/", yes="") == (200 if person == "publisher" else 403)


@pytest.mark.parametrize("person", STAFF)
def test_private_evidence_opens_for_those_who_see_the_report(answer, office, person):
    attach(office, office.save(), is_public=False, at=JULY_2)
    address = f"/evidence/{Evidence.objects.get().pk}/"
    assert answer(person, address) == (200 if person in SEEN["draft"] else 404)


def test_a_first_password_opens_no_private_evidence(office, client):
    attach(office, office.save(), is_public=False, at=JULY_2)
    address, reporter = f"/evidence/{Evidence.objects.get().pk}/", office.people.reporter
    client.force_login(reporter)
    sent = client.get(address)
    sent.close()
    assert sent.status_code == 200
    reporter.must_change_password = True
    reporter.save()
    assert client.get(address).status_code == 404
    assert client.get("/tasks/").status_code == 200


@pytest.mark.parametrize("person", STAFF)
def test_the_signed_release_opens_only_for_those_who_see_the_preview(answer, office, person):
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
