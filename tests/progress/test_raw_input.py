"""What is typed and is no answer yet is kept with the draft, given back as typed,
and counted as nothing.
"""

import pytest

from common.errors import Refused
from progress.actions.reports import submit_report
from progress.models import Contribution, Finding, ProgressReport, Reading
from progress.requirements.loading import requirements_for
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from tests.fixtures.report_form import FORM, SUBMIT, add_supporting_unit
from tests.fixtures.workbooks import download, look
from workspace.read_models.work_items import work_items_for


@pytest.fixture
def number(white_paper) -> str:
    return f"r{white_paper.indicator.pk}"


def save(client, typed_report: dict, *, address: str = FORM) -> str:
    version = ProgressReport.objects.values_list("version", flat=True).first() or 0
    return source_of(client.post(address, typed_report | {"version": str(version)}, follow=True))


@pytest.mark.parametrize("words", ["四千", "-4000", "4000人次", "999999999999.9999", "1e"])
def test_words_for_a_number_are_given_back_and_are_no_reading(
    words, reporter, typed_report, number
):
    html = save(reporter, typed_report | {number: words})
    assert "已保存，还没有报送。" in html
    assert f'value="{words}"' in source_of(reporter.get(FORM))
    assert f'<a href="#id_{number}">安全生产公共培训填了' in html
    assert not Reading.objects.exists()


def test_words_typed_over_a_number_replace_it_and_a_number_replaces_them(
    reporter, typed_report, number
):
    save(reporter, typed_report)
    save(reporter, typed_report | {number: "四千多"})
    assert not Reading.objects.exists()
    save(reporter, typed_report | {number: "4200"})
    assert Reading.objects.get().value == 4200
    assert Contribution.objects.get().unparsed_answers == ""


def test_a_note_typed_without_its_number_is_kept_until_the_number_comes(
    reporter, typed_report, number
):
    note = number.replace("r", "t")
    html = save(reporter, typed_report | {number: "", note: "区安监局台账"})
    assert "安全生产公共培训写了数据说明，请同时填写数字。" in html
    assert 'value="区安监局台账"' in html
    save(reporter, typed_report | {number: "四千", note: "区安监局台账"})
    save(reporter, typed_report | {number: "4000", note: "区安监局台账"})
    assert Reading.objects.get().note == "区安监局台账"


def test_a_note_without_its_verdict_is_given_back(reporter, typed_report, white_paper):
    training = white_paper.commitments[1].pk
    without = {name: said for name, said in typed_report.items() if name != f"c{training}"}
    html = save(reporter, without | {f"n{training}": "办"})
    assert f'<a href="#id_c{training}_0">“培训4000人次以上；”写了说明，请同时选择进展。</a>' in html
    assert ">\n办</textarea>" in html
    assert not Finding.objects.filter(commitment=training).exists()
    save(reporter, typed_report | {f"n{training}": "办"})
    assert Finding.objects.get(commitment=training).note == "办"


def test_a_remaining_commitment_with_a_note_only_is_not_confirmed_with_the_others(
    reporter, typed_report, white_paper
):
    goal = white_paper.commitments[0].pk
    html = save(reporter, typed_report | {f"n{goal}": "场地检修"})
    assert "写了说明，请同时选择进展。" in html
    assert "场地检修</textarea>" in html
    assert not Finding.objects.filter(commitment=goal).exists()
    assert "请写明理由" not in html
    save(reporter, typed_report | {f"n{goal}": "场地检修", f"c{goal}": "slow"})
    assert Finding.objects.get(commitment=goal).note == "场地检修"


def test_unparsed_words_for_a_number_keep_the_report_from_being_submitted(
    office, reporter, typed_report, number
):
    html = save(reporter, typed_report | {number: "四千"}, address=SUBMIT)
    assert "已保存，但还不能报送。" in html
    assert 'value="四千"' in html
    report = ProgressReport.objects.get()
    assert (
        requirements_for(report.task, report.period)
        .missing(JULY_2.date())[0]
        .startswith("安全生产公共培训填了“四千”")
    )
    assert work_items_for(office.people.reporter, JULY_2.date())[0].missing == "还差：1 项数据"
    with pytest.raises(Refused, match="不能算作数据"):
        submit_report(report=report, by=office.people.reporter, at=JULY_2)


def test_optional_unparsed_words_of_another_unit_do_not_hold_back_the_lead(
    client, office, typed_report, number, white_paper
):
    add_supporting_unit(office)
    white_paper.indicator.targets.filter(quarter=2).delete()
    client.force_login(office.people.stranger)
    assert "不能算作数据" in save(
        client, {"version": "0", "narrative": "学校培训。", number: "若干"}
    )
    client.force_login(office.people.reporter)
    save(client, typed_report | {number: ""}, address=SUBMIT)
    assert ProgressReport.objects.get().status == "submitted"
    assert not Reading.objects.exists()


def test_an_answer_of_another_unit_takes_the_place_of_unparsed_words(
    client, office, typed_report, number
):
    add_supporting_unit(office)
    client.force_login(office.people.stranger)
    save(client, {"version": "0", "narrative": "学校培训。", number: "若干"})
    client.force_login(office.people.reporter)
    assert "若干" not in source_of(client.get(FORM)).split("<form class")[1]
    assert "不能算作数据" not in save(client, typed_report)
    client.force_login(office.people.stranger)
    assert 'value="4000"' in source_of(client.get(FORM))


def test_the_workbook_gives_unparsed_words_back_and_asks_for_a_number(
    reporter, typed_report, number
):
    save(reporter, typed_report | {number: "四千"})
    book = download(reporter)
    assert book.cell("数据", number, "实际值").value == "四千"
    assert "请填写数字，例如 4000 或 12.5。" in look(reporter, book).content.decode()
    looked = look(reporter, book.fill("数据", number, 实际值=4000))
    assert [part.can_be_saved for part in looked.context["reading"].parts] == [True]
