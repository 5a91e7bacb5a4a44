"""The texts of reminders, made when they are sent from the rows as they are then. Plain text,
never a report's own words.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from common.text.wording import cn_date
from departments.models import User
from feedback.choices import TicketStatus
from feedback.models import Ticket
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem
from publishing.actions.objections import FILING
from subscriptions.models import ONLY_TOLD, Event
from subscriptions.reminders.reminder import (
    CoordinationReminder,
    ObjectionReminder,
    PeriodReminder,
    Reminder,
    ReportReminder,
    SlipReminder,
    TicketReminder,
)
from subscriptions.reminders.schedule import ReminderSchedule
from supervision.models import SupervisionSlip
from supervision.rules.slip_levels import level_of

# One line of a mail: the matter, and what it is for this person
ReminderLine = tuple[Reminder, str]
CLOSING = "这是系统发出的提醒，请不要直接回复。同一件事同一时点只提醒一次，一天最多一封。"


def absolute(path: str) -> str:
    """The full address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def days_left(schedule: ReminderSchedule, due_on: date) -> str:
    """How many working days are left to the due day, or have passed since."""
    passed = schedule.days_after(due_on)
    if schedule.day == due_on:
        return "今天截止"
    if schedule.day < due_on:
        return f"还有 {-passed} 个工作日" if passed else "中间没有工作日了"
    return f"已过 {passed} 个工作日" if passed else "已过截止日"


def digest(
    person: User, lines: Iterable[ReminderLine], schedule: ReminderSchedule
) -> tuple[str, str]:
    """Subject and text of the one mail that carries all the lines."""
    lines = list(lines)
    sections = _sections(lines, schedule)
    parts = [f"{person.name}，您好："]
    parts += ["\n".join([title, *section]) for title, section in sections.items()]
    parts += [f"工作台：{absolute(reverse('workspace:home'))}", CLOSING]
    name = settings.SITE["name"]
    demo = _demo_mark(demonstration=any(reminder.demonstration for reminder, _ in lines))
    return f"{name}{demo}：{_count_in_words(lines)}", "\n\n".join([*parts, f"{name}"]) + "\n"


def _count_in_words(lines: list[ReminderLine]) -> str:
    """How much there is to do; news are counted apart, so that nobody looks for a task in them."""
    news = sum(reminder.event in ONLY_TOLD for reminder, _ in lines)
    to_do = len(lines) - news
    if not to_do:
        return f"有 {news} 件事告诉您"
    return f"您有 {to_do} 件事要办" + (f"，另有 {news} 件事告诉您" if news else "")


def _sections(lines: list[ReminderLine], schedule: ReminderSchedule) -> dict[str, list[str]]:
    """Heading -> its lines, in the order of the events."""
    sections: dict[str, list[str]] = defaultdict(list)
    for reminder, words in sorted(lines, key=lambda pair: Event.values.index(pair[0].event)):
        sections[heading(reminder, schedule)].append(line(reminder, words))
    return sections


def _demo_mark(*, demonstration: bool) -> str:
    return "（演示）" if demonstration else ""


def heading(reminder: Reminder, schedule: ReminderSchedule) -> str:
    """The heading under which a mail lists the reminder."""
    label, demo = f"【{reminder.event.label}】", _demo_mark(demonstration=reminder.demonstration)
    if isinstance(reminder, SlipReminder):
        return f"{label}{reminder.slip.serial}{demo}，{_slip_day(reminder.slip, schedule)}"
    if isinstance(reminder, TicketReminder):
        return f"{label}{demo}{_ticket_day(reminder.ticket, schedule)}"
    period, day = reminder.period, _period_day(reminder, schedule)
    return f"{label}{period.plan.name} {period.label}{demo}" + (f"，{day}" if day else "")


# What has to be done by the due day; 报送 of any other event.
DUE_WORDS = {
    Event.REVIEW_DUE: "核查",
    Event.COORDINATION_DUE: "落实",
    Event.OBJECTION_DUE: "申请复核",
}


def _period_day(reminder: PeriodReminder, schedule: ReminderSchedule) -> str:
    """The day that counts for the event in words; empty where none does."""
    period, due_on = reminder.period, reminder.due_on
    if reminder.event == Event.RELEASE_WARNING:
        return f"计划{cn_date(period.release_on)}公布"
    if reminder.event == Event.CLOSED_EARLY:
        on = cn_date(period.closed_early_on) if period.closed_early_on else ""
        return f"{on}提前截止，原定{cn_date(period.due_on)}，没有报送的公布之后可以补报"
    if due_on:
        action = DUE_WORDS.get(reminder.event, "报送")
        return f"{cn_date(due_on)}{action}截止，{days_left(schedule, due_on)}"
    return f"{cn_date(period.due_on)}报送截止" if reminder.event == Event.PERIOD_OPENED else ""


def _slip_day(slip: SupervisionSlip, schedule: ReminderSchedule) -> str:
    level = level_of(slip.level).word
    if slip.due_on is None:
        return f"{level}，{slip.get_state_display()}"
    return f"{level}，{cn_date(slip.due_on)}前回复，{days_left(schedule, slip.due_on)}"


def _ticket_day(ticket: Ticket, schedule: ReminderSchedule) -> str:
    if ticket.status == TicketStatus.NEEDS_MORE:
        return "等来信人补充，期限停算"
    return f"{cn_date(ticket.due_on)}前答复，{days_left(schedule, ticket.due_on)}"


def line(reminder: Reminder, words: str) -> str:
    """One line of a mail, with the address to open."""
    if isinstance(reminder, ReportReminder):
        words += consequence(reminder)
    if isinstance(reminder, ObjectionReminder):
        words += f"。{reminder.publication.disagreement}，不同意的可以申请复核"
    return f"- {_matter(reminder)}{words}\n  {absolute(address(reminder))}"


