"""Nothing lies without an owner: who may take a letter back from a unit,
and whose it is when a whole desk may not.
"""

from datetime import timedelta

import pytest

from common.errors import Refused
from departments.models import Department, Membership, Role
from feedback import actions
from feedback.assignment import Desks
from feedback.models import Ticket
from feedback.read_models import inbox
from feedback.read_models.inbox import work_items_for
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
STEP = {"reason": "两天没有接收", "at": SOON}


def titles(user, on=NOW) -> list[str]:
    return [group.title for group in inbox.desk(user, on.date())]


@pytest.mark.parametrize("stage", ["assigned", "handling"])
def test_a_reassigned_letter_keeps_its_day_and_waits_for_the_new_unit(stage, desk, units, people):
    ticket = getattr(letters, stage)(*desk[: 2 if stage == "assigned" else 3])
    moved = actions.reassign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP)
    assert (moved.status, moved.lead_department, moved.due_on) == (
        "assigned",
        units["jiaoyuju"],
        ticket.due_on,
    )
    assert not Ticket.objects.visible_to(people.reporter).exists()
    assert titles(people.stranger) == ["待接收"]


def test_the_citizen_reads_who_had_a_reassigned_letter_and_only_the_staff_why(desk, units, people):
    ticket = letters.assigned(*desk[:2])
    actions.reassign(
        ticket=ticket, lead=units["jiaoyuju"], supporting=[desk[1]], by=people.clerk, **STEP
    )
    step = ticket.events.last()
    assert (step.get_verb_display(), step.public_note) == (
        "改派",
        "不再由安监局主办，由教育局主办，安监局协办",
    )
    assert (step.inner_note, step.unit, step.by) == ("两天没有接收", "区府办", people.clerk)
    entry = Entry.objects.newest_first().first()
    assert entry.verb == "reassign_ticket"
    assert "两天没有接收" not in entry.payload
    assert f'"before":{desk[1].pk}' in entry.payload


def test_reassigning_a_letter_drops_the_extension_request_of_the_old_unit(desk, units, people):
    until = NOW.date() + timedelta(days=6)
    ticket = letters.assigned(*desk[:2])
    actions.ask_extension(ticket=ticket, until=until, reason="勘查", by=people.reporter, at=NOW)
    assert (
        actions.reassign(
            ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP
        ).extension_asked_until
        is None
    )


def test_a_question_to_the_citizen_stays_asked_and_its_answer_goes_to_the_new_unit(
    desk, units, people
):
    ticket = actions.ask_more(
        ticket=letters.handling(*desk), question="哪条路？", by=people.reporter, at=NOW
    )
    moved = actions.reassign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP)
    assert moved.status == "needs_more"
    actions.supplement(ticket=moved, text="海景路", at=SOON)
    assert titles(people.stranger) == ["待答复"]


@pytest.mark.parametrize(
    ("stage", "lead", "why"),
    [
        ("handling", "anjianju", "现在就由安监局主办"),
        ("needs_more", "anjianju", "还没有转办"),
        ("received", "anjianju", "不能再做这一步"),
        ("answered", "jiaoyuju", "不能再做这一步"),
    ],
)
def test_a_refused_reassignment_says_why(stage, lead, why, desk, units, people):
    ticket = letters.at_every_stage(*desk)[stage]
    with pytest.raises(Refused, match=why):
        actions.reassign(ticket=ticket, lead=units[lead], by=people.clerk, **STEP)


@pytest.mark.parametrize("meant", ["jiaoyuju", "chengguanju"])
def test_a_waiting_letter_goes_to_neither_the_unit_meant_nor_its_related_units(
    meant, desk, units, people
):
    Department.objects.filter(slug="chengguanju").update(successor=units["jiaoyuju"])
    about = {"kind": "complaint", "about": units[meant]}
    ticket = letters.handling(*desk, **about)
    actions.ask_more(ticket=ticket, question="哪条路？", by=people.reporter, at=NOW)
    with pytest.raises(Refused, match="不能改派给所涉单位"):
        actions.reassign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP)


def test_nobody_of_the_unit_complained_of_reassigns_the_complaint(desk, units, people):
    ticket = letters.assigned(people.supervisor, desk[1], kind="complaint", about=units["qufuban"])
    with pytest.raises(Refused, match="涉及您所在的单位"):
        actions.reassign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP)


def test_the_page_of_a_letter_reassigns_it_with_a_reason(client, desk, units, people):
    ticket = letters.assigned(*desk[:2])
    client.force_login(people.clerk)
    address = f"/staff/feedback/{ticket.number}/"
    assert f'action="{address}reassign/"' in client.get(address).content.decode()
    page = client.post(f"{address}reassign/", {"lead": units["jiaoyuju"].pk}).content.decode()
    assert "请写明为什么改派。" in page
    client.post(f"{address}reassign/", {"lead": units["jiaoyuju"].pk, "reason": "不归它管"})
    assert Ticket.objects.get().lead_department == units["jiaoyuju"]


