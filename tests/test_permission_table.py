"""Who may what: the table of roles, written by hand and asked of the predicates, one row a verb.

Each person of the table holds one role only. Those who report and sign belong to the unit that
leads a task and handles a ticket, all others to units that have nothing to do with either.
"""

import importlib
import inspect
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client

from departments import permissions as departments
from departments.models import Membership, Role, User
from feedback import permissions as feedback
from feedback.models import Ticket
from progress import permissions as progress
from progress.access import filing_units
from progress.models import ProgressReport
from progress.requirements.loading import requirements_for
from publishing import permissions as publishing
from publishing.choices import Voice
from subscriptions import permissions as subscriptions
from supervision import permissions as supervision
from tasks import permissions as tasks
from tests.fixtures import letters
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import make_office
from tests.rules import ORDER, ROOT
from workspace import permissions as workspace

pytestmark = pytest.mark.django_db

# own: what the own unit answers for; submitted, verified: of every unit from that state on;
# complaints: of tickets only those.
TABLE = """
                          visitor reporter signer supervisor publisher clerk leader    auditor admin
read what is published    yes     yes      yes    yes        yes       yes   yes       yes     yes
see drafts                -       own      own    submitted  verified  -     submitted yes     -
file the own part         -       own      -      -          -         -     -         -       -
recall, withdraw a report -       own      -      -          -         -     -         -       -
nudge a partner           -       own      -      -          -         -     -         -       -
sign a report             -       -        own    -          -         -     -         -       -
ask for time, object      -       own      own    -          -         -     -         -       -
open the filing pages     -       yes      -      -          -         -     -         -       -
read reports              -       yes      yes    yes        yes       -     yes       yes     -
look into every unit      -       -        -      yes        yes       -     yes       yes     -
gather an inspection      -       yes      yes    yes        yes       -     yes       yes     -
verify, return            -       -        -      yes        -         -     -         -       -
open periods              -       -        -      yes        -         -     -         -       -
confirm an early closing  -       -        -      yes        -         -     yes       -       -
decide requests           -       -        -      yes        -         -     -         -       -
decide breakdowns         -       -        -      yes        -         -     -         -       -
read breakdowns           -       own      own    yes        -         -     yes       yes     -
chase                     -       -        -      yes        -         -     -         -       -
see the periods           -       -        -      yes        yes       -     yes       -       -
preview a release         -       -        -      yes        yes       -     yes       -       -
prepare a release         -       -        -      yes        -         -     -         -       -
record its approval       -       -        -      yes        yes       -     -         -       -
publish                   -       -        -      -          yes       -     -         -       -
withhold longer           -       -        -      yes        -         -     -         -       -
correct the unit's words  -       own      -      -          -         -     -         -       -
correct a verdict         -       -        -      yes        -         -     -         -       -
read the requests         -       -        -      yes        yes       -     -         -       -
import a plan             -       -        -      yes        -         -     -         -       -
publish, withdraw a plan  -       -        -      -          yes       -     -         -       -
see the imports           -       -        -      yes        yes       -     -         -       -
edit a plan               -       -        -      yes        -         -     -         -       -
designate                 -       -        -      yes        -         -     -         -       -
change a promise          -       -        -      yes        -         -     -         -       -
read the changes          -       -        -      yes        -         -     yes       yes     -
issue a slip              -       -        -      yes        -         -     -         -       -
read slips                -       yes      yes    yes        -         -     yes       yes     -
oversee                   -       -        -      yes        -         -     yes       -       -
read the coordination     -       yes      yes    yes        -         -     yes       yes     -
raise a matter            -       own      -      yes        -         -     -         -       -
raise any matter          -       -        -      yes        -         -     -         -       -
decide a matter           -       -        -      yes        -         -     yes       -       -
instruct on a matter      -       -        -      -          -         -     yes       -       -
close a matter            -       -        -      yes        -         -     -         -       -
read tickets              -       yes      yes    yes        -         yes   yes       yes     -
register a letter         -       -        -      -          -         yes   -         -       -
screen, assign, publish   -       -        -      complaints -         yes   -         -       -
reply                     -       own      -      -          -         -     -         -       -
check a reply             -       -        own    complaints -         yes   -         -       -
see the contact           -       own      -      -          -         yes   -         -       -
people, units, calendar   -       -        -      -          -         -     -         -       yes
enter the reference data  -       -        -      yes        -         -     -         -       yes
see who is missing        -       -        -      yes        -         -     -         -       yes
hand over the own post    -       yes      -      -          -         -     -         -       -
hand over any post        -       yes      -      -          -         -     -         -       yes
read the inner record     -       -        -      -          -         -     -         yes     -
read the sign-in log      -       -        -      -          -         -     -         yes     yes
have work                 -       yes      yes    yes        yes       yes   yes       yes     yes
"""
DOCUMENT = ROOT / "docs" / "architecture.md"
COLUMNS = ["visitor", *Role.values]
VERB = 26
ROWS = {line[:VERB].strip(): line[VERB:].split() for line in TABLE.splitlines()[2:]}


