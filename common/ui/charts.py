"""Charts of planned and actual values by quarter; without database, clock or script.

`layout` computes the marks; `chart_svg` writes them as SVG, `chart_images` paints the same as PNG.
Horizontal positions are percentages of the width, vertical ones are in em, so that a chart grows
with the text size and its texts never shrink on a phone. Colours and patterns come from the style
sheet by class. A plan is always a black line, an actual value a filled shape, and an unknown one
a dotted line with a text, never a zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise

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

    @property
    def plans(self) -> list[Decimal]:
        """The plan, or both ends of a planned range; empty where nothing was planned."""
        return [value for value in (self.plan, self.plan_max) if value is not None]

    @property
    def plan_text(self) -> str:
        """The plan, or its range, as written below the chart; empty where nothing was planned."""
        upper = f"–{number(self.plan_max)}" if self.plan_max is not None else ""
        return number(self.plan) + upper


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
        plans = list(chain.from_iterable(point.plans for point in points))
        actuals = [point.actual for point in points if point.actual is not None]
        planned = max(plans, default=Decimal(0))
        highest = max([*plans, *actuals], default=Decimal(0))
        self.top: Decimal = min(highest, CUT * planned) if planned > 0 else highest

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
        return "▼" if value < 0 else "▲" if value > max(self.top, Decimal(0)) else ""


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
    left, right = scale.x(index, -0.32), scale.x(index, 0.32)
    heights = map(scale.y, point.plans)
    return [ChartLine("plan", left, right, height, height) for height in heights]


def _texts(point: Point, scale: Scale, index: int) -> list[ChartText]:
    """The quarter, its plan and its actual value, each in its line below the picture."""
    x = scale.x(index)
    planned, actual = point.plan_text, number(point.actual)
    return [
        ChartText(point.label, x, LABELS, "name"),
        ChartText(planned or "未公布", x, PLANS, "" if planned else "soft"),
        ChartText(actual or point.missing or "不详", x, ACTUALS, "strong" if actual else "soft"),
    ]
