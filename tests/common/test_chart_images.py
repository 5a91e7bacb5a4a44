"""The same pictures as PNG: painted where the SVG draws, in the colours of the style sheet,
with no typeface.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from PIL import Image, ImageFont

from common.ui import chart_images
from common.ui.chart_images import COLOURS, EM, HEIGHT, STROKES, WIDTH, png
from common.ui.charts import HEADS, Bar, Chart, Dot, Point, layout
from common.ui.chips import Tone
from tests.fixtures.chart_strategies import charts

STYLES = Path(__file__).parents[2] / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+): (#\w{6});", (STYLES / "tokens.css").read_text("utf-8")))
DONE = Image.new("RGB", (1, 1), COLOURS[Tone.DONE][0]).getpixel((0, 0))


def painted(*points: Point, joined=False) -> Image.Image:
    return Image.open(png(Chart("k", "", "", list(points), joined=joined))).convert("RGB")


def at(image, x: float, y: float) -> tuple[int, int, int]:
    """The colour at a place of the layout, near enough:
    smoothing and a small palette change it a little.
    """
    return image.getpixel((min(round(x / 100 * WIDTH), WIDTH - 1), round(y * EM)))


def like(found, colour) -> bool:
    return max(abs(one - other) for one, other in zip(found, colour, strict=True)) < 24


@examples(max_examples=25)
@given(charts)
def test_every_chart_that_can_be_drawn_can_be_painted(chart):
    image = Image.open(png(chart))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))


def test_each_shape_is_painted_where_the_layout_has_it():
    points = [Point("", actual=Decimal(n), tone=Tone.DONE) for n in (8, 3, 10)]
    image = painted(*points)
    bars = [
        mark
        for marks in layout(Chart("k", "", "", points)).points
        for mark in marks
        if isinstance(mark, Bar)
    ]
    assert len(bars) == 3
    for bar in bars:
        assert like(at(image, bar.x + bar.width / 2, bar.y + bar.height / 2), DONE)
        assert like(at(image, bar.x + bar.width / 2, bar.y - 0.3), (255, 255, 255))


def test_running_totals_are_painted_as_dots_and_an_unknown_one_has_none():
    points = [
        Point("", actual=Decimal(4)),
        Point("", plan=Decimal(5)),
        Point("", actual=Decimal(9)),
    ]
    image = painted(*points, joined=True)
    dots = [
        mark for marks in layout(Chart("k", "", "", points, joined=True)).points for mark in marks
    ]
    dots = [mark for mark in dots if isinstance(mark, Dot)]
    harbour = Image.new("RGB", (1, 1), TOKENS["harbour"]).getpixel((0, 0))
    assert [like(at(image, dot.x, dot.y), harbour) for dot in dots] == [True, True]


def test_a_painted_chart_leaves_the_space_of_the_table_heads_empty():
    image = painted(Point("", plan=Decimal(5), actual=Decimal(3), tone=Tone.LATE))
    left = image.crop((0, 0, int(WIDTH * HEADS / 100) - 4, HEIGHT))
    assert left.getcolors() == [(left.width * left.height, (255, 255, 255))]


def test_a_painted_bar_too_high_for_the_picture_ends_in_a_mark():
    plain, cut = (
        painted(Point("", plan=Decimal(5), actual=Decimal(n), tone=Tone.DONE)) for n in (15, 16)
    )
    top = (0, 0, WIDTH, EM)
    assert len(cut.crop(top).getcolors()) > 1 == len(plain.crop(top).getcolors())


@pytest.mark.parametrize("tone", Tone)
def test_the_tones_of_painted_bars_differ_without_colour(tone):
    def grey(which: Tone) -> bytes:
        return (
            chart_images._pattern(which, (36, 36))
            .convert("L")
            .point(lambda value: 255 * (value > 128))
            .tobytes()
        )

    assert all(grey(tone) != grey(other) for other in Tone if other != tone)


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone != Tone.QUIET])
def test_the_colours_of_painted_charts_are_those_of_the_style_sheet(tone):
    assert COLOURS[tone] == (TOKENS[str(tone)], TOKENS[f"{tone}-tint"])


def test_the_colours_of_painted_lines_are_those_of_the_style_sheet():
    named = {
        "base": "edge",
        "unknown": "edge",
        "plan": "ink",
        "way": "harbour",
        "way way--plan": "ink",
    }
    assert {kind: colour for kind, (colour, _, _) in STROKES.items()} == {
        kind: TOKENS[name] for kind, name in named.items()
    }


def test_painting_a_chart_needs_no_typeface(monkeypatch):
    for name in ("load_default", "truetype", "load"):
        monkeypatch.setattr(
            ImageFont, name, lambda *given, **named: pytest.fail("asked for a typeface")
        )
    assert painted(Point("一季度", plan=Decimal(5), actual=Decimal(30), missing="未报送"))
