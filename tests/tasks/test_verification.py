"""The check of the record also reads what was promised: the documents and the signed sentences."""

import hashlib

import pytest
from django.db import transaction

from common.text.canonical import digest
from ledger.actions import Actor, LedgerEvent, append
from tasks.actions.plans import PlainWords, save_plain_words
from tasks.models import Plan, Task
from tasks.read_models.verification import promised_faults
from tests.fixtures.people import NOW

BY = Actor("3", "督查室", "督查员")


@pytest.fixture
def told(white_paper):
    """A document and a sentence as the ledger knows them."""
    plan = white_paper.plan
    sha256 = hashlib.sha256(bytes(plan.source_bytes)).hexdigest()
    Plan.objects.filter(pk=plan.pk).update(source_sha256=sha256)
    event = LedgerEvent("import_plan", "plan", plan.slug, {"sha256": sha256})
    with transaction.atomic():
        append([event], by=BY, at=NOW)
    for sentence in ("先前的话。", "全年培训一万五千人次。"):
        save_plain_words([PlainWords(white_paper.task, "安全培训", sentence)], by=BY, at=NOW)
    assert list(promised_faults()) == []
    return white_paper


@pytest.mark.parametrize("forged", [{"source_bytes": b"x"}, {"source_sha256": "0" * 64}])
def test_a_document_that_was_exchanged_is_named(told, forged):
    Plan.objects.filter(pk=told.plan.pk).update(**forged)
    assert list(promised_faults()) == ["文件 wp2013：原文件与公开记录第 1 条的校验值不符"]


@pytest.mark.parametrize(
    "forged",
    [
        {"summary": "先前的话。"},
        {"plain_name": "别的名称"},
        {"summary": "", "plain_name": "", "summary_by": ""},
        {"summary_by": "教育局"},
    ],
)
def test_a_sentence_that_nobody_signed_is_named(told, forged):
    Task.objects.filter(pk=told.task.pk).update(**forged)
    assert list(promised_faults()) == ["任务 wp2013-18：通俗名称或一句话说明与公开记录不符"]


def test_a_sentence_without_any_entry_is_named(white_paper):
    Task.objects.filter(pk=white_paper.task.pk).update(summary="话。", summary_by="督查室")
    assert list(promised_faults()) == ["任务 wp2013-18：通俗名称或一句话说明与公开记录不符"]


def test_a_sentence_of_the_time_before_plain_names_is_no_fault(white_paper):
    event = LedgerEvent("save_summary", "task", white_paper.task.code, {"summary": digest("话。")})
    with transaction.atomic():
        append([event], by=BY, at=NOW)
    Task.objects.filter(pk=white_paper.task.pk).update(summary="话。", summary_by="督查室")
    assert list(promised_faults()) == []


def test_what_was_said_of_a_discarded_draft_says_nothing_of_its_successor(told):
    event = LedgerEvent("discard_plan", "plan", told.plan.slug, {}, public=False)
    with transaction.atomic():
        append([event], by=BY, at=NOW)
    Task.objects.filter(pk=told.task.pk).update(plain_name="", summary="", summary_by="")
    assert list(promised_faults()) == []
    Task.objects.filter(pk=told.task.pk).update(summary="先前的话。", summary_by="督查室")
    assert list(promised_faults()) == ["任务 wp2013-18：通俗名称或一句话说明与公开记录不符"]


def test_a_sentence_that_was_taken_back_is_no_fault(told):
    save_plain_words([PlainWords(told.task, "", "")], by=BY, at=NOW)
    assert list(promised_faults()) == []
