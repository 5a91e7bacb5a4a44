"""Signing through the pages: the signer's list, the filed view with its two buttons,
the reason on top.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, Role, User
from progress.actions.signing import hand_back_report, send_to_sign
from progress.models import ProgressReport
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.report_form import FORM, SUBMIT
from tests.fixtures.workbooks import filled_book, keep, look
from workspace.read_models.queues import to_sign
from workspace.read_models.work_items import work_items_for

DESK = "/staff/review/wp2013-18/2013-2/"
SIGN, HAND_BACK = FORM + "sign/", FORM + "hand-back/"


@pytest.fixture
def sent(signing) -> ProgressReport:
    return send_to_sign(report=signing.save(), by=signing.people.reporter, at=JULY_2)


@pytest.fixture
def signer(client, signing):
    client.force_login(signing.people.colleague)
    return client


def test_the_form_of_a_unit_that_signs_sends_instead_of_submitting(client, signing, typed_report):
    client.force_login(signing.people.reporter)
    html = source_of(client.get(FORM))
    assert f'formaction="{FORM}send-to-sign/">送审签' in html
    assert SUBMIT not in html
    html = source_of(client.post(FORM + "send-to-sign/", typed_report, follow=True))
    assert "已送审签。审签人审签后报送督查室。" in html
    assert "部门审签中" in html
    assert ProgressReport.objects.get().status == "signing"


def test_the_workspace_says_that_a_report_can_be_sent_to_sign(signing):
    signing.save()
    assert work_items_for(signing.people.reporter, JULY_2.date())[0].missing == "已填完，可以送审签"


def test_a_signer_has_a_line_for_each_report_with_its_day_and_sender(signer, sent, signing):
    duty = work_items_for(signing.people.colleague, JULY_2.date())[0]
    assert (duty.verb, duty.due_on, duty.missing) == (
        "审签",
        sent.period.due_on,
        "陈填报 2013-07-02 10:00 送审签",
    )
    assert "陈填报 2013-07-02 10:00 送审签" in source_of(signer.get("/staff/"))


def test_whoever_wrote_a_report_has_no_line_or_button_to_sign_it(client, signing, units, sent):
    Membership.objects.create(
        user=signing.people.reporter, department=units["anjianju"], role=Role.SIGNER
    )
    client.force_login(signing.people.reporter)
    assert "送审签" not in source_of(client.get("/staff/"))
    html = source_of(client.get(FORM))
    assert "请由另一位审签人审签" in html
    assert SIGN not in html
    assert f'action="{HAND_BACK}"' in html


def test_a_signer_reads_a_report_and_signs_it(signer, sent):
    html = source_of(signer.get(FORM))
    assert "完成培训 4000 人次" in html
    assert f'formaction="{SIGN}">审签' in html
    html = source_of(signer.post(SIGN, follow=True))
    assert "wp2013-18 已审签。已报送督查室。2013年7月22日前会有核查结果。" in html
    assert ProgressReport.objects.get().signed_by.username == "colleague"


def test_handing_back_without_a_reason_is_refused_at_its_field(signer, sent):
    html = source_of(signer.post(HAND_BACK, {"reason": " "}))
    assert "退回填报员请写明理由" in html
    assert 'href="#id_reason"' in html
    assert ProgressReport.objects.get().status == "signing"


def test_the_reason_of_a_report_handed_back_stands_on_the_writers_list_and_form(
    client, signer, sent, signing
):
    signer.post(HAND_BACK, {"reason": "请补签到表"})
    client.force_login(signing.people.reporter)
    html = source_of(client.get("/staff/"))
    assert "审签人退回" in html
    assert "请补签到表" in html
    assert "请补签到表" in source_of(client.get(FORM))


def test_a_refused_signature_says_why(signer, sent, signing):
    signing.period.state = "closed"
    signing.period.save()
    html = source_of(signer.post(SIGN))
    assert "现在不能填报" in html
    assert ProgressReport.objects.get().status == "signing"


def test_a_report_signed_meanwhile_keeps_the_reason_typed(signer, sent, signing):
    hand_back_report(report=sent, reason="先退回", by=signing.people.colleague, at=JULY_5)
    html = source_of(signer.post(HAND_BACK, {"reason": "我也要退回"}))
    assert "不能再做这一步" in html
    assert "我也要退回" in html


def test_the_workbook_of_a_unit_that_signs_is_sent_to_sign_instead_of_submitted(
    client, signing, white_paper
):
    client.force_login(signing.people.reporter)
    looked = look(client, filled_book(client, white_paper))
    assert "已送审签 1 项。审签人审签后报送督查室。" in source_of(keep(client, looked, submit="on"))
    assert ProgressReport.objects.get().status == "signing"


def test_the_supervisor_sees_no_report_before_it_is_signed_and_both_names_after(
    client, signer, sent, signing
):
    client.force_login(signing.people.supervisor)
    assert client.get(DESK).status_code == 404
    client.force_login(signing.people.colleague)
    client.post(SIGN)
    client.force_login(signing.people.supervisor)
    html = source_of(client.get(DESK))
    assert "陈填报送审签，李同事" in html


def test_ten_reports_to_sign_cost_as_many_questions_as_one(
    signing, sent, django_assert_num_queries
):
    signer = signing.people.colleague
    with CaptureQueriesContext(connection) as one:
        assert len(to_sign(User.objects.get(pk=signer.pk), JULY_2.date())) == 1
    given = {
        "period": signing.period,
        "status": "signing",
        "pace": "done",
        "sent_by": sent.sent_by,
        "sent_at": JULY_2,
    }
    for task in more_tasks(signing.white_paper, signing.units["anjianju"], 9):
        ProgressReport.objects.create(task=task, **given)
    with django_assert_num_queries(len(one)):
        assert len(to_sign(User.objects.get(pk=signer.pk), JULY_2.date())) == 10
