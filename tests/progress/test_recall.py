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
from tests.fixtures.quarter import JULY_5, JULY_16, JULY_30
from tests.fixtures.report_form import FORM
from tests.fixtures.requests import ask
from tests.fixtures.signing import JULY_4, send, sign
from workspace.read_models.work_items import work_items_for

RECALL = FORM + "recall/"


def recall(office, report, *, by=None, at=JULY_4):
    return recall_report(report=report, by=by or office.people.reporter, at=at)


def test_a_recalled_report_is_a_draft_again_and_leaves_the_signers_list(signing):
    report = recall(signing, send(signing))
    assert report.status == "draft"
    assert work_items_for(signing.people.colleague, JULY_4.date())[0].verb != "审签"
    assert (
        sign(signing, send(signing, version=report.version, at=JULY_5), at=JULY_5).status
        == "submitted"
    )


def test_a_returned_report_that_is_recalled_is_returned_again(signing):
    report = return_report(
        report=sign(signing, send(signing)), reason="请补", by=signing.people.supervisor, at=JULY_5
    )
    sent = send(signing, version=report.version, at=JULY_30)
    assert recall(signing, sent, at=JULY_30).status == "returned"


def test_any_reporter_of_the_lead_unit_recalls_a_report_and_nobody_else(signing, units):
    report = send(signing)
    joint = {"task": signing.white_paper.task, "department": units["jiaoyuju"], "order": 2}
    Responsibility.objects.create(**joint, kind="supporting", basis="published")
    signing.white_paper.task.responsibilities.filter(department=units["anjianju"]).update(
        kind="lead"
    )
    with pytest.raises(Refused, match="由牵头单位的填报员收回"):
        recall(signing, report, by=signing.people.stranger)
    assert recall(signing, report, by=signing.people.colleague).status == "draft"


def test_a_signer_who_is_no_reporter_does_not_recall_a_report(signing, units):
    report = send(signing)
    Membership.objects.filter(user=signing.people.colleague, role=Role.REPORTER).delete()
    with pytest.raises(Refused, match="填报员收回"):
        recall(signing, report, by=User.objects.get(pk=signing.people.colleague.pk))


def test_after_the_closing_no_report_is_recalled(signing):
    report = send(signing)
    close_period(period=signing.period, by=signing.people.supervisor, at=JULY_16)
    with pytest.raises(Refused, match="现在不能填报"):
        recall(signing, report, at=JULY_5)


def test_a_signed_report_is_not_recalled(signing):
    report = sign(signing, send(signing))
    with pytest.raises(Refused, match="不能再做这一步"):
        recall(signing, report)


def test_a_recall_is_an_internal_ledger_entry_without_words(signing):
    recall(signing, send(signing))
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.verb, entry.visibility, entry.actor_post) == ("recall", "internal", "填报员")
    assert json.loads(entry.payload)["facts"] == {"pace": "on_course", "version": 1}


def test_the_page_offers_the_recall_to_the_reporter_and_leads_back_to_the_form(client, signing):
    send(signing)
    client.force_login(signing.people.reporter)
    offered = source_of(client.get(FORM))
    assert f'action="{RECALL}"' in offered
    assert 'type="submit">收回修改</button>' in offered
    html = source_of(client.post(RECALL, follow=True))
    assert "已从审签收回。修改后请重新送审签。" in html
    assert f'formaction="{FORM}send-to-sign/">送审签' in html
    assert "不能再做这一步" in source_of(client.post(RECALL))


def test_after_the_closing_the_page_offers_no_recall(client, signing):
    send(signing)
    close_period(period=signing.period, by=signing.people.supervisor, at=JULY_16)
    client.force_login(signing.people.reporter)
    assert RECALL not in source_of(client.get(FORM))


def test_an_extension_of_a_report_being_signed_is_asked_for_only_after_its_recall(client, signing):
    report = send(signing)
    client.force_login(signing.people.reporter)
    assert "申请延期" not in source_of(client.get(FORM)).split("<main")[1]
    with pytest.raises(Refused, match="先收回修改"):
        ask(signing, at=JULY_4)
    recall(signing, report)
    assert ask(signing, at=JULY_4).state == "asked"
