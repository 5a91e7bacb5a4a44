"""会议材料: what changed since the last meeting, on one page of A4; page and document read the same sentences."""

from collections.abc import Iterable
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
from workspace.read_models.oversight import Oversight, asked_of, newest_known, oversight

# So many lines fit on the page with all its headings, two for a sentence; what does not fit is counted in one more.
ROOM, LENGTH = 28, 60


@dataclass(frozen=True)
class MeetingPart:
    """One chapter: `shown` of all its sentences fit."""

    title: str
    measure: str
    sentences: list[str]
    shown: int = 0

    @property
    def lines(self) -> list[str]:
        return self.sentences[: self.shown]

    @property
    def heading(self) -> str:
        """新落后的 3 项；没有。"""
        count = len(self.sentences)
        return f"{self.title}：{f'{count} {self.measure}' if count else '没有'}"

    @property
    def left(self) -> str:
        more = len(self.sentences) - self.shown
        return f"另有 {more} {self.measure}，见总览。" if more > 0 else ""


@dataclass(frozen=True)
class Meeting:
    since: date
    day: date
    # Why since that day: the last meeting, the last release, or a day somebody asked for.
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
            f"{now.asked} 项任务中，已报送 {now.reported} 项；落后 {len(now.behind)} 项，"
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
    """A constant number of queries."""
    today = local_day(at)
    day, reason = (since, "指定日期") if since else last_meeting()
    day, reason = (day, reason) if day else (date(today.year, 1, 1), "今年")
    rows = status_rows(at=at)
    items = [item_line(row, today) for row in CoordinationItem.objects.visible_to(user).with_related().order_by("pk")]
    waiting = sum(line.item.state == CoordinationState.RAISED for line in items)
    parts = fitted([*_about_tasks(rows, day), *_about_items(items, day)])
    demo = any(place.period.demonstration for place in [*rows, *items])
    return Meeting(day, today, reason, oversight(rows), waiting, parts, demo)


def fitted(parts: list[MeetingPart], room: int = ROOM) -> list[MeetingPart]:
    """As many sentences of each as there is room for, in lines, none preferred before the others."""
    share = 1
    while share < room and _lines(parts, share + 1) <= room:
        share += 1
    return [replace(part, shown=min(len(part.sentences), share)) for part in parts]


def _lines(parts: list[MeetingPart], share: int) -> int:
    return sum(2 * min(len(part.sentences), share) + (len(part.sentences) > share) for part in parts)


def _about_tasks(rows: list[TaskStatusRow], since: date) -> list[MeetingPart]:
    """A word that came to be after the day and was another the quarter before."""
    changed = [row for row in newest_known(asked_of(rows, None)) if row.since > since]
    behind = [row for row in changed if row.behind and row.before not in BEHIND]
    done = [row for row in changed if row.state == State.DONE and row.before != State.DONE]
    silent = [row for row in changed if row.unreported and row.before not in UNREPORTED]
    titled = {"新落后的": behind, "新完成的": done, "新逾期未报送的": silent}
    return [MeetingPart(title, "项", [_of_task(row) for row in found]) for title, found in titled.items()]


def _of_task(row: TaskStatusRow) -> str:
    units = "、".join(unit.short_name for unit in row.units) or "责任单位待确认"
    late = f"，逾期 {row.overdue} 天" if row.overdue else ""
    kept = "（未公布）" if row.unreleased else ""
    why = "" if row.state == State.DONE else f"。{row.why}"
    return shortened(f"{shortened(row.task.title, 22)}（{units}）：{row.chip.label}{kept}{late}{why}", LENGTH)


def _about_items(items: list[ItemLine], since: date) -> list[MeetingPart]:
    states = CoordinationState
    held = {state: [line for line in items if line.item.state == state] for state in states}
    decided = sorted(held[states.DECIDED], key=lambda line: line.item.due_on)
    closed = [line for line in held[states.CLOSED] if local_day(line.item.closed_at) >= since]
    titled = {
        "请会议决定的": held[states.RAISED],
        "这期间决定的": [line for line in decided if line.item.decided_on >= since],
        "以前决定、还没有落实的": [line for line in decided if line.item.decided_on < since],
        "这期间办结的": closed,
    }
    return [MeetingPart(title, "件", list(_of_items(found))) for title, found in titled.items()]


def _of_items(lines: Iterable[ItemLine]) -> Iterable[str]:
    for line in lines:
        item = line.item
        unit = item.owner or item.department
        who = f"{unit.short_name}{f'{cn_date(item.due_on)}前落实' if item.due_on else '提出'}"
        late = f"，逾期 {line.overdue} 天" if line.overdue else ""
        yield shortened(f"{shortened(line.task.title, 18)}（{who}{late}）：{line.words}", LENGTH)
