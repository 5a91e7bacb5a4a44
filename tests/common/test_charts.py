"""Pictures of numbers: well-formed, told in words, and never a nought where nothing is known."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.ui.chart_svg import draw
from common.ui.charts import CUT, HEIGHT, MANY, Chart, Point
from common.ui.chips import Tone
from tests.fixtures.chart_strategies import charts, values

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "desc", "g", "a", "line", "rect", "circle", "text"}


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw(chart)))


def of(root, kind: str, name: str = "") -> list:
    return [
        each
        for each in root.iter(f"{SVG}{kind}")
        if name in each.get("class", "").split() or not name
    ]


def one(**point) -> ElementTree.Element:
    return drawn(Chart("k", "标题", "说明", [Point("一季度", **point)]))


def texts(root) -> list[str]:
    return [each.text or "" for each in of(root, "text")]


@given(charts)
def test_a_picture_is_well_formed_and_has_its_title_and_description(chart):
    root = drawn(chart)
    named = {
        each.get("id"): each.text or ""
        for kind in ("title", "desc")
        for each in of(root, kind)
        if each.get("id")
    }
    assert named == {"k-title": chart.title, "k-desc": chart.desc}
    assert root.get("aria-labelledby") == "k-title k-desc"


@given(charts)
def test_whatever_the_words_nothing_but_shapes_is_drawn(chart):
    root = drawn(chart)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= KNOWN
    attributes = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert [each.get("href") for each in of(root, "a")] == [
        point.url for point in chart.points if point.url
    ]


@given(charts)
def test_only_what_is_known_has_a_shape_and_what_is_not_has_a_dotted_line_and_a_word(chart):
    root = drawn(chart)
    shapes = [*of(root, "rect", "fill"), *of(root, "circle", "fill")]
    unknown = [point for point in chart.points if point.actual is None]
    assert len(shapes) == len(chart.points) - len(unknown)
    assert len(of(root, "line", "unknown")) == len(unknown)
    said = texts(root)
    assert all((point.missing or "不详") in said for point in unknown)


@given(charts)
def test_no_shape_stands_outside_its_chart(chart):
    for each in drawn(chart).iter():
        for name in ("x", "x1", "x2", "cx", "width"):
            assert 0 <= float(each.get(name, "0").rstrip("%")) <= 100
        for name in ("y", "y1", "y2", "cy", "height"):
            assert 0 <= float(each.get(name, "0").removesuffix("em")) <= HEIGHT


@given(st.lists(values.map(lambda value: abs(value) + 1), min_size=2, max_size=5))
def test_a_greater_number_has_a_higher_bar(actuals):
    bars = of(
        drawn(Chart("k", "", "", [Point("", actual=value) for value in actuals])), "rect", "fill"
    )
    heights = [float(bar.get("height").removesuffix("em")) for bar in bars]
    order = sorted(range(len(actuals)), key=lambda at: actuals[at])
    assert [heights[at] for at in order] == sorted(heights)


def test_a_zero_is_drawn_as_a_bar_without_height_and_a_number():
    root = one(plan=Decimal(5), actual=Decimal(0))
    assert of(root, "rect", "fill")[0].get("height") == "0.00em"
    assert "0" in texts(root)
    assert of(root, "line", "unknown") == []


def test_an_unknown_number_is_never_written_as_zero_in_a_chart():
    assert "0" not in texts(one(plan=Decimal(5), missing="未报送"))


@pytest.mark.parametrize(
    ("plan", "lines", "said"),
    [
        ({}, 0, "未公布"),
        ({"plan": Decimal("20.50")}, 1, "20.5"),
        ({"plan": Decimal(2), "plan_max": Decimal(5)}, 2, "2–5"),
    ],
)
def test_a_planned_value_is_one_line_a_range_two_and_no_value_none(plan, lines, said):
    root = one(actual=Decimal(3), **plan)
    assert len(of(root, "line", "plan")) == lines
    assert said in texts(root)


@pytest.mark.parametrize(
    ("actual", "sign"), [(5 * CUT + 1, "▲"), (5 * CUT, ""), (5, ""), (-1, "▼")]
)
def test_a_bar_too_high_is_cut_off_with_a_mark_and_its_true_number(actual, sign):
    said = texts(one(plan=Decimal(5), actual=Decimal(actual)))
    assert str(actual) in said
    assert [word for word in said if word in "▲▼" and word] == ([sign] if sign else [])


def test_the_line_of_a_chart_joins_neighbouring_points_only():
    plan = [Decimal(1), Decimal(2), None, Decimal(4)]
    root = drawn(Chart("k", "", "", [Point("", plan=one, actual=one) for one in plan], joined=True))
    assert len(of(root, "line", "way")) == 2
    assert len(of(root, "line", "way--plan")) == 1


def test_a_point_of_a_chart_has_a_label_a_title_and_a_link():
    root = one(actual=Decimal(3), summary="第一季度：实际 3 场", url="/tasks/x/")
    (link,) = of(root, "a")
    assert link.get("aria-label") is None  # it would hide the words that are drawn
    assert link.find(f"{SVG}g/{SVG}title").text == "第一季度：实际 3 场"


@pytest.mark.parametrize(("count", "long"), [(MANY, False), (MANY + 1, True)])
def test_a_chart_of_many_points_is_wider(count, long):
    assert ("chart--long" in str(draw(Chart("k", "", "", [Point("")] * count)))) is long


def test_colours_and_sizes_come_from_the_style_sheet():
    picture = str(
        draw(Chart("k", "", "", [Point("", plan=Decimal(1), actual=Decimal(2), tone=Tone.LATE)]))
    )
    assert not re.search(r'(fill|stroke|style|font)[\w-]*="', picture)
    assert 'class="fill fill--late"' in picture
