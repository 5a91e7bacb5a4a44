"""Joint items: the lead waits for the others' parts until the due day,
and says whose is missing after it.
"""

from datetime import date

import pytest
import time_machine

from common.errors import Refused
from progress.actions.reports import Filing, submit_report
from progress.requirements.loading import requirements_for
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, moment
from tests.fixtures.report_form import FORM, SUBMIT, add_supporting_unit
from workspace.read_models.work_items import work_items_for

DUE = date(2013, 7, 12)
LAST_MINUTE, FIRST_MINUTE = moment("2013-07-11T23:59:00"), moment("2013-07-12T00:01:00")
MISSING = "教育局还没有交本单位部分。"


@pytest.fixture
def joint(office):
    """安监局 leads and has filled in everything, 教育局 supports and is silent."""
    add_supporting_unit(office)
    office.save()
    return office


def test_a_missing_part_names_its_unit_and_blocks_before_the_due_day(joint):
    sheet = requirements_for(joint.paper.task, joint.period)
    gap = sheet.missing_items(JULY_2.date())[-1]
    assert (gap.about, gap.sentence, gap.blocks) == (
        f"u{joint.units['jiaoyuju'].pk}",
        MISSING,
        True,
    )
    assert sheet.missing(JULY_2.date()) == [MISSING]


def test_from_the_due_day_on_it_is_shown_and_does_not_block(joint):
    sheet = requirements_for(joint.paper.task, joint.period)
    assert sheet.missing(DUE) == []
    assert [(gap.sentence, gap.blocks) for gap in sheet.missing_items(DUE)] == [(MISSING, False)]


@pytest.mark.parametrize("at", [LAST_MINUTE, FIRST_MINUTE])
def test_the_day_turns_where_the_portal_stands(joint, at):
    report = joint.paper.task.reports.get()
    if at == LAST_MINUTE:
        with pytest.raises(Refused, match="教育局"):
            submit_report(report=report, by=joint.people.reporter, at=at)
    else:
        assert submit_report(report=report, by=joint.people.reporter, at=at).status == "submitted"


@pytest.mark.parametrize(
    ("filing", "there"),
    [(Filing(narrative="学校培训500人次。"), True), (Filing(narrative=" "), False)],
)
def test_a_part_is_words_or_an_answer_and_not_an_empty_page(joint, filing, there):
    joint.save(filing, unit="jiaoyuju", by=joint.people.stranger, version=1)
    sheet = requirements_for(joint.paper.task, joint.period)
    assert (sheet.silent == []) == there
    assert (work_items_for(joint.people.stranger, JULY_2.date()) == []) == there


def test_one_answer_is_a_part_too(joint):
    answer = Filing(findings={joint.paper.commitments[1].pk: ("done", "")})
    joint.save(answer, unit="jiaoyuju", by=joint.people.stranger, version=1)
    assert requirements_for(joint.paper.task, joint.period).missing(JULY_2.date()) == []


def test_a_task_of_one_unit_waits_for_nobody(office):
    office.save()
    assert requirements_for(office.paper.task, office.period).missing_items(JULY_2.date()) == []


def test_the_workspace_says_it_before_and_after_the_due_day(joint):
    assert work_items_for(joint.people.reporter, JULY_2.date())[0].missing == "还差：1 个单位的部分"
    assert (
        work_items_for(joint.people.reporter, DUE)[0].missing
        == "已填完，可以报送（1 个单位未交本单位部分）"
    )


def test_the_form_lists_it_before_the_due_day_and_stops_waiting_after(client, joint):
    with time_machine.travel(JULY_2):
        client.force_login(joint.people.reporter)
        shown = source_of(client.get(FORM))
    assert f"<li>{MISSING}</li>" in shown
    assert "不再等待" not in shown
    with time_machine.travel(FIRST_MINUTE):
        client.force_login(joint.people.reporter)
        shown = source_of(client.get(FORM))
    assert "已到报送截止日，不再等待，可以报送。" in shown
    assert "未交本单位部分" in shown


def test_the_page_refuses_before_the_due_day_with_the_units_name(client, joint, typed_report):
    with time_machine.travel(JULY_2):
        client.force_login(joint.people.reporter)
        shown = source_of(client.post(SUBMIT, typed_report | {"version": "1"}))
    assert "已保存，但还不能报送。" in shown
    assert MISSING in shown


def test_the_review_desk_says_which_parts_are_missing(client, joint):
    submit_report(report=joint.paper.task.reports.get(), by=joint.people.reporter, at=FIRST_MINUTE)
    client.force_login(joint.people.supervisor)
    shown = source_of(client.get("/staff/review/wp2013-18/2013-2/"))
    notice = shown.split("单位怎么说")[1].split("</section>")[0]
    assert "未交本单位部分" in notice
    assert "教育局" in notice
