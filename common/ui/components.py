"""Template tags of the visual language; builtins of the template engine, so no {% load %}.

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
Page furniture
    {% breadcrumb items %}
        list of (label, url); the last one may have url ""
    {% data_date as_of=day next_on=day closed=False %}
        days or None; closed=True: 不再更新
    {% pagination page_obj params %}
        params: QueryDict or query string of the filters, `page` is replaced
    {% notice tone="behind" title="…" %}rich text{% endnotice %}
        tone: done course behind late quiet
    {% empty_state title="…" advice="…" %}
        why the list is empty, what to do
    {% nav items label="…" %}
        list of (label, url); marks the current one by the path
Filters
    {{ day|cn_date }} 2017年9月30日
    {{ year|cn_quarter:3 }} 2017年第三季度
    {{ moment|stamp }} 2017-09-30 14:05
    {{ value|number }}
        trims zeros, "" for None: the page says why it is unknown, never a 0
    {{ letter|highlight_personal_data }}
        paragraphs, with what looks like personal data marked and named
"""

from datetime import date
from itertools import accumulate

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from common.security.personal_data import mark_personal_data
from common.text.differences import TextChange, changes
from common.text.wording import cn_date, cn_quarter, number, stamp
from common.ui.charts import draw
from common.ui.chips import Chip, QuarterMark, Segment, Tone
from common.ui.form_parts import errors_of, shape_of

register = template.Library()
register.simple_tag(draw, name="picture")
for text_filter in (cn_date, cn_quarter, number, stamp):
    register.filter(text_filter)


@register.filter
def highlight_personal_data(text: str):
    """The text as a paragraph, with everything that looks like personal data marked."""
    marked = format_html_join(
        "",
        "{}",
        (
            (
                (
                    format_html("<mark>{}</mark>（像{}）", piece, name)
                    if name
                    else linebreaksbr(piece, autoescape=True)
                ),
            )
            for piece, name in mark_personal_data(text)
        ),
    )
    return format_html("<p>{}</p>", marked)


PUBLIC_NAV = (
    ("首页", "/"),
    ("承诺", "/tasks/"),
    ("总览", "/dashboard/"),
    ("单位", "/departments/"),
    ("公报", "/quarters/"),
    ("问答", "/feedback/"),
    ("公开记录", "/ledger/"),
    ("关于", "/about/"),
)
TEXT_SIZES = (("standard", "标准"), ("large", "大字"), ("xlarge", "特大"))
# The seven identity items every government page carries; the link to the site map is the seventh.
IDENTITY_ITEMS = (
    ("主办单位", "owner"),
    ("联系电话", "telephone"),
    ("联系地址", "address"),
    ("网站标识码", "site_code"),
    ("ICP备案号", "icp_number"),
    ("公安备案号", "police_record"),
    ("党政机关网站标识", "party_mark"),
    ("我为政府网站找错", "find_errors"),
)


@register.inclusion_tag("components/chip.html")
def chip(chip: Chip):
    return {"chip": chip}


@register.simple_tag
def mark(chip: Chip):
    word = format_html('<span class="unseen">{}</span>', chip.label)
    return format_html('<span class="mark mark--{}">{}{}</span>', chip.tone, icon(chip.tone), word)


@register.inclusion_tag("components/turn.html")
def turn(old: Chip, new: Chip):
    return {"old": old, "new": new}


