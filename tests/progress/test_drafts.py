"""A draft always saves: what it lacks is said at its place and keeps it from going out.

Labels say what is true.
"""

import json
from dataclasses import replace

import pytest

from common.errors import Refused
from progress.actions.reports import submit_report
from progress.choices import Pace
from progress.models import Finding, ProgressReport
from progress.requirements.loading import requirements_for
from progress.rules.verdicts import OVERALL_RULE
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from tests.fixtures.report_form import FORM, SUBMIT
from tests.fixtures.workbooks import filled_book, keep, look
from workspace.read_models.work_items import work_items_for


@pytest.mark.parametrize("pace", ["blocked", "no_progress"])
def test_a_draft_saves_a_word_without_its_explanation_and_asks_for_it_at_its_field(
    reporter, office, typed_report, white_paper, pace
):
    asked = white_paper.commitments[0 if pace == "no_progress" else 1]
    shown = source_of(
        reporter.post(FORM, typed_report | {f"c{asked.pk}": pace, "save": ""}, follow=True)
    )
    assert "已保存，还没有报送。" in shown
    assert f'<a href="#id_n{asked.pk}">' in shown
    shown = source_of(reporter.post(SUBMIT, typed_report | {"version": "1", f"c{asked.pk}": pace}))
    assert "已保存，但还不能报送。" in shown
    assert f'href="#id_n{asked.pk}"' in shown
    assert ProgressReport.objects.get().status == "draft"


def label_of(shown: str, name: str) -> str:
    return shown.split(f'for="id_{name}">')[1].split("</label>")[0]


def test_a_note_is_marked_as_needed_once_its_word_needs_it(reporter, typed_report, white_paper):
    note = f"n{white_paper.commitments[1].pk}"
    shown = source_of(reporter.get(FORM))
    assert "选填" in label_of(shown, note)
    assert "选“前置条件未具备”时，须写明情况。" in shown
    asked = {f"c{white_paper.commitments[1].pk}": "blocked", "save": ""}
    assert "必填" in label_of(
        source_of(reporter.post(FORM, typed_report | asked, follow=True)), note
    )


def test_no_field_that_may_be_needed_is_labelled_optional(reporter, typed_report, white_paper):
    shown = source_of(reporter.get(FORM))
    assert "选填" in label_of(shown, "help_needed")
    assert "选填" not in label_of(shown, "no_progress_reason")
    assert "选填" not in shown.split("总体进展")[1].split("</legend>")[0]
    shown = source_of(
        reporter.post(FORM, typed_report | {"pace": "no_progress", "save": ""}, follow=True)
    )
    assert "必填" in label_of(shown, "no_progress_reason")


def test_the_report_form_says_how_the_overall_word_follows(reporter, office):
    shown = source_of(reporter.get(FORM))
    for when, pace, _ in OVERALL_RULE:
        assert f"{when}，为“{pace.label}”" in shown or f"全部{pace.label}" in shown


def test_a_draft_that_lacks_an_explanation_is_autosaved(reporter, typed_report, white_paper):
    asked = typed_report | {f"c{white_paper.commitments[1].pk}": "blocked"}
    answer = reporter.post(FORM + "autosave/", asked)
    assert answer.status_code == 200
    assert json.loads(answer.content)["gaps"] == [
        "“培训4000人次以上；”填为前置条件未具备，请写明情况。"
    ]


def test_a_workbook_that_lacks_an_explanation_is_saved_and_not_submitted(
    reporter, office, white_paper
):
    promise = white_paper.commitments[1]
    book = filled_book(reporter, white_paper).fill(
        "逐条自评", f"c{promise.pk}", 自评="前置条件未具备"
    )
    shown = source_of(keep(reporter, look(reporter, book), submit="on"))
    assert "填为前置条件未具备，请写明情况。" in shown
    assert ProgressReport.objects.get().status == "draft"
    assert Finding.objects.get(commitment=promise).pace == "blocked"


def test_the_workspace_counts_what_is_to_be_explained(office, white_paper):
    said = office.filing.findings | {white_paper.commitments[1].pk: ("blocked", "")}
    office.save(replace(office.filing, findings=said))
    assert work_items_for(office.people.reporter, JULY_2.date())[0].missing == "还差：1 条说明"


@pytest.mark.parametrize("pace", ["blocked", "no_progress"])
def test_a_draft_is_saved_without_its_explanation_and_does_not_go_out(office, pace):
    commitment = office.white_paper.commitments[1]
    report = office.save(
        replace(office.filing, findings=office.filing.findings | {commitment.pk: (pace, " ")})
    )
    gap = next(
        gap
        for gap in requirements_for(report.task, report.period).missing_items(JULY_2.date())
        if gap.about[0] == "n"
    )
    assert (gap.about, gap.blocks) == (f"n{commitment.pk}", True)
    with pytest.raises(Refused, match=f"填为{Pace(pace).label}，请写明情况"):
        submit_report(report=report, by=office.people.reporter, at=JULY_2)
    explained = office.filing.findings | {commitment.pk: (pace, "场地检修")}
    office.save(replace(office.filing, findings=explained), version=1)
    assert not any(
        gap.about[0] == "n"
        for gap in requirements_for(report.task, report.period).own_missing_items()
    )