def test_the_new_unit_does_not_find_the_words_of_the_old_one_in_its_reply(
    client, desk, units, people, settings
):
    settings.SITE = settings.SITE | {"tickets": settings.SITE["tickets"] | {"reply_check": True}}
    ticket = letters.in_check(*desk)
    actions.return_reply(ticket=ticket, reason="不全", by=people.clerk, at=NOW)
    actions.reassign(ticket=ticket, lead=units["jiaoyuju"], by=people.clerk, **STEP)
    actions.start_handling(ticket=ticket, by=people.stranger, at=SOON)
    client.force_login(people.stranger)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert 'name="text"' in page
    assert "电话已修好" not in page.partition('name="text"')[2].partition("</textarea>")[0]


@pytest.mark.parametrize("stage", ["assigned", "handling", "needs_more"])
def test_when_everybody_has_left_the_unit_the_desk_is_asked_for_another(
    stage, desk, people, client
):
    ticket = letters.handling(*desk) if stage != "assigned" else letters.assigned(*desk[:2])
    if stage == "needs_more":
        actions.ask_more(ticket=ticket, question="哪条路？", by=people.reporter, at=NOW)
    asked = "主办单位没有人办理，请改派"
    assert asked not in titles(people.clerk)
    Membership.objects.filter(department=desk[1], role=Role.REPORTER).update(ended_at=NOW)
    assert [duty.missing for duty in work_items_for(people.clerk, NOW.date())] == [
        "主办单位已撤并或没有填报员，还差：新的主办单位"
    ]
    client.force_login(people.clerk)
    assert (
        "安监局已撤并或没有填报员"
        in client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    )


def only_supervisor(people, units) -> None:
    Membership.objects.filter(user=people.other_supervisor).update(ended_at=NOW)


@pytest.mark.parametrize("stage", ["accepted", "assigned"])
def test_a_complaint_about_the_only_supervising_unit_is_the_clerks_to_see_to(
    stage, desk, people, units, client
):
    only_supervisor(people, units)
    about = {"kind": "complaint", "about": units["duchashi"]}
    ticket = (
        letters.accepted(people.clerk, **about)
        if stage == "accepted"
        else letters.assigned(*desk[:2], **about)
    )
    actions.escalate_waiting(by=actions.CITIZEN, at=NOW + timedelta(days=20))
    assert work_items_for(people.supervisor, NOW.date()) == []
    [duty] = work_items_for(people.clerk, NOW.date())
    assert duty.missing.startswith("还差：主办单位" if stage == "accepted" else "超过期限")
    client.force_login(people.clerk)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert (
        "没有可以经手的督查员（没有人在岗，或者都属于所涉单位），由受理员受理、转办和催办。" in page
    )


def test_with_another_supervisor_the_complaint_stays_on_the_supervisors_desk(
    desk, people, units, client
):
    ticket = letters.accepted(people.clerk, kind="complaint", about=units["duchashi"])
    assert [
        len(work_items_for(who, NOW.date())) for who in (people.other_supervisor, people.clerk)
    ] == [1, 0]
    client.force_login(people.clerk)
    assert "由谁经手" not in client.get(f"/staff/feedback/{ticket.number}/").content.decode()


def test_an_enquiry_about_the_clerks_own_unit_is_the_supervisors(desk, people, units):
    ticket = letters.accepted(people.clerk, about=units["qufuban"])
    assert not Ticket.objects.visible_to(people.clerk).exists()
    assert titles(people.supervisor) == ["待转办"]
    actions.assign(ticket=ticket, lead=units["jiaoyuju"], by=people.supervisor, at=NOW)
    letters.accepted(people.clerk, token="other")
    assert titles(people.supervisor) == ["由别人办理的"]


@pytest.mark.parametrize(
    ("role", "kind", "owner"),
    [("supervisor", "complaint", "clerk"), ("clerk", "enquiry", "supervisor")],
)
def test_a_letter_whose_desk_has_nobody_goes_to_the_other_desk(role, kind, owner, desk, people):
    Membership.objects.filter(role=role).update(ended_at=NOW)
    letters.received(kind=kind)
    assert titles(getattr(people, owner)) == ["待受理"]


def test_where_neither_desk_may_look_leaders_of_other_units_are_told(people, units):
    for unit in ("duchashi", "jianchaju"):
        Department.objects.filter(slug=unit).update(successor=units["qufuban"])
    leader = Membership.objects.create(
        user=people.stranger, department=units["jiaoyuju"], role=Role.LEADER
    )
    assert Desks.today().people_at("complaint", units["duchashi"].pk) == [leader.user_id]
