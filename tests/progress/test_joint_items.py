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


def test_a_missing_part_of_a_joint_item_names_its_unit_and_blocks_before_the_due_day(joint):
    sheet = requirements_for(joint.white_paper.task, joint.period)
    gap = sheet.missing_items(JULY_2.date())[-1]
    assert (gap.about, gap.sentence, gap.blocks) == (
        f"u{joint.units['jiaoyuju'].pk}",
        MISSING,
        True,
    )
    assert sheet.missing(JULY_2.date()) == [MISSING]


def test_a_missing_part_of_a_joint_item_does_not_block_from_the_due_day_on(joint):
    sheet = requirements_for(joint.white_paper.task, joint.period)
    assert sheet.missing(DUE) == []
    assert [(gap.sentence, gap.blocks) for gap in sheet.missing_items(DUE)] == [(MISSING, False)]


@pytest.mark.parametrize("at", [LAST_MINUTE, FIRST_MINUTE])
def test_the_due_day_of_a_joint_item_ends_at_local_midnight(joint, at):
    report = joint.white_paper.task.reports.get()
    if at == LAST_MINUTE:
        with pytest.raises(Refused, match="教育局"):
            submit_report(report=report, by=joint.people.reporter, at=at)
    else:
        assert submit_report(report=report, by=joint.people.reporter, at=at).status == "submitted"


@pytest.mark.parametrize(
    ("filing", "there"),
    [(Filing(narrative="学校培训500人次。"), True), (Filing(narrative=" "), False)],
)
def test_an_empty_part_of_a_joint_item_does_not_count(joint, filing, there):
    joint.save(filing, unit="jiaoyuju", by=joint.people.stranger, version=1)
    sheet = requirements_for(joint.white_paper.task, joint.period)
    assert (sheet.silent == []) == there
    assert (work_items_for(joint.people.stranger, JULY_2.date()) == []) == there


def test_one_answer_counts_as_a_part_of_a_joint_item(joint):
    answer = Filing(findings={joint.white_paper.commitments[1].pk: ("done", "")})
    joint.save(answer, unit="jiaoyuju", by=joint.people.stranger, version=1)
    assert requirements_for(joint.white_paper.task, joint.period).missing(JULY_2.date()) == []


def test_a_task_of_one_unit_waits_for_nobody(office):
    office.save()
    assert (
        requirements_for(office.white_paper.task, office.period).missing_items(JULY_2.date()) == []
    )


def test_the_workspace_names_missing_parts_before_and_after_the_due_day(joint):
    assert work_items_for(joint.people.reporter, JULY_2.date())[0].missing == "还差：教育局的部分"
    assert (
        work_items_for(joint.people.reporter, DUE)[0].missing
        == "已填完，可以报送，会注明未收到教育局部分"
    )


def test_the_form_waits_for_a_missing_part_only_before_the_due_day(client, joint):
    with time_machine.travel(JULY_2):
        client.force_login(joint.people.reporter)
        html = source_of(client.get(FORM))
    assert f"<li>{MISSING}</li>" in html
    assert "不再等待" not in html
    with time_machine.travel(FIRST_MINUTE):
        client.force_login(joint.people.reporter)
        html = source_of(client.get(FORM))
    assert "催过的已经等了一天，或者已到报送截止日，不再等待，可以报送。" in html
    assert "未交本单位部分" in html


def test_submitting_before_the_due_day_names_the_unit_whose_part_is_missing(
    client, joint, typed_report
):
    with time_machine.travel(JULY_2):
        client.force_login(joint.people.reporter)
        html = source_of(client.post(SUBMIT, typed_report | {"version": "1"}))
    assert "已保存，但还不能报送。" in html
    assert MISSING in html


def test_the_review_desk_says_which_parts_of_a_joint_item_are_missing(client, joint):
    submit_report(
        report=joint.white_paper.task.reports.get(), by=joint.people.reporter, at=FIRST_MINUTE
    )
    client.force_login(joint.people.supervisor)
    html = source_of(client.get("/staff/review/wp2013-18/2013-2/"))
    notice = html.split("单位怎么说")[1].split("</section>")[0]
    assert "未交本单位部分" in notice
    assert "教育局" in notice
