"""Template tags for the frame of a page; builtins like those of `components.py`.

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
{% oneline %}…{% endoneline %}
    the template's own line ends and indentation inside go: between Chinese characters a browser
    would show them as a gap; around a row of a table too, whose cells begin with a label on a
    narrow screen, and where indentation would weigh more than the words
{% ignored_parameters form "page" … %}
    names in the address that the filters of the page do not know, or that stand there twice; the
    names after the form are those that the page reads itself
{{ message|undo_address }}
    the address that undoes what a message tells of, or empty
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import cast

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.base import Node, NodeList, Parser, TextNode, Token
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.addresses import unknown_names
from common.text.wording import shortened
from common.ui.chips import Tone
from common.ui.components import Parts, icon
from common.ui.undo import undo_address

# A text and the address it leads to.
Link = tuple[str, str]

register = template.Library()
register.filter(undo_address)

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
FRONT_PAGES = ("/", "/staff/")
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


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(items: Sequence[Link]) -> Parts:
    return {"items": items}


@register.inclusion_tag("components/data_date.html")
def data_date(as_of: date | None = None, next_on: date | None = None, closed: str = "") -> Parts:
    """The day of the data and the next promised day, with the days by which that has passed.

    `closed`: nothing more is to come; a text says what may still happen.
    """
    days_over = (timezone.localdate() - next_on).days if next_on else 0
    return {"as_of": as_of, "next_on": next_on, "closed": closed, "days_over": max(0, days_over)}


@register.inclusion_tag("components/pagination.html")
def pagination(page_obj: Page, params: QueryDict | str = "") -> Parts:
    query = params.copy() if isinstance(params, QueryDict) else QueryDict(params, mutable=True)
    query.pop("page", None)
    prefix = f"?{query.urlencode()}&page=" if query else "?page="
    pages = list(
        page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    )
    return {"page_obj": page_obj, "prefix": prefix, "pages": pages}


LINE_END_OR_TAG_EDGE = re.compile(r"((?<!\s)\s*\n\s*|[<>])")


class OneLineNode(Node):
    def __init__(self, nodelist: NodeList):
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


@register.tag
def oneline(parser: Parser, _token: Token) -> OneLineNode:
    """Joins the lines of the template; what variables and includes hold stays as it is."""
    nodelist = parser.parse(("endoneline",))
    parser.delete_first_token()
    in_tag = False
    for text in cast(list[TextNode], nodelist.get_nodes_by_type(TextNode)):
        parts = LINE_END_OR_TAG_EDGE.split(text.s)
        for place, part in enumerate(parts):
            if part in ("<", ">"):
                in_tag = part == "<"
            elif "\n" in part:  # between two attributes a space has to stay
                parts[place] = " " if in_tag else ""
        text.s = "".join(parts)
    return OneLineNode(nodelist)


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, tone: str = Tone.COURSE, title: str = "") -> SafeString:
    heading = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice--{}">{}{}{}</div>', tone, icon(tone), heading, content
    )


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, advice: str = "") -> Parts:
    return {"title": title, "advice": advice}


@register.simple_tag
def ignored_parameters(form: BaseForm, *others: str) -> SafeString | str:
    if not isinstance(form.data, QueryDict):
        return ""
    known = {*form.fields, *others}
    unknown = unknown_names(form.data, known)
    twice = [name for name, values in form.data.lists() if name in known and len(values) > 1]
    sentences = [f"没有“{name}”这个条件，没有按它筛选。" for name in unknown]
    sentences += [f"“{name}”写了几次，只按最后一个筛选。" for name in twice]
    return notice("".join(map(shortened, sentences[:5]))) if sentences else ""


def _is_current(path: str, url: str) -> bool:
    """Whether a menu item is marked: on its page and pages below, a front page only on itself."""
    return path == url or (url not in FRONT_PAGES and path.startswith(url))


@register.inclusion_tag("components/nav.html", takes_context=True)
def nav(context: Context, items: Sequence[Link] = PUBLIC_NAV, label: str = "主导航") -> Parts:
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    return {"items": [(text, url, _is_current(path, url)) for text, url in items], "label": label}


def text_size_of(request: HttpRequest) -> str:
    """The text size a reader has chosen; the standard one for whoever has not."""
    size = request.COOKIES.get("text_size", "")
    return size if size in dict(TEXT_SIZES) else "standard"


@register.inclusion_tag("components/text_sizes.html", takes_context=True)
def text_sizes(context: Context) -> Parts:
    request: HttpRequest | None = context.get("request")
    back = request.get_full_path() if request else "/"
    return {"sizes": TEXT_SIZES, "chosen": context.get("text_size") or "standard", "back": back}


@register.inclusion_tag("components/identity.html")
def identity() -> Parts:
    """The identity items from the settings, because error pages have no context."""
    site = settings.SITE
    missing = "演示站点" if settings.DEMO else "尚未登记"
    return {"items": [(label, site.get(key) or missing) for label, key in IDENTITY_ITEMS]}


@register.simple_tag
def site_name() -> str:
    return settings.SITE["name"]
