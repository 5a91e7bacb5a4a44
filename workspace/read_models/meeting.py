"""会议材料: what changed since the last meeting, on one page of A4."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max

from common.text.wording import cn_date, shortened
from common.time.days import local_day
from departments.models import User
from progress.choices import State
from progress.models import ReportingPeriod
from publishing.read_models.public_status import BEHIND, UNREPORTED
from supervision.choices import CoordinationState
from supervision.models import CoordinationItem
from supervision.read_models.coordination import ItemLine, item_line
from workspace.read_models.internal_status import TaskStatusRow, status_rows
from workspace.read_models.oversight import Oversight, newest_known, oversight, rows_due

# So many lines fit below the headings: two for a sentence, one to count what is left out.
ROOM = 28
# Characters of a sentence that fit into two lines.
LENGTH = 60


@dataclass(frozen=True)
class MeetingPart:
    """One chapter: as many of its sentences as `fitting` says have room on the page."""

    title: str
    measure: str
    sentences: list[str]
    fitting: int = 0

    @property
    def lines(self) -> list[str]:
        return self.sentences[: self.fitting]

    @property
    def heading(self) -> str:
        """The title with the count: 新落后的：3 项, or 新落后的：没有."""
        count = len(self.sentences)
        return f"{self.title}：{f'{count} {self.measure}' if count else '没有'}"

    @property
    def left(self) -> str:
        """How many sentences had no room; empty if all had."""
        more = len(self.sentences) - self.fitting
        return f"另有 {more} {self.measure}，见总览。" if more > 0 else ""


@dataclass(frozen=True)
class Meeting:
    """The paper for a meeting on `day`: the figures of that day and what changed after `since`."""

    since: date
    day: date
    # What happened on that day: the last meeting, the last release, or a day somebody chose.
    reason: str
    now: Oversight
    waiting: int
    parts: list[MeetingPart]
    demonstration: bool

    @property
    def title(self) -> str:
        return f"{'【演示】' if self.demonstration else ''}承诺事项推进情况"

    @property
    def between(self) -> str:
        """From when to when, and why from then."""
        return f"{cn_date(self.since)}（{self.reason}）至{cn_date(self.day)}的变化"

    @property
    def in_words(self) -> str:
        now = self.now
        unreleased = f"其中 {now.unreleased} 项未公布，" if now.unreleased else ""
        return (
            f"{now.due} 项任务中，已报送 {now.reported} 项；落后 {len(now.behind)} 项，"
            f"未报送 {now.silent_units} 家（{len(now.unreported)} 项），{unreleased}"
            f"待决定 {self.waiting} 件。"
        )


def last_meeting() -> tuple[date | None, str]:
    """The day of the last decision recorded, else of the last release."""
    decided = CoordinationItem.objects.aggregate(day=Max("decided_on"))["day"]
    if decided:
        return decided, "上次会议"
    released = ReportingPeriod.objects.released().quarters().aggregate(at=Max("released_at"))["at"]
    return (local_day(released), "上次公布") if released else (None, "")


def meeting(user: User, *, at: datetime, since: date | None = None) -> Meeting:
    """The paper as of `at`, with what changed after the day `since`, or else the last meeting.

    A constant number of queries.
    """
    today = local_day(at)
    day, reason = (since, "指定日期") if since else last_meeting()
    day, reason = (day, reason) if day else (date(today.year, 1, 1), "今年")
    rows = status_rows(at=at)
    items = [
        item_line(row, today)
        for row in CoordinationItem.objects.visible_to(user).with_related().order_by("pk")
    ]
    waiting = sum(line.item.state == CoordinationState.RAISED for line in items)
    parts = fitted([*_about_tasks(rows, day), *_about_items(items, day)])
    demo = any(line.period.demonstration for line in [*rows, *items])
    return Meeting(day, today, reason, oversight(rows), waiting, parts, demo)


def fitted(parts: list[MeetingPart], room: int = ROOM) -> list[MeetingPart]:
    """As many sentences of each part as fit into `room` lines, shared out evenly."""
    share = 1
    while share < room and _line_count(parts, share + 1) <= room:
        share += 1
    return [replace(part, fitting=min(len(part.sentences), share)) for part in parts]


def _line_count(parts: list[MeetingPart], share: int) -> int:
    return sum(
        2 * min(len(part.sentences), share) + (len(part.sentences) > share) for part in parts
    )


def _about_tasks(rows: list[TaskStatusRow], since: date) -> list[MeetingPart]:
    """Tasks whose state changed after the day and was another one the quarter before."""
    changed = [row for row in newest_known(rows_due(rows, None)) if row.since > since]
    behind = [row for row in changed if row.behind and row.before not in BEHIND]
    done = [row for row in changed if row.state == State.DONE and row.before != State.DONE]
    silent = [row for row in changed if row.unreported and row.before not in UNREPORTED]
    titled = {"新落后的": behind, "新完成的": done, "新逾期未报送的": silent}
    return [
        MeetingPart(title, "项", [_task_sentence(row) for row in listed])
        for title, listed in titled.items()
    ]


def _task_sentence(row: TaskStatusRow) -> str:
    units = "、".join(unit.short_name for unit in row.units) or "责任单位待确认"
    late = f"，逾期 {row.overdue} 天" if row.overdue else ""
    unpublished = "（未公布）" if row.unreleased else ""
    why = "" if row.state == State.DONE else f"。{row.why}"
    return shortened(
        f"{shortened(row.task.title, 22)}（{units}）：{row.chip.label}{unpublished}{late}{why}",
        LENGTH,
    )


def _about_items(items: list[ItemLine], since: date) -> list[MeetingPart]:
    states = CoordinationState
    by_state = {state: [line for line in items if line.item.state == state] for state in states}
    decided = sorted(by_state[states.DECIDED], key=lambda line: line.item.due_on)
    closed = [line for line in by_state[states.CLOSED] if local_day(line.item.closed_at) >= since]
    titled = {
        "请会议决定的": by_state[states.RAISED],
        "这期间决定的": [line for line in decided if line.item.decided_on >= since],
        "以前决定、还没有落实的": [line for line in decided if line.item.decided_on < since],
        "这期间办结的": closed,
    }
    return [
        MeetingPart(title, "件", [_item_sentence(line) for line in listed])
        for title, listed in titled.items()
    ]


def _item_sentence(line: ItemLine) -> str:
    item = line.item
    unit = item.owner or item.department
    who = f"{unit.short_name}{f'{cn_date(item.due_on)}前落实' if item.due_on else '提出'}"
    late = f"，逾期 {line.overdue} 天" if line.overdue else ""
    return shortened(f"{shortened(line.task.title, 18)}（{who}{late}）：{line.words}", LENGTH)
