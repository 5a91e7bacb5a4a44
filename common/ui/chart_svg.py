"""Writes the marks of `charts.layout` as SVG, for pages."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.ui.charts import (
    HEIGHT,
    RADIUS,
    Bar,
    Chart,
    ChartLine,
    ChartText,
    Dot,
    Mark,
    Point,
    layout,
)


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


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _link_point(point: Point, shapes: SafeString) -> SafeString:
    """The shapes of a point with its summary as title, as a link if it has an address.

    The title names the link, beside the texts that are drawn; a label would replace those.
    """
    title = format_html("<title>{}</title>", point.summary) if point.summary else ""
    group = format_html("<g>{}{}</g>", title, shapes)
    return format_html('<a href="{}">{}</a>', point.url, group) if point.url else group


def _svg(marks: list[Mark]) -> SafeString:
    return _join(map(_shape, marks))


def _shape(mark: Mark) -> SafeString:
    match mark:
        case ChartLine():
            return _line(mark)
        case Bar():
            return _bar(mark)
        case Dot():
            return _dot(mark)
        case ChartText():
            return _text(mark)


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
