"""Numbers of a report as they come from page and workbook: shown as kept, asked about in doubt."""

from decimal import Decimal

import pytest

from progress.models import ProgressReport, Reading
from progress.workbook.changes import Kind
from progress.workbook.rows import ANSWERS, NUMBERS
from tests.fixtures.page_text import source_of
from tests.fixtures.report_form import FORM, SUBMIT
from tests.fixtures.workbooks import download, keep, look


@pytest.fixture
def number(white_paper) -> str:
    return f"r{white_paper.indicator.pk}"


@pytest.fixture
def share(white_paper, number) -> str:
    """The same indicator as a share of which 98 % are promised."""
    white_paper.indicator.unit = "%"
    white_paper.indicator.save()
    white_paper.indicator.targets.update(value=98)
    return number


def looked_at(client, number: str, typed, shown_as: str = "General"):
    """The dry run of a workbook with this cell, and what it says of it."""
    book = download(client)
    cell = book.cell(NUMBERS, number, "实际值")
    cell.value, cell.number_format = typed, shown_as
    looked = look(client, book)
    (change,) = [
        change
        for part in looked.context["reading"].parts
        for change in part.changes
        if change.location.startswith(NUMBERS)
    ]
    return looked, change


@pytest.mark.parametrize("typed", ["4，25", "4,2", "4,0,0", "4 25"])
def test_a_comma_that_is_no_thousands_mark_is_an_error_of_its_cell(reporter, number, typed):
    looked, change = looked_at(reporter, number, typed)
    assert change.kind == Kind.WRONG
    assert f"“{typed}”不像千分位" in change.problem
    assert looked.context["to_save"] == 0
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("4,250", "4250"), ("１，２５０", "1250"), ("1.25E+03", "1250")],
)
def test_the_check_page_shows_the_number_that_is_kept_and_what_the_cell_says(
    reporter, number, typed, kept
):
    looked, change = looked_at(reporter, number, typed)
    assert (change.kind, change.after, change.typed) == (Kind.NEW, kept, typed)
    assert f"格里写的是“{typed}”" in source_of(looked)
    keep(reporter, looked)
    assert Reading.objects.get().value == Decimal(kept)


@pytest.mark.parametrize("typed", [4250, "4250", "4250\u200b"])
def test_a_number_that_looks_as_it_is_kept_is_shown_once(reporter, number, typed):
    looked, change = looked_at(reporter, number, typed)
    assert (change.after, change.typed, change.question) == ("4250", "", "")
    assert "格里写的是" not in source_of(looked)


@pytest.mark.parametrize(
    ("typed", "shown_as"),
    [("98.5%", "@"), ("９８．５％", "@"), (0.985, "0.0%"), (98.5, "General"), (98.5, '0.0"%"')],
)
def test_a_share_is_kept_alike_however_its_percent_sign_came_about(
    reporter, share, typed, shown_as
):
    looked, change = looked_at(reporter, share, typed, shown_as)
    assert (change.kind, change.after, change.question) == (Kind.NEW, "98.5", "")
    keep(reporter, looked)
    assert Reading.objects.get().value == Decimal("98.5")


def test_the_web_form_takes_the_percent_sign_that_the_workbook_takes(reporter, share, typed_report):
    reporter.post(FORM, typed_report | {share: "98.5%"})
    assert Reading.objects.get().value == Decimal("98.5")


@pytest.mark.parametrize(("typed", "meant"), [(0.985, "98.5"), (1, "100")])
def test_a_fraction_of_a_percentage_is_asked_about_on_the_check_page(reporter, share, typed, meant):
    looked, change = looked_at(reporter, share, typed)
    assert f"填的是 {typed}%，目标是 98%。如果是 {meant}%，请改成 {meant}" in change.question
    assert change.question in source_of(looked)
    keep(reporter, looked)
    assert Reading.objects.get().value == Decimal(str(typed))


@pytest.mark.parametrize(("unit", "aim"), [("%", "0.5"), ("公里", "98")])
def test_nothing_is_asked_where_a_small_number_is_what_was_promised(
    reporter, share, white_paper, unit, aim
):
    white_paper.indicator.unit = unit
    white_paper.indicator.save()
    white_paper.indicator.targets.update(value=aim)
    assert looked_at(reporter, share, 0.4)[1].question == ""


def test_a_report_with_a_fraction_is_submitted_after_it_was_asked_about_once(
    reporter, share, typed_report
):
    typed = typed_report | {share: "0.985", "contradiction_reason": "统计口径不同。"}
    page = source_of(reporter.post(SUBMIT, typed))
    assert "已保存，还没有报送" in page
    assert "如果是 98.5%，请改成 98.5" in page
    report = ProgressReport.objects.get()
    assert report.submitted_at is None
    again = typed | {"version": str(report.version), "asked": f"{share}=0.985"}
    reporter.post(SUBMIT, again)
    report.refresh_from_db()
    assert report.submitted_at
    assert Reading.objects.get().value == Decimal("0.985")


def test_another_fraction_than_the_one_asked_about_is_asked_about_again(
    reporter, share, typed_report
):
    typed = typed_report | {share: "0.99", "contradiction_reason": "统计口径不同。"}
    page = source_of(reporter.post(SUBMIT, typed | {"asked": f"{share}=0.985"}))
    assert "如果是 99%，请改成 99" in page


def test_a_choice_with_a_sign_that_nobody_sees_is_that_choice(reporter, white_paper):
    training = f"c{white_paper.commitments[1].pk}"
    looked = look(reporter, download(reporter).fill(ANSWERS, training, 自评="\u200b已完成\ufeff"))
    assert looked.context["to_save"] == 1
