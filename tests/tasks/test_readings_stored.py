"""Every document that is read can be written as a draft once its questions are answered."""

import pytest
from django.conf import settings
from django.utils import timezone

from common.errors import Refused
from tasks.actions.imports import discard_import, hand_over_import, save_import, upload_import
from tasks.forms.imports import CheckForm
from tasks.importing.curated import INDICATORS
from tasks.importing.readers import document_from_bytes
from tasks.models import Passage, Plan, Task

FOLDER = settings.FIXTURES / "readings"
PLANS = [
    path.stem
    for path in sorted(FOLDER.glob("*.txt"))
    if not any(sign in path.stem for sign in ("bz2017", "cover-notice", "news", "call-for"))
]
pytestmark = pytest.mark.django_db


def document_of(name: str):
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")
    text = "\n".join(line for line in lines if not line.startswith(("# source:", "# note:")))
    return document_from_bytes(text.encode(), f"{name}.txt")


def answered(run) -> None:
    """Takes every preset of the page; a title, a day and an address where none was found."""
    given = {"title": "示例文件", "slug": "example", "starts_on": "2024-01-01"}
    given["ends_on"] = "2024-12-31"
    page = CheckForm(run)
    data = {bound.name: bound.value() or given.get(bound.name, "2024") for bound in page}
    data |= {"tracked_from": ""}
    form = CheckForm(run, data)
    assert form.is_valid(), form.errors
    save_import(run=run, answers=form.answers, corrections=form.corrections)


@pytest.mark.parametrize("name", PLANS)
def test_a_document_becomes_a_draft_and_is_discarded_without_a_trace(name, people):
    document, by, at = document_of(name), people.supervisor, timezone.now()
    run = upload_import(document=document, by=by, at=at)
    answered(run)
    if run.draft["is_disclosure"]:
        with pytest.raises(Refused, match="完成情况"):
            hand_over_import(run=run, indicators=INDICATORS, by=by, at=at)
        return
    plan = hand_over_import(run=run, indicators=INDICATORS, by=by, at=at)
    wanted = sum(len(section["tasks"]) for section in run.draft["sections"])
    assert plan.tasks.count() == wanted
    passages = Passage.objects.filter(plan=plan).order_by("order")
    assert "".join(plan.source_text[p.start : p.end] for p in passages) == document.text
    run.refresh_from_db()
    discard_import(run=run, by=by, at=at)
    assert not Plan.objects.exists()
    assert not Task.objects.exists()
