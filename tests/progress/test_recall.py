"""收回修改: who sent a report to be signed and notices a slip takes it back,
as long as nobody signed.
"""

import json

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from progress.actions.signing import recall_report
from tasks.models import Responsibility
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_5, JULY_30
from tests.fixtures.report_form import FORM
from tests.fixtures.requests import ask
from tests.fixtures.signing import JULY_4, send, sign
from workspace.read_models.work_items import work_items_for

RECALL = FORM + "recall/"


def recall(office, report, *, by=None, at=JULY_4):
    return recall_report(report=report, by=by or office.people.reporter, at=at)


def test_it_is_a_draft_again_and_leaves_the_signers_list(signing):
    report = recall(signing, send(signing))
    assert report.status == "draft"
    assert work_items_for(signing.people.colleague, JULY_4.date())[0].verb != "审签"
    assert (
        sign(signing, send(signing, version=report.version, at=JULY_5), at=JULY_5).status
        == "submitted"
    )


def test_what_was_sent_back_before_is_sent_back_again(signing):
    report = return_report(
        report=sign(signing, send(signing)), reason="请补", by=signing.people.supervisor, at=JULY_5
    )
    sent = send(signing, version=report.version, at=JULY_30)
    assert recall(signing, sent, at=JULY_30).status == "returned"


def test_any_reporter_of_the_lead_unit_may_and_nobody_else(signing, units):
    report = send(signing)
    joint = {"task": signing.paper.task, "department": units["jiaoyuju"], "order": 2}
    Responsibility.objects.create(**joint, kind="supporting", basis="published")
    signing.paper.task.responsibilities.filter(department=units["anjianju"]).update(kind="lead")
    with pytest.raises(Refused, match="由牵头单位的填报员收回"):
        recall(signing, report, by=signing.people.stranger)
    assert recall(signing, report, by=signing.people.colleague).status == "draft"


def test_a_signer_hands_back_instead_of_recalling(signing, units):
    report = send(signing)
    Membership.objects.filter(user=signing.people.colleague, role=Role.REPORTER).delete()
    with pytest.raises(Refused, match="填报员收回"):
        recall(signing, report, by=User.objects.get(pk=signing.people.colleague.pk))


def test_after_the_closing_it_stays_for_it_could_not_be_sent_again(signing):
    report = send(signing)
    close_period(period=signing.period, by=signing.people.supervisor, at=JULY_5, reason="都已报送")
    with pytest.raises(Refused, match="现在不能填报"):
        recall(signing, report, at=JULY_5)


def test_once_signed_it_is_out_of_the_house(signing):
    report = sign(signing, send(signing))
    with pytest.raises(Refused, match="不能再做这一步"):
        recall(signing, report)


def test_it_is_on_the_inner_record_without_words(signing):
    recall(signing, send(signing))
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.verb, entry.visibility, entry.actor_post) == ("recall", "internal", "填报员")
    assert json.loads(entry.payload)["facts"] == {"pace": "on_course", "version": 1}


def test_the_page_offers_it_to_the_reporter_and_leads_back_to_the_form(client, signing):
    send(signing)
    client.force_login(signing.people.reporter)
    offered = source_of(client.get(FORM))
    assert f'action="{RECALL}"' in offered
    assert 'type="submit">收回修改</button>' in offered
    shown = source_of(client.post(RECALL, follow=True))
    assert "已从审签收回。修改后请重新送审签。" in shown
    assert f'formaction="{FORM}send-to-sign/">送审签' in shown
    assert "不能再做这一步" in source_of(client.post(RECALL))


def test_after_the_closing_there_is_no_button(client, signing):
    send(signing)
    close_period(period=signing.period, by=signing.people.supervisor, at=JULY_5, reason="都已报送")
    client.force_login(signing.people.reporter)
    assert RECALL not in source_of(client.get(FORM))


def test_more_time_is_asked_for_only_after_it_was_taken_back(client, signing):
    report = send(signing)
    client.force_login(signing.people.reporter)
    assert "申请延期" not in source_of(client.get(FORM)).split("<main")[1]
    with pytest.raises(Refused, match="先收回修改"):
        ask(signing, at=JULY_4)
    recall(signing, report)
    assert ask(signing, at=JULY_4).state == "asked"
