"""Who sees which ticket, and which words of it, everywhere."""

import pytest

from common.errors import Refused
from departments.models import Department, Membership, Role, User
from feedback import actions
from feedback.models import Ticket
from feedback.pages.ticket_actions import ACTIONS
from feedback.read_models.inbox import work_items_for
from feedback.read_models.timeline import letter_of
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
STAFF = [
    "reporter",
    "colleague",
    "stranger",
    "supervisor",
    "other_supervisor",
    "publisher",
    "clerk",
    "leader",
]
STAFF += ["auditor", "administrator"]
READ_ALL = {"clerk", "leader", "auditor"}
SUPERVISORS = {"supervisor", "other_supervisor"}


def who_sees(people) -> set[str]:
    return {name for name in STAFF if Ticket.objects.visible_to(getattr(people, name)).exists()}


def test_an_enquiry_waits_on_the_clerks_desk(people):
    letters.received()
    assert who_sees(people) == READ_ALL


def test_a_complaint_waits_on_the_supervisors_desk(people):
    letters.received(kind="complaint")
    assert who_sees(people) == READ_ALL | SUPERVISORS
    assert [len(work_items_for(who, NOW.date())) for who in (people.supervisor, people.clerk)] == [
        1,
        0,
    ]


def test_a_forwarded_ticket_is_seen_by_the_leading_and_the_supporting_unit(people, units):
    ticket = letters.accepted(people.clerk)
    actions.assign(
        ticket=ticket,
        lead=units["jiaoyuju"],
        supporting=[units["anjianju"]],
        by=people.clerk,
        at=NOW,
    )
    assert who_sees(people) == READ_ALL | {"stranger", "reporter", "colleague"}


def test_somebody_without_a_post_sees_nothing(units):
    letters.received()
    assert not Ticket.objects.visible_to(User.objects.create(username="nobody", name="无")).exists()


def test_a_complaint_is_not_passed_on_before_somebody_said_whom_it_means(client, people, units):
    ticket = letters.received(kind="complaint")
    client.force_login(people.supervisor)
    accept = f"/staff/feedback/{ticket.number}/accept/"
    page = client.post(accept, {"kind": "complaint", "handling_text": "核实。"}).content.decode()
    assert "请选择反映的是哪个单位；不针对某个单位的，也请选明。" in page
    assert Ticket.objects.get().status == "received"
    client.post(
        accept,
        {
            "kind": "complaint",
            "subject": "none",
            "handling_text": "核实。",
            "about_department": "none",
        },
    )
    assert (Ticket.objects.get().status, Ticket.objects.get().about_department) == (
        "accepted",
        None,
    )


@pytest.mark.parametrize(
    ("unit", "insiders"),
    [
        ("anjianju", {"reporter", "colleague"}),
        ("duchashi", {"supervisor"}),
        ("jianchaju", {"other_supervisor", "auditor"}),
        ("qufuban", {"clerk", "leader", "publisher", "administrator"}),
    ],
)
def test_nobody_of_the_unit_complained_of_sees_the_complaint(unit, insiders, people, units):
    letters.accepted(people.supervisor, kind="complaint", about=units[unit])
    assert who_sees(people) == (READ_ALL | SUPERVISORS) - insiders


def test_a_unit_that_took_over_the_one_complained_of_is_kept_out_too(people, units):
    old = Department.objects.create(
        slug="old",
        short_name="旧局",
        full_name="旧局",
        level="district",
        name_basis="inferred",
        successor=units["duchashi"],
    )
    ticket = letters.accepted(people.clerk, kind="complaint", about=old)
    assert not Ticket.objects.visible_to(people.supervisor).exists()
    assert Ticket.objects.get(pk=ticket.pk).concerns(people.supervisor)


def merged_units(units) -> dict:
    """旧甲 and 旧乙 went into 中局, and that into 监察局: three who never heard of each other,
    one house today.
    """
    row = {"level": "district", "name_basis": "inferred"}

    def gone(slug, name, successor):
        return Department.objects.create(
            slug=slug, short_name=name, full_name=name, successor=successor, **row
        )

    middle = gone("m", "中局", units["jianchaju"])
    return {
        "first": gone("a", "旧甲", middle),
        "second": gone("b", "旧乙", middle),
        "middle": middle,
    }


@pytest.mark.parametrize("about", ["first", "second", "middle"])
def test_no_successor_sees_a_complaint_however_many_mergers_lie_between(
    about, people, units, client
):
    family = merged_units(units)
    old_hand = User.objects.create(username="old", name="老")
    Membership.objects.create(user=old_hand, department=family["first"], role=Role.SUPERVISOR)
    ticket = letters.accepted(people.supervisor, kind="complaint", about=family[about])
    for who in (people.other_supervisor, people.auditor, old_hand):
        assert Ticket.objects.get(pk=ticket.pk).concerns(who)
        client.force_login(who)
        assert client.get(f"/staff/feedback/{ticket.number}/").status_code == 404
        assert work_items_for(who, NOW.date()) == []
    assert Ticket.objects.visible_to(people.supervisor).get() == ticket


