"""The check of the record also reads what was promised: the documents and the signed sentences."""

import hashlib

import pytest
from django.db import transaction

from ledger.actions import Actor, LedgerEvent, append
from tasks.actions.plans import save_summary
from tasks.models import Plan, Task
from tasks.read_models.verification import promised_faults
from tests.fixtures.people import NOW

BY = Actor("3", "督查室", "督查员")


@pytest.fixture
def told(white_paper):
    """A document and a sentence as the ledger knows them."""
    plan = white_paper.plan
    digest = hashlib.sha256(bytes(plan.source_bytes)).hexdigest()
    Plan.objects.filter(pk=plan.pk).update(source_sha256=digest)
    event = LedgerEvent("import_plan", "plan", plan.slug, {"sha256": digest})
    with transaction.atomic():
        append([event], by=BY, at=NOW)
    for sentence in ("先前的话。", "全年培训一万五千人次。"):
        save_summary(task=white_paper.task, summary=sentence, by=BY, at=NOW)
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
        {"summary": "", "summary_by": ""},
        {"summary_by": "教育局"},
    ],
)
def test_a_sentence_that_nobody_signed_is_named(told, forged):
    Task.objects.filter(pk=told.task.pk).update(**forged)
    assert list(promised_faults()) == ["任务 wp2013-18：一句话说明与公开记录不符"]


def test_a_sentence_without_any_entry_is_named(white_paper):
    Task.objects.filter(pk=white_paper.task.pk).update(summary="话。", summary_by="督查室")
    assert list(promised_faults()) == ["任务 wp2013-18：一句话说明与公开记录不符"]


def test_a_sentence_that_was_taken_back_is_no_fault(told):
    save_summary(task=told.task, summary="", by=BY, at=NOW)
    assert list(promised_faults()) == []
