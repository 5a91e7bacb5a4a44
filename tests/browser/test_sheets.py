"""One unit, two documents, one sheet: the whole open quarter filled in
offline and handed in through a real browser.
"""

import pytest
from django.conf import settings
from django.core.management import call_command
from openpyxl import load_workbook

from progress.models import ProgressReport, Reading
from tests.browser.checks import barriers, click_through, overflow
from tests.fixtures.workbooks import TODAY, Book, fill_everything, open_both_quarters
from workspace.read_models.queues import writable_requirements


@pytest.fixture
def office(transactional_db, built_once):
    built_once("both documents", import_both)
    return open_both_quarters()


def import_both() -> None:
    call_command("import_departments", settings.FIXTURES / "departments.csv", verbosity=0)
    for document in settings.SITE["documents"]:
        call_command(
            "import_plan", settings.FIXTURES / document["file"], slug=document["slug"], verbosity=0
        )
        if "responsibilities" in document:
            path = settings.FIXTURES / document["responsibilities"]
            call_command(
                "import_responsibilities",
                path,
                basis="proposed",
                plan=document["slug"],
                verbosity=0,
            )


def fits(window) -> None:
    assert barriers(window) == []
    assert overflow(window) <= 0


def take_home(window, path) -> Book:
    window.goto("/staff/")
    click_through(window.get_by_role("link", name="用一张表填报全部任务"))
    fits(window)
    with window.expect_download() as started:
        window.get_by_role("link", name="下载填报表").click()
    assert started.value.suggested_filename.startswith("经促局-季度填报-")
    started.value.save_as(path)
    return Book(load_workbook(path))


def bring_back(window, book: Book, path) -> str:
    """What the page says of the file."""
    book.book.save(path)
    window.get_by_label("填好的表").set_input_files(path)
    click_through(window.get_by_role("button", name="上传并核对"))
    fits(window)
    return window.locator("main").inner_text().replace(" ", "")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_a_whole_quarter_of_two_documents_goes_through_one_sheet(
    open_page, sign_in, office, tmp_path, width, height
):
    sheets = writable_requirements(office.user, TODAY)
    assert {sheet.period.plan.slug for sheet in sheets} == {"ap2017", "wp2013"}
    window = open_page(width, height)
    sign_in(window, office.user)
    book = take_home(window, tmp_path / "sheet.xlsx")
    filled = fill_everything(book, sheets)
    verdict = book.book["逐条自评"]["G2"]
    right, verdict.value = verdict.value, "做完了"
    said = bring_back(window, book, tmp_path / "wrong.xlsx")
    assert "逐条自评第2行G列" in said
    assert "没有“做完了”这个选项，请从下拉列表中选择。" in said
    verdict.value = right
    said = bring_back(window, book, tmp_path / "right.xlsx")
    assert f"新填{filled}处、修改0处、不变0处、有错0处" in said
    assert not ProgressReport.objects.exists()
    window.get_by_label("填完的同时报送").check()
    click_through(window.get_by_role("button", name=f"保存没有错误的 {len(sheets)} 项"))
    assert "已报送督查室" in window.locator("main").inner_text()
    fits(window)
    reports = ProgressReport.objects.all()
    assert {report.status for report in reports} == {"submitted"}
    assert len(reports) == len(sheets)
    assert Reading.objects.count() == sum(len(sheet.numbers) for sheet in sheets)
