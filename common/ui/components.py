"""Template tags for states, forms and pictures; builtins of the template engine, so no {% load %}.

The frame of a page (breadcrumb, notice, menu and the like) is in `page_components.py`.

Every component in every state: /staff/components/. The contract, kept stable:

States (dataclasses in common/ui/chips.py: Tone, Chip, Segment, QuarterMark)
    {% chip chip %}
        icon + word (+ note) (+ 演示)
    {% mark chip %}
        icon alone, its word for screen readers: only where the word stands nearby
    {% turn old new %}
        two chips, old → new
    {% bar segments label="…" %}
        list of Segment: bar + each count in words (+ link); zero counts stay in words
    {% bullet label="…" value=v target=t unit="座" target_max=None words="不少于" plan=None
       tone="course" note="…" missing="未报送数据" %}
    {% quarter_line quarters %}
        list of QuarterMark
    {% difference before after %}
        one text, removed parts struck out, added ones underlined
    {% voices self_chip assessed_chip differ=False %}
Forms (label, 选填, hint and error in one; give the <form> novalidate and the context name `form`)
    {% field form.name %}  {% field form.phone width="short" %}
        width: short | medium | full, row for short choices; hint = help_text
    {% error_summary form formset … %}
        first thing in the content; draws nothing without errors
Pictures (common/ui/charts.py)
    {% picture chart %}
        a Chart: plan as a line, actual as a shape; its table beside it
Filters
    {{ day|cn_date }} 2017年9月30日
    {{ year|cn_quarter:3 }} 2017年第三季度
    {{ moment|stamp }} 2017-09-30 14:05
    {{ value|number }}
        trims zeros, "" for None: the page says why it is unknown, never a 0
    {{ letter|highlight_personal_data }}
        paragraphs, with what looks like personal data marked and named
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from django import template
from django.conf import settings
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.security.personal_data import mark_personal_data
from common.text.differences import TextChange, changes
from common.text.wording import cn_date, cn_quarter, number, stamp
from common.ui.chart_svg import draw
from common.ui.chips import Chip, QuarterMark, Segment, Tone
from common.ui.form_parts import errors_of, shape_of

# What the template of a component gets.
Parts = dict[str, object]
Number = Decimal | int

register = template.Library()
register.simple_tag(draw, name="picture")
for text_filter in (cn_date, cn_quarter, number, stamp):
    register.filter(text_filter)


@register.filter
def highlight_personal_data(text: str) -> SafeString:
    """The text as a paragraph, with everything that looks like personal data marked."""
    pieces = ((_highlight(piece, name),) for piece, name in mark_personal_data(text))
    return format_html("<p>{}</p>", format_html_join("", "{}", pieces))


def _highlight(piece: str, name: str) -> SafeString:
    """A piece of text, marked if it looks like personal data of the kind `name`."""
    if name:
        return format_html("<mark>{}</mark>（像{}）", piece, name)
    return linebreaksbr(piece, autoescape=True)


@register.inclusion_tag("components/chip.html")
def chip(chip: Chip) -> Parts:
    return {"chip": chip}


@register.simple_tag
def mark(chip: Chip) -> SafeString:
    word = format_html('<span class="unseen">{}</span>', chip.label)
    return format_html('<span class="mark mark--{}">{}{}</span>', chip.tone, icon(chip.tone), word)


@register.inclusion_tag("components/turn.html")
def turn(old: Chip, new: Chip) -> Parts:
    return {"old": old, "new": new}


@register.simple_tag
def difference(before: str, after: str) -> SafeString:
    """The difference of two longer texts; two short words are better shown side by side."""
    return format_html(
        '<p class="difference">{}</p>',
        format_html_join("", "{}{}{}", map(_difference_parts, changes(before, after))),
    )


def _difference_parts(change: TextChange) -> tuple[str, str, str]:
    removed = _mark_change("del", "删去", change.removed)
    return change.kept, removed, _mark_change("ins", "改为" if removed else "增加", change.added)


def _mark_change(tag: str, label: str, words: str) -> str:
    """The words in <del> or <ins>, with a hidden label, because screen readers ignore both tags."""
    markup = '<{0}><span class="unseen">({1}“</span>{2}<span class="unseen">”)</span></{0}>'
    return format_html(markup, tag, label, words) if words else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of components/symbols.html; it always needs a word beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        name,
    )


def _share(part: Number, whole: float) -> str:
    return f"{100 * float(part) / whole:.3f}%"


@register.inclusion_tag("components/bar.html")
def bar(segments: list[Segment], label: str) -> Parts:
    """A bar of segments; their widths are shares of the total, zero counts only appear in words."""
    total = sum(segment.count for segment in segments)
    return {
        "segments": segments,
        "parts": list(_bar_parts(segments, total)),
        "total": total,
        "label": label,
        "demo": settings.DEMO,
    }


def _bar_parts(segments: list[Segment], total: int) -> Iterator[dict[str, str]]:
    """Where the segments that can be seen begin, and how wide they are."""
    visible = [segment for segment in segments if segment.count]
    starts = accumulate((segment.count for segment in visible), initial=0)
    for start, segment in zip(starts, visible, strict=False):
        width = _share(segment.count, total)
        yield {"x": _share(start, total), "width": width, "tone": segment.tone}


@register.inclusion_tag("components/bullet.html")
def bullet(
    *,
    label: str,
    value: Number | None = None,
    target: Number | None = None,
    unit: str = "",
    target_max: Number | None = None,
    words: str = "",
    plan: Number | None = None,
    tone: Tone = Tone.COURSE,
    note: str = "",
    missing: str = "未报送数据",
) -> Parts:
    """An actual value against the target in the document.

    `plan`: an interim value, if the document has one; `missing`: shown instead of a missing value.
    """
    return {
        "label": label,
        "demo": settings.DEMO,
        "value": value,
        "target": target,
        "target_max": target_max,
        "unit": unit,
        "words": words,
        "plan": plan,
        "tone": tone,
        "note": note,
        "missing": missing,
        **_bullet_positions(value, target, target_max, plan),
    }


def _bullet_positions(
    value: Number | None, target: Number | None, target_max: Number | None, plan: Number | None
) -> Parts:
    """Positions and widths in per cent; empty for what the bullet does not show."""
    marks = [float(mark) for mark in (value, target, target_max, plan) if mark is not None]
    # Space beyond the largest number keeps the tick of the target inside the picture.
    scale = max(marks, default=0) * 1.04 or 1
    return {
        "value_x": _share(max(value or 0, 0), scale),
        "target_x": _share_if_known(target, scale),
        "band": _share_if_known(_width(target, target_max), scale),
        "plan_x": _share_if_known(plan, scale),
    }


def _share_if_known(part: Number | None, whole: float) -> str:
    return "" if part is None else _share(part, whole)


def _width(lower: Number | None, upper: Number | None) -> Number | None:
    """The width of a range; None where one of its ends is open."""
    return None if lower is None or upper is None else upper - lower


@register.inclusion_tag("components/quarter_line.html")
def quarter_line(quarters: list[QuarterMark]) -> Parts:
    return {"quarters": quarters}


@register.inclusion_tag("components/voices.html")
def voices(self_chip: Chip, assessed_chip: Chip, *, differ: bool = False) -> Parts:
    return {"self_chip": self_chip, "assessed_chip": assessed_chip, "differ": differ}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, width: str = "full") -> Parts:
    """A form field with label, hint and errors.

    The field's own `mark`, or 选填 if it may be empty, follows the label; its own `width` wins.
    """
    mark = getattr(bound.field, "mark", "" if bound.field.required else "选填")
    width = getattr(bound.field, "width", width)
    return {"field": bound, "shape": shape_of(bound), "width": width, "mark": mark}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | None) -> Parts:
    """The errors of forms and formsets, given in page order, in the words shown at the fields.

    None may stand for a form that is not on the page.
    """
    return {"errors": [error for form in forms if form for error in errors_of(form)]}