def test_a_successor_the_complaint_is_forwarded_to_reads_the_handling_text_only(people, units):
    family, last = merged_units(units), units["jianchaju"]
    reporter = User.objects.create(username="successor", name="承")
    Membership.objects.create(user=reporter, department=last, role=Role.REPORTER)
    ticket = letters.accepted(people.supervisor, kind="complaint", about=family["first"])
    assert not Ticket.objects.visible_to(reporter).exists()
    actions.assign(ticket=ticket, lead=last, by=people.supervisor, at=NOW)
    [read] = letter_of(Ticket.objects.visible_to(reporter).get(), [], reporter)
    assert (read.words, read.photo) == (letters.HANDLING, "")


def test_a_list_of_letters_asks_once_which_units_are_related(
    people, units, django_assert_max_num_queries
):
    for n in range(9):
        letters.accepted(
            people.supervisor, kind="complaint", about=units["chengguanju"], token=str(n)
        )
    with django_assert_max_num_queries(4):
        assert len(work_items_for(people.other_supervisor, NOW.date())) == 9


@pytest.fixture
def complaint(people, units):
    """About 安监局, not forwarded yet."""
    return letters.accepted(
        people.supervisor, kind="complaint", about=units["anjianju"], location="海景路3号"
    )


PAGES = ["", "contact/", *(f"{verb}/" for verb in ACTIONS)]


@pytest.mark.parametrize("page", PAGES)
def test_before_forwarding_no_page_of_the_complaint_is_found_for_the_unit(
    page, complaint, people, client
):
    client.force_login(people.reporter)
    method = client.post if page else client.get
    assert method(f"/staff/feedback/{complaint.number}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["/staff/feedback/", "/staff/feedback/all/"])
def test_before_forwarding_no_list_of_the_unit_names_the_complaint(page, complaint, people, client):
    client.force_login(people.reporter)
    assert complaint.number not in client.get(page).content.decode()
    client.force_login(people.clerk)
    assert complaint.number in client.get(page).content.decode()


def test_after_forwarding_the_unit_reads_the_handling_text_and_nothing_of_the_person(
    complaint, people, units, client
):
    actions.assign(ticket=complaint, lead=units["anjianju"], by=people.supervisor, at=NOW)
    client.force_login(people.reporter)
    for page in (
        f"/staff/feedback/{complaint.number}/",
        "/staff/feedback/",
        "/staff/feedback/all/",
    ):
        html = client.get(page).content.decode()
        assert letters.HANDLING[:10] in html
        for private in ("林一", "海景路", letters.PHONE, "****"):
            assert private not in html
    assert client.post(f"/staff/feedback/{complaint.number}/contact/").status_code == 403


def test_another_unit_the_complaint_is_forwarded_to_reads_the_letter(complaint, people, units):
    ticket = actions.assign(ticket=complaint, lead=units["jiaoyuju"], by=people.supervisor, at=NOW)
    assert ticket.readable_text(people.stranger) == letters.WORDS
    assert not Ticket.objects.visible_to(people.reporter).exists()


def test_a_clerk_of_the_unit_complained_of_can_neither_assign_nor_publish_nor_look(people, units):
    about = {"kind": "complaint", "about": units["qufuban"]}
    ticket = letters.accepted(people.supervisor, **about)
    done = letters.answered(
        people.supervisor, units["anjianju"], people.reporter, token="t2", **about
    )
    for action in (
        lambda: actions.assign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, at=NOW),
        lambda: actions.publish(
            ticket=done, public_text="问", public_reply="答", by=people.clerk, at=NOW
        ),
        lambda: actions.see_contact(ticket=ticket, by=people.clerk, at=NOW),
    ):
        with pytest.raises(Refused, match="涉及您所在的单位"):
            action()


def test_naming_ones_own_unit_takes_the_complaint_out_of_ones_sight(people, units, client):
    ticket = letters.received(kind="complaint")
    client.force_login(people.supervisor)
    answers = {"kind": "complaint", "subject": "none", "handling_text": "核实。"}
    answers |= {"about_department": units["duchashi"].pk}
    response = client.post(f"/staff/feedback/{ticket.number}/accept/", answers)
    assert response.url == "/staff/feedback/"
    assert client.get(f"/staff/feedback/{ticket.number}/").status_code == 404
