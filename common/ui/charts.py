"""Charts of planned and actual values by quarter, as SVG; without database, clock or script.

`layout` computes the marks; `draw` writes them as SVG, `chart_images` paints the same as PNG.
Horizontal positions are percentages of the width, vertical ones are in em, so that a chart grows
with the text size and its texts never shrink on a phone. Colours and patterns come from the style
sheet by class. A plan is always a black line, an actual value a filled shape, and an unknown one
a dotted line with a text, never a zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.text.wording import number
from common.ui.chips import Tone

# In em: the top and the base of the picture, and the lines of text below it.
TOP, BASE = 1.4, 9.0
LABELS, PLANS, ACTUALS, HEIGHT = 10.6, 12.2, 13.8, 14.4
# Per cent of the width that the row heads at the left take.
HEADS = 12
# A value more than so many times the plan is cut off, so that it does not flatten the others.
CUT = 3
# A chart with more points is long: on a phone it scrolls.
MANY = 6
# The radius of a dot, in em.
RADIUS = 0.4


@dataclass(frozen=True)
class Point:
    """One quarter.

    `missing`: why there is no actual value, in a word; `summary`: the whole point in one sentence.
    """

    label: str
    plan: Decimal | None = None
    plan_max: Decimal | None = None
    actual: Decimal | None = None
    missing: str = ""
    tone: Tone = Tone.QUIET
    summary: str = ""
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart to draw.

    `key`: unique on its page; `joined`: totals, drawn as a line with dots instead of bars.
    """

    key: str
    title: str
    desc: str
    points: list[Point]
    joined: bool = False

    @property
    def is_long(self) -> bool:
        return len(self.points) > MANY


@dataclass(frozen=True)
class ChartLine:
    """A straight line; `kind`: its class in the style sheet."""

    kind: str
    x1: float
    x2: float
    y1: float
    y2: float


@dataclass(frozen=True)
class Bar:
    """A bar; x and y of its upper left corner."""

    tone: Tone
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Dot:
    """A dot; x and y of its centre."""

    tone: Tone
    x: float
    y: float


@dataclass(frozen=True)
class ChartText:
    """A text centred at x; `kind`: its class in the style sheet."""

    words: str
    x: float
    y: float
    kind: str = ""


Mark = ChartLine | Bar | Dot | ChartText


@dataclass(frozen=True)
class Layout:
    """All marks: x and width in per cent of the width, y and height in em."""

    frame: list[Mark]
    # One list for each point, in the order of the points.
    points: list[list[Mark]]


def layout(chart: Chart) -> Layout:
    """The marks of a chart, for SVG and PNG alike."""
    scale = Scale(chart.points)
    lines = _joining_lines(chart.points, scale) if chart.joined else []
    heads = [ChartText("计划", 0, PLANS, "head"), ChartText("实际", 0, ACTUALS, "head")]
    return Layout(
        [ChartLine("base", HEADS, 100, BASE, BASE), *lines, *heads],
        [
            _point_marks(point, scale, index, joined=chart.joined)
            for index, point in enumerate(chart.points)
        ],
    )


class Scale:
    """Positions of points and values; the top is the largest value,
    or CUT times the largest plan.
    """

    def __init__(self, points: list[Point]):
        self.count = max(len(points), 1)
        plans = [
            value for point in points for value in (point.plan, point.plan_max) if value is not None
        ]
        known = [*plans, *(point.actual for point in points if point.actual is not None)]
        highest, planned = max(known, default=Decimal(0)), max(plans, default=Decimal(0))
        self.top = min(highest, CUT * planned) if planned > 0 else highest

    def x(self, index: int, shift: float = 0) -> float:
        """The centre of a point, moved by `shift` widths of a point."""
        return HEADS + (index + 0.5 + shift) * (100 - HEADS) / self.count

    def width(self, share: float) -> float:
        """A share of the width of a point, in per cent of the chart."""
        return share * (100 - HEADS) / self.count

    def height_share(self, value: Decimal) -> float:
        """From 0 at the base to 1 at the top; values beyond are cut off."""
        return min(max(float(value / self.top), 0), 1) if self.top > 0 else 0

    def y(self, value: Decimal) -> float:
        """The vertical position of a value."""
        return BASE - (BASE - TOP) * self.height_share(value)

    def beyond(self, value: Decimal) -> str:
        """The triangle for a value that does not fit, or ""; its number is below the chart."""
        return "▼" if value < 0 else "▲" if value > max(self.top, 0) else ""


def _joining_lines(points: list[Point], scale: Scale) -> list[ChartLine]:
    """Lines between neighbours whose values are both known; a gap stays a gap."""
    plans, actuals = [point.plan for point in points], [point.actual for point in points]
    return [*_lines_between("way way--plan", plans, scale), *_lines_between("way", actuals, scale)]


