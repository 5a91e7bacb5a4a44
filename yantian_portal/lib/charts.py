"""Pictures of numbers as SVG text: from numbers and words, with no database, no clock and no script.

Across, everything is a share of the width; up and down, it is measured in letters: a picture grows with the text
size and never shrinks its words on a phone. Colours and patterns come from the style sheet by class; a plan is always
a black line, what was reached a filled shape, and what is not known a dotted line with its word, never a nought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .chips import Tone
from .wording import number

# In letters: where the picture begins and stands, and its lines of words.
TOP, BASE = 1.4, 9.0
LABELS, PLANS, ACTUALS, HEIGHT = 10.6, 12.2, 13.8, 14.4
# Per cent of the width that the words at the left take.
HEADS = 12
# What stands this many times above the plan is cut off, so that it does not flatten everything else.
CUT = 3
MANY = 6


@dataclass(frozen=True)
class Point:
    """One quarter. `missing`: the short word for why there is no actual; `told`: the whole point in one sentence."""

    label: str
    plan: Decimal | None = None
    plan_max: Decimal | None = None
    actual: Decimal | None = None
    missing: str = ""
    tone: Tone = Tone.QUIET
    told: str = ""
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


def draw(chart: Chart) -> SafeString:
    """The picture, well-formed by itself and inside a page."""
    scale = Scale(chart.points)
    inside = [_base(), *(_ways(chart.points, scale) if chart.joined else []), _heads()]
    inside += [_point(chart, scale, at) for at in range(len(chart.points))]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart{}" width="100%" height="{}em" role="group"'
        ' aria-labelledby="{}-title {}-desc"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        " chart--long" if chart.is_long else "",
        HEIGHT,
        *[chart.key] * 3,
        chart.title,
        chart.key,
        chart.desc,
        _all(inside),
    )


class Scale:
    """Where a point and a value stand. The top is the largest value, or CUT times the largest plan."""

    def __init__(self, points: list[Point]):
        self.count = max(len(points), 1)
        plans = [value for point in points for value in (point.plan, point.plan_max) if value is not None]
        known = [*plans, *(point.actual for point in points if point.actual is not None)]
        highest, planned = max(known, default=Decimal(0)), max(plans, default=Decimal(0))
        self.top = min(highest, CUT * planned) if planned > 0 else highest

    def x(self, at: int, aside: float = 0) -> str:
        """The middle of a point; `aside` is in widths of a point."""
        return f"{HEADS + (at + 0.5 + aside) * (100 - HEADS) / self.count:.2f}%"

    def width(self, share: float) -> str:
        return f"{share * (100 - HEADS) / self.count:.2f}%"

    def up(self, value: Decimal) -> float:
        """From 0 at the base to 1 at the top, whatever the value."""
        return min(max(float(value / self.top), 0), 1) if self.top > 0 else 0

    def y(self, value: Decimal) -> str:
        return f"{BASE - (BASE - TOP) * self.up(value):.2f}em"

    def height(self, low: Decimal, high: Decimal) -> str:
        return f"{(BASE - TOP) * (self.up(high) - self.up(low)):.2f}em"

    def beyond(self, value: Decimal) -> str:
        """The sign for what does not fit; its number stands below like every other."""
        return "▼" if value < 0 else "▲" if value > max(self.top, 0) else ""


def _all(parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts if part))


def _line(kind: str, x1: str, x2: str, y1: str, y2: str) -> SafeString:
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, x1, x2, y1, y2)


def _text(words: str, x: str, y: float, kind: str = "") -> SafeString:
    return format_html(
        '<text{} x="{}" y="{}em">{}</text>', format_html(' class="{}"', kind) if kind else "", x, y, words
    )


def _base() -> SafeString:
    return _line("base", f"{HEADS}%", "100%", f"{BASE}em", f"{BASE}em")


def _heads() -> SafeString:
    return _all([_text("计划", "0", PLANS, "head"), _text("实际", "0", ACTUALS, "head")])


def _ways(points: list[Point], scale: Scale) -> list[SafeString]:
    """Lines between neighbours that are both known: a gap stays a gap."""
    return [*_way("way way--plan", [p.plan for p in points], scale), *_way("way", [p.actual for p in points], scale)]


def _way(kind: str, values: list[Decimal | None], scale: Scale) -> Iterator[SafeString]:
    for at, (one, next_one) in enumerate(pairwise(values)):
        if one is not None and next_one is not None:
            yield _line(kind, scale.x(at), scale.x(at + 1), scale.y(one), scale.y(next_one))


def _point(chart: Chart, scale: Scale, at: int) -> SafeString:
    point = chart.points[at]
    told = format_html("<title>{}</title>", point.told) if point.told else ""
    shape = _actual(point, scale, at, joined=chart.joined)
    drawn = format_html("<g>{}{}{}{}</g>", told, shape, _plan(point, scale, at), _words(point, scale, at))
    return format_html('<a href="{}" aria-label="{}">{}</a>', point.url, point.told, drawn) if point.url else drawn


def _actual(point: Point, scale: Scale, at: int, *, joined: bool) -> SafeString:
    value, x = point.actual, scale.x(at)
    if value is None:
        return _line("unknown", x, x, f"{TOP}em", f"{BASE}em")
    sign = scale.beyond(value)
    beyond = _text(sign, x, TOP - 0.3 if value > 0 else BASE - 0.2) if sign else ""
    if joined:
        shape = format_html('<circle class="fill fill--{}" cx="{}" cy="{}" r=".4em"/>', point.tone, x, scale.y(value))
    else:
        shape = format_html(
            '<rect class="fill fill--{}" x="{}" y="{}" width="{}" height="{}"/>',
            *(point.tone, scale.x(at, -0.2), scale.y(value), scale.width(0.4), scale.height(Decimal(0), value)),
        )
    return _all([shape, beyond])


def _plan(point: Point, scale: Scale, at: int) -> SafeString:
    """A line across; of a range both ends."""
    ends = [value for value in (point.plan, point.plan_max) if value is not None]
    left, right = scale.x(at, -0.32), scale.x(at, 0.32)
    return _all(_line("plan", left, right, scale.y(value), scale.y(value)) for value in ends)


def _words(point: Point, scale: Scale, at: int) -> SafeString:
    """The quarter, what was planned and what was reached, each in its line below the picture."""
    planned = number(point.plan) + (f"–{number(point.plan_max)}" if point.plan_max is not None else "")
    lines = [(point.label, LABELS, "name"), (planned or "未公布", PLANS, "" if planned else "soft")]
    known = point.actual is not None
    lines.append((number(point.actual), ACTUALS, "strong") if known else (point.missing or "不详", ACTUALS, "soft"))
    return _all(_text(words, scale.x(at), y, kind) for words, y, kind in lines)
