"""The public questions as an Atom feed."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from common.office.worksheets import UNWRITABLE
from common.text.wording import shortened
from feedback.filters import ChangeFilter
from feedback.read_models.changes import AT_MOST, QuestionChange, newest_changes
from feedback.read_models.questions import Tombstone

SAMPLES = "演示站点：标有“演示”的问答是样例，不是真实情况。"
SUBTITLE = f"公众的咨询、投诉、建议和责任单位的答复，最近变动的 {AT_MOST} 条。"
# So much of the promise and of the question stands in the title of an entry.
PROMISE, QUESTION = 20, 30


class WritableAtom(Atom1Feed):
    """Leaves out characters that XML cannot hold: one of them would break the whole feed."""

    def add_item(self, title: str, link: str, description: str, *args: Any, **kwargs: Any) -> None:
        title, description = UNWRITABLE.sub("", title), UNWRITABLE.sub("", description)
        super().add_item(title, link, description, *args, **kwargs)


class QuestionFeed(Feed):
    """The questions a filter selects, the newest change first.

    An entry keeps its id, so that a change replaces the reader's copy.
    """

    feed_type = WritableAtom
    language = "zh-CN"
    description_template = "feedback/feed_entry.html"

    def get_object(self, request: HttpRequest, chosen: ChangeFilter) -> ChangeFilter:
        return chosen

    def title(self, chosen: ChangeFilter) -> str:
        filters = f"（{chosen.words}）" if chosen.words else ""
        return UNWRITABLE.sub(
            "", f"{_demo_prefix(demonstration=settings.DEMO)}{settings.SITE['name']}问答{filters}"
        )

    def subtitle(self) -> str:
        return SAMPLES + SUBTITLE if settings.DEMO else SUBTITLE

    def link(self, chosen: ChangeFilter) -> str:
        return reverse("feedback:index") + chosen.address

    def feed_url(self, chosen: ChangeFilter) -> str:
        return reverse("feedback:feed") + chosen.address

    def author_name(self) -> str:
        return settings.SITE["owner"]

    def items(self, chosen: ChangeFilter) -> list[QuestionChange]:
        return newest_changes(chosen.qs)

    def item_guid(self, change: QuestionChange) -> str:
        """An id that does not depend on the site's name or address."""
        return uuid5(NAMESPACE_URL, f"feedback/{change.number}").urn

    def item_title(self, change: QuestionChange) -> str:
        prefix = _demo_prefix(demonstration=change.state.demonstration)
        if isinstance(change.state, Tombstone):
            return f"{prefix}已撤下：{change.number}"
        question = change.state
        about = shortened(question.task_title, PROMISE) or question.subject or "一般"
        return f"{prefix}{question.kind}（{about}）：{shortened(question.text, QUESTION)}"

    def item_link(self, change: QuestionChange) -> str:
        return reverse("feedback:question", args=[change.number])

    def item_author_name(self, change: QuestionChange) -> str | None:
        return change.question.department if change.question else None

    def item_pubdate(self, change: QuestionChange) -> datetime | None:
        return change.question.published_at if change.question else None

    def item_updateddate(self, change: QuestionChange) -> datetime:
        return change.at


def _demo_prefix(*, demonstration: bool) -> str:
    return "演示 " if demonstration else ""