def _matter(reminder: Reminder) -> str:
    """What the line is about: a letter, a task, or "" where the words say it."""
    if isinstance(reminder, TicketReminder):
        return f"{reminder.ticket.get_kind_display()} {reminder.ticket.number}："
    task = reminder.task
    return f"{task.code} {task.title}：" if task else ""


def consequence(reminder: ReportReminder) -> str:
    """What the public will read, and what can still be done about it."""
    if reminder.event == Event.REPORT_RETURNED:
        return "。请看退回理由，修改后重新报送"
    if reminder.event == Event.PART_NUDGED:
        due_on = cn_date(reminder.item.due_on)
        return f"。请在{due_on}前填写本单位部分；报送时仍未收到的，公布时写明未收到这个单位的部分"
    if reminder.event == Event.RELEASE_WARNING:
        return _consequence_at_release(reminder.item)
    if reminder.event == Event.VERDICT_DIFFERS:
        return f"。公布后 {FILING.days} 天内可以申请复核"
    is_waiting = reminder.event == Event.REPORT_DUE and reminder.item.is_signing
    return "。已送审签，还没有签" if is_waiting else ""


def _consequence_at_release(item: ReportItem) -> str:
    if item.is_returned:
        helps = "请修改后重新报送"
    elif not item.is_accepting:
        helps = "填报已截止，需要补报请联系督查室"
    else:
        helps = "请尽快审签" if item.is_signing else "请尽快报送"
    return f"。现在公布会写明“{item.silent_state.label}”，{helps}"


def address(reminder: Reminder) -> str:
    """The page on which the reminded step is taken."""
    if isinstance(reminder, SlipReminder):
        return reminder.slip.get_absolute_url()
    if isinstance(reminder, TicketReminder):
        return reverse("staff_feedback:ticket", args=[reminder.ticket.number])
    if isinstance(reminder, CoordinationReminder):
        return reverse("supervision:coordination-item", args=[reminder.coordination.pk])
    period = reminder.period
    if isinstance(reminder, ReportReminder | ObjectionReminder):
        return reverse("workspace:report", args=[reminder.task.code, period.year, period.index])
    return _address_of_event(reminder.event, period)


def _address_of_event(event: Event, period: ReportingPeriod) -> str:
    """The page of a step that concerns a whole period."""
    if event == Event.FILE_LATE:
        return reverse("workspace:reports") + "#late"
    if event == Event.RELEASE_READY:
        return reverse("workspace:release", args=[period.plan.slug, period.year, period.index])
    pages = {
        Event.CORRECTION_PROPOSED: "workspace:requests",
        Event.REVIEW_DUE: "workspace:review-queue",
    }
    return reverse(pages.get(event, "workspace:home"))


def chase_text(
    period: ReportingPeriod, owed: dict[str, list[ReportItem]], schedule: ReminderSchedule
) -> str:
    """A text for a work group; empty if nothing is owed.

    `owed`: unit with its people, in words -> what it has not filed.
    """
    if not owed:
        return ""
    demo = _demo_mark(demonstration=period.demonstration)
    head = f"【催报】{period.plan.name} {period.label}{demo}进展"
    items = [item for rows in owed.values() for item in rows]
    count = f"截至{cn_date(schedule.day)}，还有 {len(owed)} 个单位、{still_owed(items)}："
    unit_lines = [f"{unit}：{'；'.join(map(_task_text, items))}" for unit, items in owed.items()]
    lines = [f"{number}. {words}" for number, words in enumerate(unit_lines, 1)]
    return "\n".join(
        [
            head,
            _notice_day(period, items, schedule),
            count,
            *lines,
            f"请登录 {absolute(reverse('workspace:home'))} 填报。",
        ]
    )


def still_owed(items: Iterable[ReportItem]) -> str:
    """How many tasks were not reported on and how many reports are being improved, each apart."""
    returned = {item.task.pk: item.is_returned for item in items}
    back = sum(returned.values())
    silent = len(returned) - back
    words = [f"{silent} 项没有报送"] if silent or not back else []
    return "、".join([*words, f"{back} 项退回修改中"] if back else words)


def filing_day(period: ReportingPeriod, schedule: ReminderSchedule) -> str:
    """Until when a quarter takes reports, or since when it takes none."""
    if period.is_closed_early:
        on = cn_date(period.closed_early_on) if period.closed_early_on else ""
        return f"{on}提前截止（原定{cn_date(period.due_on)}）"
    due_on = f"{cn_date(period.due_on)}报送截止"
    is_open = period.state == PeriodState.OPEN
    return f"{due_on}，{days_left(schedule, period.due_on)}" if is_open else due_on


def _notice_day(
    period: ReportingPeriod, items: Iterable[ReportItem], schedule: ReminderSchedule
) -> str:
    if period.state == PeriodState.CLOSED:
        words = "”或“".join(dict.fromkeys(str(item.silent_state.label) for item in items))
        day = cn_date(period.release_on)
        return f"填报已截止，计划{day}公布，没有报送的会写明“{words}”。"
    return f"报送截止{cn_date(period.due_on)}，{days_left(schedule, period.due_on)}。"


def _task_text(item: ReportItem) -> str:
    stage = "（退回修改中）" if item.is_returned else "（部门审签中）" if item.is_signing else ""
    own_day = "" if item.due_on == item.period.due_on else f"（截止{cn_date(item.due_on)}）"
    return f"{item.task.code} {item.task.title}{stage}{own_day}"
