"""The database fails in the middle of an action: all of it is kept or nothing,
whichever write it was.
"""

from decimal import Decimal

import pytest
from django.db import connection

from ledger.verification import verify as verify_ledger
from progress.actions.early_closings import (
    confirm_early_closing,
    propose_early_closing,
    withdraw_early_closing,
)
from progress.actions.extensions import grant_extension
from progress.actions.nudges import nudge_partner
from progress.actions.periods import close_period
from progress.actions.reports import submit_report
from progress.actions.reviews import Verdict, return_report, verify_report
from progress.actions.signing import hand_back_report, recall_report, send_to_sign, sign_report
from publishing.actions.corrections import publish_correction, return_correction
from publishing.actions.objections import decide_objection
from publishing.actions.releases import prepare_release, publish_release
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.taking_back import reassess_report, send_back_report, withdraw_report
from publishing.actions.withholding import (
    extend_withholding,
    lift_withholding,
    take_down_publication,
)
from publishing.models import Clearance, Publication
from tests.fixtures import coordination
from tests.fixtures.faults import fails_as_a_whole
from tests.fixtures.people import make_calendar
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, JULY_30, NEXT_JULY, moment
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import JULY_19, ask, object_to, unlock
from tests.fixtures.slips import brought_to, close, issue, lift, paper, reply, send_back, withdraw

pytestmark = pytest.mark.both

AUGUST = moment("2013-08-20T10:00:00")
LAW = "《政府信息公开条例》第十四条"


def submitting(office):
    report = office.save()
    return lambda: submit_report(report=report, by=office.people.reporter, at=JULY_2)


def sending(office):
    report = where_a_second_person_signs(office)
    return lambda: send_to_sign(report=report, by=office.people.reporter, at=JULY_2)


def signing(office):
    report = sending(office)()
    return lambda: sign_report(report=report, by=office.people.colleague, at=JULY_2)


def handing_back(office):
    report = sending(office)()
    return lambda: hand_back_report(
        report=report, reason="缺签到表", by=office.people.colleague, at=JULY_2
    )


def recalling(office):
    report = sending(office)()
    return lambda: recall_report(report=report, by=office.people.reporter, at=JULY_2)


def where_a_second_person_signs(office):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    return office.save()


def returning(office):
    report = office.submit()
    return lambda: return_report(
        report=report, reason="请补", by=office.people.supervisor, at=JULY_5
    )


def verifying(office):
    """Otherwise than the unit, so that there are rows of every kind to write."""
    report = office.submit()
    verdict = Verdict(
        "slow",
        "paper",
        note="缺页",
        findings={office.white_paper.commitments[1].pk: ("partly", "只见3900人")},
    )
    return lambda: verify_report(
        report=report, verdict=verdict, by=office.people.supervisor, at=JULY_5
    )


def withdrawing(office):
    report = office.submit()
    return lambda: withdraw_report(report=report, by=office.people.reporter, at=JULY_5)


def reassessing(office):
    report = office.verify(office.submit()).report
    return lambda: reassess_report(report=report, by=office.people.supervisor, at=JULY_5)


def sending_back_after_the_verdict(office):
    report = office.verify(office.submit()).report
    return lambda: send_back_report(
        report=report, reason="请补", by=office.people.supervisor, at=JULY_5
    )


def nudging(office):
    add_supporting_unit(office)
    office.save()
    asked = {"department": office.units["jiaoyuju"], "by": office.people.reporter, "at": JULY_2}
    return lambda: nudge_partner(task=office.white_paper.task, period=office.period, **asked)


def proposing_to_close_early(office):
    by = office.people.supervisor
    return lambda: propose_early_closing(
        periods=[office.period], reason="提前开会", by=by, at=JULY_2
    )


def confirming_an_early_closing(office):
    (row,) = proposing_to_close_early(office)()
    return lambda: confirm_early_closing(closing=row, by=office.people.leader, at=JULY_2)


def withdrawing_an_early_closing(office):
    (row,) = proposing_to_close_early(office)()
    return lambda: withdraw_early_closing(closing=row, by=office.people.leader, at=JULY_2)


def closing(office):
    return lambda: close_period(period=office.period, by=office.people.supervisor, at=JULY_16)


def publishing(office):
    office.verify(office.submit())
    release = office.approve(office.prepare())
    return lambda: publish_release(release=release, by=office.people.publisher, at=JULY_30)


def preparing(office):
    closing(office)()
    arguments = {"withheld": {}, "rest_public": True, "by": office.people.supervisor, "at": JULY_5}
    return lambda: prepare_release(period=office.period, **arguments)


def approving(office):
    release = office.prepare()
    return lambda: office.approve(release)


def withheld(office) -> Clearance:
    office.verify(office.submit())
    office.publish(withheld={office.white_paper.task.pk: LAW})
    return Clearance.objects.get()


def lifting(office):
    row = withheld(office)
    return lambda: lift_withholding(
        clearance=row, reason="期满", by=office.people.publisher, at=AUGUST
    )


def lapsing(office):
    day = moment("2013-08-09T12:00:00")
    extension = ask(office, at=JULY_2, requested_until=day.date())
    grant_extension(extension=extension, until=day.date(), by=office.people.supervisor, at=JULY_5)
    office.publish()
    return lambda: publish_lapse(
        publication=Publication.objects.get(), by=office.people.publisher, at=AUGUST
    )


