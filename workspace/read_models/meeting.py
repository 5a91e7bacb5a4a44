"""会议材料: what changed since the last meeting, on one page of A4."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from django.db.models import Max

from common.text.wording import cn_date, shortened
from common.time.days import local_day
from departments.models import User
from progress.choices import State
from progress.models import ReportingPeriod
from publishing.read_models.public_status import SELF_VOICE
from supervision.choices import CoordinationState
from supervision.models import CoordinationItem
from supervision.read_models.coordination import ItemLine, item_line
from workspace.read_models.internal_status import TaskStatusRow, status_rows
from workspace.read_models.oversight import (
    Oversight,
    newest_known,
    oversight,
    quarters_in_words,
    rows_due,
)

# So many lines fit below the headings: two for a sentence, one to count what is left out. A rare
# part takes the line of its heading from them.
ROOM = 27
CHOSEN = "指定日期"
# Characters of a sentence that fit into two lines.
LENGTH = 60


@dataclass(frozen=True)
class MeetingPart:
    """One chapter: as many of its sentences as `fitting` says have room on the page."""

    title: str
    measure: str
    sentences: list[str]
    fitting: int = 0
    # How many of the sentences rest on the unit's own word.
    self_assessed: int = 0

    @property
    def lines(self) -> list[str]:
        return self.sentences[: self.fitting]

    @property
    def heading(self) -> str:
        """The title with the count: 新落后的：3 项, or 新落后的：没有."""
        count = len(self.sentences)
        own = self.self_assessed
        voice = f"（其中 {own} {self.measure}{SELF_VOICE}）" if own else ""
        return f"{self.title}：{f'{count} {self.measure}{voice}' if count else '没有'}"

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
    def chosen(self) -> bool:
        """Whether somebody chose the first day."""
        return self.reason == CHOSEN

    @property
    def between(self) -> str:
        """From when to when, and why from then."""
        return f"{cn_date(self.since)}（{self.reason}）至{cn_date(self.day)}的变化"

    @property
    def in_words(self) -> str:
        now = self.now
        troubles = [
            f"落后 {len(now.behind)} 项{_in_brackets(now.quarters['behind'])}",
            f"未报送 {len(now.unreported)} 项{_in_brackets(now.quarters['unreported'])}"
            f"{_silent_units(now)}",
            f"退回修改中 {len(now.returned)} 项{_in_brackets(now.quarters['returned'])}",
        ]
        if now.closed_early:
            also = f"，其中 {now.carried} 项按上次所知另计" if now.carried else ""
            troubles.append(f"提前截止时未报送 {_count(now.closed_early)}{also}")
        if now.unreleased:
            troubles.append(f"以上其中 {now.unreleased} 项未公布")
        return (
            f"{now.due} 项任务中，已报送 {_count(now.filed)}；{'；'.join(troubles)}。"
            f"待报送 {now.awaited_count} 项{_awaited_days(now)}；待决定 {self.waiting} 件。"
        )


def _count(rows: list[TaskStatusRow]) -> str:
    """How many there are, and of which quarters."""
    return f"{len(rows)} 项{_in_brackets(quarters_in_words(rows))}"


def _in_brackets(words: str) -> str:
    return f"（{words}）" if words else ""


def _silent_units(now: Oversight) -> str:
    return f"，{now.silent_units} 个牵头单位" if now.unreported else ""


def _awaited_days(now: Oversight) -> str:
    """Until when the awaited reports may come, in words."""
    days = [
        f"{period.label} {count} 项，{cn_date(period.due_on)}截止" for period, count in now.awaited
    ]
    return f"（{'；'.join(days)}）" if days else ""


def last_meeting() -> tuple[date | None, str]:
    """The day of the last decision recorded, else of the last release."""
    decided = CoordinationItem.objects.aggregate(day=Max("decided_on"))["day"]
    if decided:
        return decided, "上次会议"
    released = ReportingPeriod.objects.released().quarters().aggregate(at=Max("released_at"))["at"]
    return (local_day(released), "上次公布") if released else (None, "")


def _reported_since(since: date | None, today: date) -> tuple[date, str]:
    """The day after which changes are reported, and why from then."""
    if since:
        return since, CHOSEN
    day, reason = last_meeting()
    return (day, reason) if day else (date(today.year, 1, 1), "今年")


def meeting(user: User, *, at: datetime, since: date | None = None) -> Meeting:
    """The paper as of `at`, with what changed after the day `since`, or else the last meeting.

    A constant number of queries.
    """
    today = local_day(at)
    day, reason = _reported_since(since, today)
    rows = status_rows(at=at)
    items = _item_lines(user, today)
    periods = [row.period for row in rows] + [line.period for line in items]
    return Meeting(
        since=day,
        day=today,
        reason=reason,
        now=oversight(rows),
        waiting=sum(line.item.state == CoordinationState.RAISED for line in items),
        parts=_parts(rows, items, day),
        demonstration=any(period.demonstration for period in periods),
    )


def _parts(rows: list[TaskStatusRow], items: list[ItemLine], since: date) -> list[MeetingPart]:
    parts = [*_about_tasks(rows, since), *_about_items(items, since)]
    return fitted(parts, ROOM - sum(part.title in RARE_PARTS for part in parts))


def _item_lines(user: User, today: date) -> list[ItemLine]:
    rows = CoordinationItem.objects.visible_to(user).with_related().order_by("pk")
    return [item_line(row, today) for row in rows]


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


# Title -> which of the tasks whose state has changed belong there.
TASK_PARTS: dict[str, Callable[[TaskStatusRow], bool]] = {
    "新落后的": attrgetter("newly_behind"),
    "新完成的": attrgetter("newly_done"),
    "新逾期未报送的": attrgetter("newly_unreported"),
    "新退回修改的": attrgetter("newly_returned"),
    "提前截止时未报送的": attrgetter("closed_early"),
}
# These parts stand on the page only with something in them: most quarters know nothing of them.
RARE_PARTS = ["新退回修改的", "提前截止时未报送的"]


def _about_tasks(rows: list[TaskStatusRow], since: date) -> list[MeetingPart]:
    """Tasks whose state changed after the day and was another one the quarter before."""
    known = newest_known(rows_due(rows, None))
    # What was new of a quarter before stays new when the next one is closed early.
    told = [*known, *filter(None, (row.last for row in known))]
    changed = [row for row in told if row.since > since]
    parts = [
        _task_part(title, list(filter(belongs, changed))) for title, belongs in TASK_PARTS.items()
    ]
    return [part for part in parts if part.sentences or part.title not in RARE_PARTS]


def _task_part(title: str, rows: list[TaskStatusRow]) -> MeetingPart:
    own = sum(row.voice == SELF_VOICE for row in rows)
    return MeetingPart(title, "项", [_task_sentence(row) for row in rows], self_assessed=own)


def _task_sentence(row: TaskStatusRow) -> str:
    units = "、".join(unit.short_name for unit in row.units) or "责任单位待确认"
    beside = _in_brackets("；".join(_reservations(row)))
    last = f" · {row.last_known}" if row.last_known else ""
    state = f"{row.chip.label}{beside}{last}{_late_in_words(row.overdue)}"
    why = "" if row.state == State.DONE else f"。{row.why}"
    return shortened(f"{shortened(row.task.title, 22)}（{units}）：{state}{why}", LENGTH)


def _reservations(row: TaskStatusRow) -> list[str]:
    """What keeps the state from being a public verdict of the supervisors."""
    reasons = [(SELF_VOICE, row.voice == SELF_VOICE), ("未公布", row.unreleased)]
    return [words for words, applies in reasons if applies]


def _late_in_words(days: int) -> str:
    return f"，逾期 {days} 天" if days else ""


def _is_to_decide(item: CoordinationItem, _since: date) -> bool:
    """Whether it waits for a decision, since whenever."""
    return item.state == CoordinationState.RAISED


def _was_decided(item: CoordinationItem, since: date) -> bool:
    """Whether it was decided since that day and is still to be carried out."""
    return item.is_decided and item.decided_on is not None and item.decided_on >= since


def _was_decided_before(item: CoordinationItem, since: date) -> bool:
    """Whether it was decided before that day and is still to be carried out."""
    return item.is_decided and item.decided_on is not None and item.decided_on < since


def _was_closed(item: CoordinationItem, since: date) -> bool:
    """Whether it was closed since that day."""
    return item.closed_at is not None and local_day(item.closed_at) >= since


# Title -> which items belong there, given the day since which the paper reports.
ITEM_PARTS: dict[str, Callable[[CoordinationItem, date], bool]] = {
    "请会议决定的": _is_to_decide,
    "这期间决定的": _was_decided,
    "以前决定、还没有落实的": _was_decided_before,
    "这期间办结的": _was_closed,
}


def _about_items(items: list[ItemLine], since: date) -> list[MeetingPart]:
    """Decided items by the day they are due, the others as they were raised."""
    ordered = sorted(items, key=_due_day_of_decided)
    return [
        MeetingPart(
            title, "件", [_item_sentence(line) for line in ordered if belongs(line.item, since)]
        )
        for title, belongs in ITEM_PARTS.items()
    ]


def _due_day_of_decided(line: ItemLine) -> date:
    item = line.item
    return item.due_on if item.is_decided and item.due_on else date.min


def _item_sentence(line: ItemLine) -> str:
    item = line.item
    unit = item.owner or item.department
    who = f"{unit.short_name}{f'{cn_date(item.due_on)}前落实' if item.due_on else '提出'}"
    late = _late_in_words(line.overdue)
    return shortened(f"{shortened(line.task.title, 18)}（{who}{late}）：{line.words}", LENGTH)