def anything(may: Callable) -> Callable:
    """Whether the person may, whatever it is about."""
    return lambda user, scene: "yes" if may(user) else "-"


def of_tasks(may: Callable) -> Callable:
    return lambda user, scene: words(may(user, scene.own_task), may(user, scene.other_task))


def of_reports(may: Callable) -> Callable:
    return lambda user, scene: words(may(user, scene.own_report), may(user, scene.submitted))


def of_tickets(may: Callable) -> Callable:
    def answer(user, scene) -> str:
        enquiry, complaint, other = (may(user, ticket) for ticket in scene.tickets)
        return "complaints" if complaint and not enquiry else words(enquiry and complaint, other)

    return answer


def words(own, other) -> str:
    assert own or not other, "may what is another unit's, and not what is the own unit's"
    return "yes" if other else "own" if own else "-"


def drafts(user, scene) -> str:
    if not user.is_authenticated:
        return "-"
    visible = set(ProgressReport.objects.visible_to(user))
    sights = {
        "yes": {scene.own_report, scene.draft, scene.submitted, scene.verified},
        "submitted": {scene.submitted, scene.verified},
        "verified": {scene.verified},
        "own": {scene.own_report},
        "-": set(),
    }
    return next(word for word, reports in sights.items() if reports == visible)


def reads_the_public_page(user) -> bool:
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client.get("/tasks/").status_code == 200


def can_file_for(user, task) -> bool:
    period = ProgressReport.objects.earliest("pk").period
    return progress.can_file(user) and bool(filing_units(user, requirements_for(task, period)))


def can_correct_words(user, task) -> bool:
    return publishing.can_correct(user, task, Voice.UNIT)


def can_correct_verdict(user, task) -> bool:
    return publishing.can_correct(user, task, Voice.SUPERVISOR)


QUESTIONS = {
    "read what is published": anything(reads_the_public_page),
    "see drafts": drafts,
    "file the own part": of_tasks(can_file_for),
    "recall, withdraw a report": of_reports(progress.can_recall),
    "nudge a partner": of_tasks(progress.can_nudge),
    "sign a report": of_reports(progress.can_sign),
    "ask for time, object": of_tasks(progress.can_ask_for),
    "read breakdowns": of_tasks(progress.can_read_breakdown),
    "correct the unit's words": of_tasks(can_correct_words),
    "correct a verdict": of_tasks(can_correct_verdict),
    "raise a matter": of_tasks(supervision.can_raise_coordination),
    "screen, assign, publish": of_tickets(feedback.can_screen),
    "reply": of_tickets(feedback.can_reply),
    "check a reply": of_tickets(feedback.can_check),
    "see the contact": of_tickets(feedback.can_see_contact),
}
# What depends on the person alone.
OF_THE_PERSON = {
    "open the filing pages": progress.can_file,
    "read reports": progress.can_read_reports,
    "look into every unit": progress.can_read_every_unit,
    "gather an inspection": workspace.can_gather,
    "verify, return": progress.can_review,
    "open periods": progress.can_open_periods,
    "confirm an early closing": progress.can_confirm_early_closing,
    "decide requests": progress.can_decide_requests,
    "decide breakdowns": progress.can_decide_breakdown,
    "chase": subscriptions.can_chase,
    "see the periods": workspace.can_see_periods,
    "preview a release": publishing.can_preview_release,
    "prepare a release": publishing.can_prepare_release,
    "record its approval": publishing.can_handle_release,
    "publish": publishing.can_publish,
    "withhold longer": publishing.can_extend_withholding,
    "correct a verdict": publishing.can_correct_verdicts,
    "read the requests": publishing.can_read_requests,
    "import a plan": tasks.can_import_plan,
    "publish, withdraw a plan": tasks.can_publish_plan,
    "see the imports": tasks.can_see_imports,
    "edit a plan": tasks.can_edit_plan,
    "designate": tasks.can_designate,
    "change a promise": tasks.can_change,
    "read the changes": tasks.can_read_changes,
    "issue a slip": supervision.can_issue_slips,
    "read slips": supervision.can_read_slips,
    "oversee": supervision.can_oversee,
    "read the coordination": supervision.can_read_coordination,
    "raise any matter": supervision.can_raise_about_any_task,
    "decide a matter": supervision.can_decide_coordination,
    "instruct on a matter": supervision.can_instruct,
    "close a matter": supervision.can_close_coordination,
    "read tickets": feedback.can_read_tickets,
    "register a letter": feedback.can_register,
    "people, units, calendar": departments.can_maintain_reference_data,
    "enter the reference data": departments.can_enter_reference_data,
    "see who is missing": departments.can_see_coverage,
    "hand over the own post": departments.can_hand_over_own_membership,
    "hand over any post": departments.can_hand_over,
    "read the inner record": departments.can_read_internal_record,
    "read the sign-in log": departments.can_read_sign_ins,
    "have work": workspace.can_work,
}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker) -> SimpleNamespace:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_scene()
        transaction.set_rollback(True)


