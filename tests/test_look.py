"""The look as numbers: every text is readable, colours live in one file,
the style sheets stay light.
"""

import gzip
import re

import pytest

from common.ui.chips import Tone
from tests import rules

CSS = rules.ROOT / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
BUDGET = 12_600
TEXT = 4.5
GRAPHIC = 3.0
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab)\(", re.IGNORECASE)


def tokens() -> dict[str, str]:
    return dict(
        re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", (CSS / "tokens.css").read_text("utf-8"))
    )


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def stray_colours(text: str) -> list[str]:
    return COLOUR.findall(
        re.sub(r"/\*.*?\*/|url\(#[^)]*\)|#[a-z]-[a-z]+ \{", "", text, flags=re.DOTALL)
    )


GROUNDS = ("paper", "mist", "harbour-tint", *(f"{tone.value}-tint" for tone in Tone))
ON_EVERY_GROUND = [
    (ink, ground) for ink in ("ink", "ink-soft", "harbour", "harbour-deep") for ground in GROUNDS
]
ON_ITS_TINT = [
    (tone.value, ground) for tone in Tone for ground in (f"{tone.value}-tint", "paper", "mist")
]
REVERSED = [("paper", ground) for ground in ("harbour", "harbour-deep", "late")]


@pytest.mark.parametrize(("ink", "ground"), [*ON_EVERY_GROUND, *ON_ITS_TINT, *REVERSED])
def test_text_can_be_read_on_its_ground(ink, ground):
    assert contrast(tokens()[ink], tokens()[ground]) >= TEXT


@pytest.mark.parametrize("ground", ["paper", "mist"])
def test_the_edge_of_a_control_can_be_seen(ground):
    assert contrast(tokens()["edge"], tokens()[ground]) >= GRAPHIC


def test_the_measure_of_contrast_is_the_published_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    "sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=lambda s: s.name
)
def test_colours_are_written_in_the_tokens_only(sheet):
    assert stray_colours(sheet.read_text("utf-8")) == []


def test_a_stray_colour_is_noticed():
    assert stray_colours("a { color: #fff; } /* #000 */ .x { fill: url(#p-late); }") == ["#fff"]


def test_every_token_that_is_used_exists():
    text = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
    assert (
        set(re.findall(r"var\(--([a-z0-9-]+)", text)) - set(re.findall(r"--([a-z0-9-]+):", text))
        == set()
    )


def test_style_sheets_keep_within_their_budget():
    assert len(gzip.compress(b"".join(sheet.read_bytes() for sheet in SHEETS))) <= BUDGET


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_has_an_icon_a_chip_and_an_underline(tone):
    symbols = (rules.ROOT / "templates/components/symbols.html").read_text("utf-8")
    assert f'id="i-{tone}"' in symbols
    assert f".chip--{tone}" in (CSS / "chips.css").read_text("utf-8")
    assert f".commitment--{tone}" in (CSS / "document.css").read_text("utf-8")


def test_no_two_tones_share_an_icon_or_the_pattern_of_their_part_of_a_bar():
    symbols = (rules.ROOT / "templates/components/symbols.html").read_text("utf-8")
    chips = (CSS / "chips.css").read_text("utf-8")
    icons = re.findall(r'<symbol id="i-.*?>(.*?)</symbol>', symbols, re.DOTALL)
    patterns = re.findall(r'<pattern id="p-.*?>(.*?)</pattern>', symbols, re.DOTALL)
    assert len(set(icons)) == len(Tone)
    # 已完成 is filled with its colour and what is unknown is empty.
    assert len(set(patterns)) == len(Tone) - 2
    for tone in Tone:
        for family in ("chip", "mark", "key", "notice", "quarters__stop", "fill"):
            assert f".{family}--{tone}" in chips
