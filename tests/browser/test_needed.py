"""The mark behind a label follows the answer beside it."""

from playwright.sync_api import expect

from progress.models import Finding
from tests.browser.checks import barriers, overflow
from tests.browser.report_form import FORM, PATIENCE


def test_a_note_is_marked_as_needed_as_soon_as_its_word_is_chosen_and_the_draft_keeps_itself(
    report_form,
):
    first = report_form.locator("[data-needed-by]").first
    mark = report_form.locator(f"label[for={first.get_attribute('id')}] .field__optional")
    expect(mark).to_have_text("选填")
    word = report_form.locator(f"input[name={first.get_attribute('data-needed-by')}]")
    word.locator(f"xpath=self::*[@value='{first.get_attribute('data-needed-for')}']").check()
    expect(mark).to_have_text("必填")
    expect(report_form.get_by_role("status")).to_contain_text("已自动保存", timeout=PATIENCE)
    assert Finding.objects.get().lacks_note
    report_form.set_viewport_size({"width": 360, "height": 740})
    assert overflow(report_form) == 0
    assert barriers(report_form) == []
    word.first.check()
    expect(mark).to_have_text("选填")
    assert report_form.url.endswith(FORM)