def _lines_between(kind: str, values: list[Decimal | None], scale: Scale) -> Iterator[ChartLine]:
    for index, (value, following) in enumerate(pairwise(values)):
        if value is not None and following is not None:
            yield ChartLine(
                kind, scale.x(index), scale.x(index + 1), scale.y(value), scale.y(following)
            )


def _point_marks(point: Point, scale: Scale, index: int, *, joined: bool) -> list[Mark]:
    actual = _actual_marks(point, scale, index, joined=joined)
    return [*actual, *_plan_lines(point, scale, index), *_texts(point, scale, index)]


def _actual_marks(point: Point, scale: Scale, index: int, *, joined: bool) -> Iterator[Mark]:
    value, x = point.actual, scale.x(index)
    if value is None:
        yield ChartLine("unknown", x, x, TOP, BASE)
        return
    if joined:
        yield Dot(point.tone, x, scale.y(value))
    else:
        yield Bar(
            point.tone,
            scale.x(index, -0.2),
            scale.y(value),
            scale.width(0.4),
            BASE - scale.y(value),
        )
    if sign := scale.beyond(value):
        yield ChartText(sign, x, TOP - 0.3 if value > 0 else BASE - 0.2)


def _plan_lines(point: Point, scale: Scale, index: int) -> list[ChartLine]:
    """A horizontal line at the plan, or one at each end of a range."""
    ends = [value for value in (point.plan, point.plan_max) if value is not None]
    left, right = scale.x(index, -0.32), scale.x(index, 0.32)
    return [ChartLine("plan", left, right, scale.y(value), scale.y(value)) for value in ends]


def _texts(point: Point, scale: Scale, index: int) -> list[ChartText]:
    """The quarter, its plan and its actual value, each in its line below the picture."""
    planned = number(point.plan) + (
        f"–{number(point.plan_max)}" if point.plan_max is not None else ""
    )
    lines = [(point.label, LABELS, "name"), (planned or "未公布", PLANS, "" if planned else "soft")]
    known = point.actual is not None
    lines.append(
        (number(point.actual), ACTUALS, "strong")
        if known
        else (point.missing or "不详", ACTUALS, "soft")
    )
    return [ChartText(words, scale.x(index), y, kind) for words, y, kind in lines]


def draw(chart: Chart) -> SafeString:
    """The chart as SVG, well-formed both as a file and inside a page."""
    marks = layout(chart)
    points = [
        _link_point(point, _svg(shapes))
        for point, shapes in zip(chart.points, marks.points, strict=True)
    ]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart{}" width="100%" height="{}em"'
        ' role="group" aria-labelledby="{}-title {}-desc"><title id="{}-title">{}</title><desc'
        ' id="{}-desc">{}</desc>{}{}</svg>',
        " chart--long" if chart.is_long else "",
        HEIGHT,
        *[chart.key] * 3,
        chart.title,
        chart.key,
        chart.desc,
        _svg(marks.frame),
        _join(points),
    )


def _join(parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _link_point(point: Point, shapes: SafeString) -> SafeString:
    """The shapes of a point with its summary as title, as a link if it has an address."""
    title = format_html("<title>{}</title>", point.summary) if point.summary else ""
    group = format_html("<g>{}{}</g>", title, shapes)
    if not point.url:
        return group
    return format_html('<a href="{}" aria-label="{}">{}</a>', point.url, point.summary, group)


def _svg(marks: list[Mark]) -> SafeString:
    return _join(SVG_WRITERS[type(mark)](mark) for mark in marks)


def _line(mark: ChartLine) -> SafeString:
    xs, ys = [f"{x:.2f}%" for x in (mark.x1, mark.x2)], [f"{y:.2f}em" for y in (mark.y1, mark.y2)]
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', mark.kind, *xs, *ys)


def _bar(mark: Bar) -> SafeString:
    horizontal, vertical = (
        [f"{x:.2f}%" for x in (mark.x, mark.width)],
        [f"{y:.2f}em" for y in (mark.y, mark.height)],
    )
    shape = '<rect class="fill fill--{}" x="{}" width="{}" y="{}" height="{}"/>'
    return format_html(shape, mark.tone, *horizontal, *vertical)


def _dot(mark: Dot) -> SafeString:
    centre = f"{mark.x:.2f}%", f"{mark.y:.2f}em"
    return format_html(
        '<circle class="fill fill--{}" cx="{}" cy="{}" r="{}em"/>', mark.tone, *centre, RADIUS
    )


def _text(mark: ChartText) -> SafeString:
    kind = format_html(' class="{}"', mark.kind) if mark.kind else ""
    return format_html(
        '<text{} x="{}%" y="{}em">{}</text>', kind, f"{mark.x:.2f}", f"{mark.y:.2f}", mark.words
    )


SVG_WRITERS = {ChartLine: _line, Bar: _bar, Dot: _dot, ChartText: _text}