def extending(office):
    arguments = {"clearance": withheld(office), "review_on": NEXT_JULY, "reason": "案件未结"}
    return lambda: extend_withholding(**arguments, by=office.people.supervisor, at=AUGUST)


def taking_down(office):
    correcting(office)()
    arguments = {
        "publication": Publication.objects.current().get(),
        "legal_basis": LAW,
        "reason": "有姓名",
    }
    return lambda: take_down_publication(**arguments, by=office.people.publisher, at=AUGUST)


def adding(office):
    report = office.submit()
    office.publish()
    office.verify(report, at=AUGUST)
    return lambda: publish_revision(report=report, by=office.people.publisher, at=AUGUST)


def proposing(office):
    office.verify(office.submit())
    office.publish()
    return lambda: office.propose(readings={office.white_paper.indicator.pk: Decimal(4100)})


def proposing_a_verdict(office):
    verifying(office)()
    office.publish()
    return lambda: office.propose(assessment_note="缺两页")


def correcting(office):
    row = proposing(office)()
    return lambda: publish_correction(request=row, by=office.people.publisher, at=AUGUST)


def sending_a_correction_back(office):
    row = proposing(office)()
    return lambda: return_correction(
        request=row, reason="看不出错在哪里", by=office.people.publisher, at=AUGUST
    )


def asking(office):
    return lambda: ask(office)


def granting(office):
    row = ask(office)
    return lambda: grant_extension(
        extension=row, until=JULY_19, by=office.people.supervisor, at=JULY_5
    )


def unlocking(office):
    """A second time, so that the first one has to make room."""
    make_calendar()
    closing(office)()
    unlock(office, at=JULY_5)
    return lambda: unlock(office, at=AUGUST)


def objecting(office):
    verifying(office)()
    office.publish()
    return lambda: object_to(office)


def deciding(office):
    row = objecting(office)()
    arguments = {
        "outcome": "upheld",
        "decision": "属实",
        "by": office.people.other_supervisor,
        "at": AUGUST,
    }
    return lambda: decide_objection(objection=row, **arguments)


def issuing(office):
    return lambda: issue(office)


def replying(office):
    slip, files = issue(office), [paper("一.pdf"), paper("二.pdf")]
    return lambda: reply(office, slip, files=files)


def sending_back(office):
    slip = brought_to(office, "replied")
    return lambda: send_back(office, slip)


def raising(office):
    slip = brought_to(office, "replied")
    return lambda: lift(office, slip)


def withdrawing_a_slip(office):
    slip = issue(office)
    return lambda: withdraw(office, slip)


def closing_a_slip(office):
    slip = brought_to(office, "replied")
    return lambda: close(office, slip)


def raising_a_matter(office):
    return lambda: coordination.raised(office)


def deciding_a_matter(office):
    item = raising_a_matter(office)()
    return lambda: coordination.decide(office, item)


def instructing(office):
    item = raising_a_matter(office)()
    return lambda: coordination.instruct(office, item)


def replying_on_a_matter(office):
    item = deciding_a_matter(office)()
    return lambda: coordination.reply(office, item)


def closing_a_matter(office):
    item = deciding_a_matter(office)()
    return lambda: coordination.close(office, item)


# What is written besides the entry in the record, which is the last write of every action.
ACTIONS = {
    submitting: 2,
    returning: 2,
    verifying: 5,
    closing: 2,
    publishing: 7,
    adding: 5,
    correcting: 6,
}
ACTIONS |= {asking: 2, granting: 2, unlocking: 3, objecting: 2, deciding: 2}
ACTIONS |= {lapsing: 3, preparing: 3, approving: 2, lifting: 6, extending: 2, taking_down: 4}
ACTIONS |= {proposing: 2, proposing_a_verdict: 2, sending_a_correction_back: 2}
ACTIONS |= {
    issuing: 4,
    replying: 5,
    sending_back: 3,
    raising: 3,
    closing_a_slip: 3,
    withdrawing_a_slip: 3,
}
ACTIONS |= {sending: 2, signing: 2, handing_back: 2, recalling: 2, nudging: 2}
ACTIONS |= {withdrawing: 2, reassessing: 3, sending_back_after_the_verdict: 5}
ACTIONS |= {
    proposing_to_close_early: 2,
    confirming_an_early_closing: 3,
    withdrawing_an_early_closing: 2,
}
ACTIONS |= {
    raising_a_matter: 2,
    deciding_a_matter: 2,
    instructing: 2,
    replying_on_a_matter: 2,
    closing_a_matter: 2,
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_an_action_whose_write_fails_leaves_nothing_and_can_be_done_again(office, action):
    assert fails_as_a_whole(action(office)) >= ACTIONS[action]
    assert verify_ledger().sound


def test_a_report_is_saved_whole_or_not_at_all_when_a_write_fails(office):
    office.save()
    assert fails_as_a_whole(lambda: office.save(version=1)) >= 4


def test_an_action_without_a_transaction_is_noticed_by_this_test(office):
    """Two rows written without a transaction round them: the first stays when the second fails."""

    def halves():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE progress_reportingperiod SET state = 'closed'")
            cursor.execute("UPDATE tasks_plan SET title = 'half'")

    with pytest.raises(AssertionError, match="write 2 of 2"):
        fails_as_a_whole(halves)