def make_scene() -> SimpleNamespace:
    office = make_office()
    units, people, own_task = office.units, office.people, office.white_paper.task
    signer = User.objects.create(username="signer", name="审签")
    Membership.objects.create(user=signer, department=units["anjianju"], role=Role.SIGNER)
    people.signer, people.visitor = signer, AnonymousUser()
    reports = [ProgressReport(task=own_task, period=office.period)]
    others = more_tasks(office.white_paper, units["chengguanju"], 3)
    for task, status in zip(others, ["draft", "submitted", "verified"], strict=True):
        handed_in = {} if status == "draft" else HANDED_IN | {"submitted_by": people.reporter}
        reports.append(ProgressReport(task=task, period=office.period, status=status, **handed_in))
    own_report, draft, submitted, verified = ProgressReport.objects.bulk_create(reports)
    return SimpleNamespace(
        people=people,
        own_task=own_task,
        other_task=others[0],
        own_report=own_report,
        draft=draft,
        submitted=submitted,
        verified=verified,
        tickets=tickets(units, people),
    )


HANDED_IN = {"submitted_at": letters.NOW, "first_submitted_at": letters.NOW, "pace": "on_course"}


def tickets(units, people) -> list[Ticket]:
    """An enquiry and a complaint that the own unit handles,
    and an enquiry that another one does.
    """
    own, other = [units["anjianju"], people.reporter], [units["jiaoyuju"], people.stranger]
    letters.handling(people.clerk, *own, token="enquiry")
    letters.handling(people.clerk, *own, token="complaint", kind="complaint")
    letters.handling(people.clerk, *other, token="other")
    return list(Ticket.objects.with_owner().order_by("pk"))


def expected(verb: str) -> dict[str, str]:
    return dict(zip(COLUMNS, ROWS[verb], strict=True))


@pytest.mark.parametrize("verb", QUESTIONS)
def test_a_predicate_about_a_row_is_true_for_the_roles_of_the_table(verb, scene):
    answers = {who: QUESTIONS[verb](getattr(scene.people, who), scene) for who in COLUMNS}
    assert answers == expected(verb)


@pytest.mark.parametrize("verb", OF_THE_PERSON)
def test_a_predicate_about_the_person_is_true_for_the_roles_of_the_table(verb, scene):
    may = anything(OF_THE_PERSON[verb])
    assert {who: may(getattr(scene.people, who), scene) for who in COLUMNS} == expected(verb)


def test_every_row_of_the_permission_table_is_tried():
    assert ROWS.keys() == QUESTIONS.keys() | OF_THE_PERSON.keys()


def test_every_predicate_about_the_person_alone_has_its_row():
    rooms = [room for room in ORDER if (ROOT / room / "permissions.py").exists()]
    predicates = {
        predicate
        for room in rooms
        for name, predicate in inspect.getmembers(importlib.import_module(f"{room}.permissions"))
        if name.startswith("can_") and len(inspect.signature(predicate).parameters) == 1
    }
    assert predicates == set(OF_THE_PERSON.values())


def test_the_architecture_document_shows_the_same_table():
    assert TABLE in DOCUMENT.read_text("utf-8")
