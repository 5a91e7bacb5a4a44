"""Pictures of numbers: from numbers and words, with no database, no clock and no script.

`layout` says where everything stands; `draw` writes it down as SVG, `chart_images` paints the same as PNG. Across,
everything is a share of the width; up and down, it is measured in letters: a picture grows with the text size and
never shrinks its words on a phone. Colours and patterns come from the style sheet by class; a plan is always a black
line, what was reached a filled shape, and what is not known a dotted line with its word, never a nought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.text.wording import number
from common.ui.chips import Tone

# In letters: where the picture begins and stands, and its lines of words.
TOP, BASE = 1.4, 9.0
LABELS, PLANS, ACTUALS, HEIGHT = 10.6, 12.2, 13.8, 14.4
# Per cent of the width that the words at the left take.
HEADS = 12
# What stands this many times above the plan is cut off, so that it does not flatten everything else.
CUT = 3
MANY = 6
# Of a dot, in letters.
RADIUS = 0.4


@dataclass(frozen=True)
class Point:
    """One quarter. `missing`: the short word for why there is no actual; `summary`: the whole point in one sentence."""

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
    """`key` is unique on its page; `joined` draws totals as a way, otherwise each point is a bar of its own."""

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
    kind: str
    x1: float
    x2: float
    y1: float
    y2: float


@dataclass(frozen=True)
class Bar:
    tone: Tone
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Dot:
    tone: Tone
    x: float
    y: float


@dataclass(frozen=True)
class ChartText:
    words: str
    x: float
    y: float
    kind: str = ""


Mark = ChartLine | Bar | Dot | ChartText


@dataclass(frozen=True)
class Layout:
    """Where everything stands: x and width in per cent of the width, y and height in letters."""

    frame: list[Mark]
    # One list a point, in the order of the points.
    points: list[list[Mark]]


def layout(chart: Chart) -> Layout:
    scale = Scale(chart.points)
    ways = _ways(chart.points, scale) if chart.joined else []
    heads = [ChartText("计划", 0, PLANS, "head"), ChartText("实际", 0, ACTUALS, "head")]
    return Layout(
        [ChartLine("base", HEADS, 100, BASE, BASE), *ways, *heads],
        [_point(point, scale, at, joined=chart.joined) for at, point in enumerate(chart.points)],
    )


class Scale:
    """Where a point and a value stand. The top is the largest value, or CUT times the largest plan."""

    def __init__(self, points: list[Point]):
        self.count = max(len(points), 1)
        plans = [value for point in points for value in (point.plan, point.plan_max) if value is not None]
        known = [*plans, *(point.actual for point in points if point.actual is not None)]
        highest, planned = max(known, default=Decimal(0)), max(plans, default=Decimal(0))
        self.top = min(highest, CUT * planned) if planned > 0 else highest

    def x(self, at: int, aside: float = 0) -> float:
        """The middle of a point; `aside` is in widths of a point."""
        return HEADS + (at + 0.5 + aside) * (100 - HEADS) / self.count

    def width(self, share: float) -> float:
        return share * (100 - HEADS) / self.count

    def up(self, value: Decimal) -> float:
        """From 0 at the base to 1 at the top, whatever the value."""
        return min(max(float(value / self.top), 0), 1) if self.top > 0 else 0

    def y(self, value: Decimal) -> float:
        return BASE - (BASE - TOP) * self.up(value)

    def beyond(self, value: Decimal) -> str:
        """The sign for what does not fit; its number stands below like every other."""
        return "▼" if value < 0 else "▲" if value > max(self.top, 0) else ""


def _ways(points: list[Point], scale: Scale) -> list[ChartLine]:
    """Lines between neighbours that are both known: a gap stays a gap."""
    return [*_way("way way--plan", [p.plan for p in points], scale), *_way("way", [p.actual for p in points], scale)]


def _way(kind: str, values: list[Decimal | None], scale: Scale) -> Iterator[ChartLine]:
    for at, (one, next_one) in enumerate(pairwise(values)):
        if one is not None and next_one is not None:
            yield ChartLine(kind, scale.x(at), scale.x(at + 1), scale.y(one), scale.y(next_one))


def _point(point: Point, scale: Scale, at: int, *, joined: bool) -> list[Mark]:
    return [*_actual(point, scale, at, joined=joined), *_plan(point, scale, at), *_words(point, scale, at)]


def _actual(point: Point, scale: Scale, at: int, *, joined: bool) -> Iterator[Mark]:
    value, x = point.actual, scale.x(at)
    if value is None:
        yield ChartLine("unknown", x, x, TOP, BASE)
        return
    if joined:
        yield Dot(point.tone, x, scale.y(value))
    else:
        yield Bar(point.tone, scale.x(at, -0.2), scale.y(value), scale.width(0.4), BASE - scale.y(value))
    if sign := scale.beyond(value):
        yield ChartText(sign, x, TOP - 0.3 if value > 0 else BASE - 0.2)


def _plan(point: Point, scale: Scale, at: int) -> list[ChartLine]:
    """A line across; of a range both ends."""
    ends = [value for value in (point.plan, point.plan_max) if value is not None]
    left, right = scale.x(at, -0.32), scale.x(at, 0.32)
    return [ChartLine("plan", left, right, scale.y(value), scale.y(value)) for value in ends]


def _words(point: Point, scale: Scale, at: int) -> list[ChartText]:
    """The quarter, what was planned and what was reached, each in its line below the picture."""
    planned = number(point.plan) + (f"–{number(point.plan_max)}" if point.plan_max is not None else "")
    lines = [(point.label, LABELS, "name"), (planned or "未公布", PLANS, "" if planned else "soft")]
    known = point.actual is not None
    lines.append((number(point.actual), ACTUALS, "strong") if known else (point.missing or "不详", ACTUALS, "soft"))
    return [ChartText(words, scale.x(at), y, kind) for words, y, kind in lines]


def draw(chart: Chart) -> SafeString:
    """As SVG, well-formed by itself and inside a page."""
    found = layout(chart)
    points = [_followed(point, _svg(marks)) for point, marks in zip(chart.points, found.points, strict=True)]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart{}" width="100%" height="{}em" role="group"'
        ' aria-labelledby="{}-title {}-desc"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}</svg>',
        " chart--long" if chart.is_long else "",
        HEIGHT,
        *[chart.key] * 3,
        chart.title,
        chart.key,
        chart.desc,
        _svg(found.frame),
        _all(points),
    )


def _all(parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _followed(point: Point, shapes: SafeString) -> SafeString:
    summary = format_html("<title>{}</title>", point.summary) if point.summary else ""
    drawn = format_html("<g>{}{}</g>", summary, shapes)
    return format_html('<a href="{}" aria-label="{}">{}</a>', point.url, point.summary, drawn) if point.url else drawn


def _svg(marks: list[Mark]) -> SafeString:
    return _all(WRITTEN[type(mark)](mark) for mark in marks)


def _line(mark: ChartLine) -> SafeString:
    across, down = [f"{x:.2f}%" for x in (mark.x1, mark.x2)], [f"{y:.2f}em" for y in (mark.y1, mark.y2)]
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', mark.kind, *across, *down)


def _bar(mark: Bar) -> SafeString:
    across, down = [f"{x:.2f}%" for x in (mark.x, mark.width)], [f"{y:.2f}em" for y in (mark.y, mark.height)]
    shape = '<rect class="fill fill--{}" x="{}" width="{}" y="{}" height="{}"/>'
    return format_html(shape, mark.tone, *across, *down)


def _dot(mark: Dot) -> SafeString:
    place = f"{mark.x:.2f}%", f"{mark.y:.2f}em"
    return format_html('<circle class="fill fill--{}" cx="{}" cy="{}" r="{}em"/>', mark.tone, *place, RADIUS)


def _text(mark: ChartText) -> SafeString:
    kind = format_html(' class="{}"', mark.kind) if mark.kind else ""
    return format_html('<text{} x="{}%" y="{}em">{}</text>', kind, f"{mark.x:.2f}", f"{mark.y:.2f}", mark.words)


WRITTEN = {ChartLine: _line, Bar: _bar, Dot: _dot, ChartText: _text}
