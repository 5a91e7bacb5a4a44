"""The button that reads aloud stands only where it can: with script,
on a device with a voice for Chinese.
"""

import pytest

BUTTON = ".read-aloud"
# The test machine has no voice of its own; this one keeps what it was asked to say.
VOICE = """
    window.said = [];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    const voice = {
        getVoices: () => [{ lang: "%s" }],
        speak: (words) => said.push([words.text, words.lang]),
        cancel: () => {},
    };
    Object.defineProperty(window, "speechSynthesis", { value: voice });
"""


@pytest.mark.parametrize(
    ("voice", "shown"), [("zh-CN", True), ("cmn-Hans-CN", True), ("en-US", False)]
)
def test_the_button_that_reads_aloud_appears_only_where_there_is_a_chinese_voice(
    voice, shown, page, white_paper
):
    page.add_init_script(VOICE % voice)
    page.goto("/about/accessibility/")
    assert page.locator(BUTTON).is_visible() == shown


def test_without_script_there_is_no_button_that_reads_aloud(open_page, white_paper):
    page = open_page(360, 740, javascript=False)
    page.goto("/about/accessibility/")
    assert not page.locator(BUTTON).is_visible()


def test_reading_aloud_leaves_out_digests_and_can_be_stopped(page, white_paper):
    page.add_init_script(VOICE % "zh-CN")
    page.goto("/data/")
    assert white_paper.plan.source_sha256 in page.inner_text("#main")
    page.click(BUTTON)
    assert page.get_attribute(BUTTON, "aria-pressed") == "true"
    said = page.evaluate("said")
    assert {lang for _, lang in said} == {"zh-CN"}
    assert any("文件原件" in text for text, _ in said)
    assert white_paper.plan.source_sha256 not in {text for text, _ in said}
    page.click(BUTTON)
    assert page.get_attribute(BUTTON, "aria-pressed") == "false"
    assert page.evaluate("said.length") == len(said)