@register.simple_tag
def difference(before: str, after: str):
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
def icon(name: str):
    """An icon of components/symbols.html; it always needs a word beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        name,
    )


def _share(part, whole) -> str:
    return f"{100 * float(part) / float(whole):.3f}%"


@register.inclusion_tag("components/bar.html")
def bar(segments: list[Segment], label: str):
    """A bar of segments; their widths are shares of the total, zero counts only appear in words."""
    total = sum(segment.count for segment in segments)
    visible = [segment for segment in segments if segment.count]
    starts = accumulate((segment.count for segment in visible), initial=0)
    parts = [
        {"x": _share(start, total), "width": _share(segment.count, total), "tone": segment.tone}
        for start, segment in zip(starts, visible, strict=False)
    ]
    return {
        "segments": segments,
        "parts": parts,
        "total": total,
        "label": label,
        "demo": settings.DEMO,
    }


@register.inclusion_tag("components/bullet.html")
def bullet(
    label,
    value=None,
    target=None,
    unit="",
    target_max=None,
    words="",
    plan=None,
    tone=Tone.COURSE,
    note="",
    missing="未报送数据",
):
    """An actual value against the target in the document.

    `plan`: an interim value, if the document has one; `missing`: shown instead of a missing value.
    """
    marks = [float(n) for n in (value, target, target_max, plan) if n is not None]
    # Space beyond the largest number keeps the tick of the target inside the picture.
    scale = max(marks, default=0) * 1.04 or 1
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
        "value_x": _share(max(value or 0, 0), scale),
        "target_x": _share(target, scale) if target is not None else "",
        "band": _share(target_max - target, scale) if None not in (target, target_max) else "",
        "plan_x": _share(plan, scale) if plan is not None else "",
    }


@register.inclusion_tag("components/quarter_line.html")
def quarter_line(quarters: list[QuarterMark]):
    return {"quarters": quarters}


@register.inclusion_tag("components/voices.html")
def voices(self_chip: Chip, assessed_chip: Chip, differ=False):
    return {"self_chip": self_chip, "assessed_chip": assessed_chip, "differ": differ}


@register.inclusion_tag("components/field.html")
def field(bound, width="full"):
    """A form field with label, hint and errors.

    The field's own `mark`, or 选填 if it may be empty, follows the label; its own `width` wins.
    """
    mark = getattr(bound.field, "mark", "" if bound.field.required else "选填")
    width = getattr(bound.field, "width", width)
    return {"field": bound, "shape": shape_of(bound), "width": width, "mark": mark}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """The errors of forms and formsets, given in page order, in the words shown at the fields.

    None may stand for a form that is not on the page.
    """
    return {"errors": [error for form in forms if form for error in errors_of(form)]}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items):
    return {"items": items}


@register.inclusion_tag("components/data_date.html")
def data_date(as_of: date | None = None, next_on: date | None = None, closed=""):
    """The day of the data and the next promised day, with the days by which that has passed.

    `closed`: nothing more is to come; a text says what may still happen.
    """
    days_over = (timezone.localdate() - next_on).days if next_on else 0
    return {"as_of": as_of, "next_on": next_on, "closed": closed, "days_over": max(0, days_over)}


@register.inclusion_tag("components/pagination.html")
def pagination(page_obj, params=""):
    query = params.copy() if isinstance(params, QueryDict) else QueryDict(params, mutable=True)
    query.pop("page", None)
    prefix = f"?{query.urlencode()}&page=" if query else "?page="
    pages = list(
        page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    )
    return {"page_obj": page_obj, "prefix": prefix, "pages": pages}


@register.simple_block_tag(end_name="endnotice")
def notice(content, tone=Tone.COURSE, title=""):
    heading = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice--{}">{}{}{}</div>', tone, icon(tone), heading, content
    )


@register.inclusion_tag("components/empty_state.html")
def empty_state(title, advice=""):
    return {"title": title, "advice": advice}


def _path(context) -> str:
    request = context.get("request")
    return request.path if request else ""


def _is_current(path: str, url: str, roots=("/", "/staff/")) -> bool:
    """Whether a menu item is marked: on its page and pages below, a front page only on itself."""
    return path == url or (url not in roots and path.startswith(url))


@register.inclusion_tag("components/nav.html", takes_context=True)
def nav(context, items=PUBLIC_NAV, label="主导航"):
    path = _path(context)
    return {"items": [(text, url, _is_current(path, url)) for text, url in items], "label": label}


@register.inclusion_tag("components/text_sizes.html", takes_context=True)
def text_sizes(context):
    request = context.get("request")
    back = request.get_full_path() if request else "/"
    return {"sizes": TEXT_SIZES, "chosen": context.get("text_size") or "standard", "back": back}


@register.inclusion_tag("components/identity.html")
def identity():
    """The identity items from the settings, because error pages have no context."""
    site = settings.SITE
    missing = "演示站点" if settings.DEMO else "尚未登记"
    return {"items": [(label, site.get(key) or missing) for label, key in IDENTITY_ITEMS]}


@register.simple_tag
def site_name() -> str:
    return settings.SITE["name"]
