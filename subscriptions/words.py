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
from subscriptions.items import ReportItem
from subscriptions.models import Event
from subscriptions.reminders.reminder import Reminder
from subscriptions.reminders.reports import ReminderSchedule
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
    sections = defaultdict(list)
    for reminder, words in sorted(lines, key=lambda pair: Event.values.index(pair[0].event)):
        sections[heading(reminder, schedule)].append(line(reminder, words))
    count = sum(len(lines) for lines in sections.values())
    demo = "（演示）" if any(reminder.demonstration for reminder, _ in lines) else ""
    parts = [f"{person.name}，您好："]
    parts += ["\n".join([title, *lines]) for title, lines in sections.items()]
    parts += [f"工作台：{absolute(reverse('workspace:home'))}", CLOSING]
    name = settings.SITE["name"]
    return f"{name}{demo}：您有 {count} 件事要办", "\n\n".join([*parts, f"{name}"]) + "\n"


def heading(reminder: Reminder, schedule: ReminderSchedule) -> str:
    """The heading under which a mail lists the reminder."""
    period = reminder.period
    demo = "（演示）" if reminder.demonstration else ""
    if reminder.slip:
        return (
            f"【{Event(reminder.event).label}】{reminder.slip.serial}{demo}，"
            f"{_slip_day(reminder.slip, schedule)}"
        )
    if reminder.ticket:
        return f"【{Event(reminder.event).label}】{demo}{_ticket_day(reminder.ticket, schedule)}"
    parts = [f"【{Event(reminder.event).label}】{period.plan.name} {period.label}{demo}"]
    if reminder.event == Event.RELEASE_WARNING:
        parts.append(f"计划{cn_date(period.release_on)}公布")
    elif reminder.due_on:
        kind = {Event.REVIEW_DUE: "核查", Event.COORDINATION_DUE: "落实"}.get(
            reminder.event, "报送"
        )
        parts.append(
            f"{cn_date(reminder.due_on)}{kind}截止，{days_left(schedule, reminder.due_on)}"
        )
    elif reminder.event == Event.PERIOD_OPENED:
        parts.append(f"{cn_date(period.due_on)}报送截止")
    return "，".join(parts)


def _slip_day(slip: SupervisionSlip, schedule: ReminderSchedule) -> str:
    return (
        f"{level_of(slip.level).word}，{cn_date(slip.due_on)}前回复，"
        f"{days_left(schedule, slip.due_on)}"
    )


def _ticket_day(ticket: Ticket, schedule: ReminderSchedule) -> str:
    if ticket.status == TicketStatus.NEEDS_MORE:
        return "等来信人补充，期限停算"
    return f"{cn_date(ticket.due_on)}前答复，{days_left(schedule, ticket.due_on)}"


def line(reminder: Reminder, words: str) -> str:
    """One line of a mail, with the address to open."""
    if reminder.slip:
        task = reminder.slip.task
        return (
            f"- {task.code} {task.title}：{words}\n  {absolute(reminder.slip.get_absolute_url())}"
        )
    if reminder.ticket:
        ticket = reminder.ticket
        return (
            f"- {ticket.get_kind_display()} {ticket.number}：{words}\n "
            f" {absolute(address(reminder))}"
        )
    if reminder.coordination:
        task = reminder.coordination.task
        return f"- {task.code} {task.title}：{words}\n  {absolute(address(reminder))}"
    if reminder.item is None:
        return f"- {words}\n  {absolute(address(reminder))}"
    task = reminder.item.task
    return (
        f"- {task.code} {task.title}：{words}{consequence(reminder)}\n "
        f" {absolute(address(reminder))}"
    )


def consequence(reminder: Reminder) -> str:
    """What the public will read, and what can still be done about it."""
    item = reminder.item
    if reminder.event == Event.REPORT_RETURNED:
        return "。请看退回理由，修改后重新报送"
    if reminder.event != Event.RELEASE_WARNING:
        return (
            "。已送审签，还没有签" if reminder.event == Event.REPORT_DUE and item.is_signing else ""
        )
    if item.is_returned:
        return "。现在公布会写明“退回修改中”，请修改后重新报送"
    helps = "请尽快审签" if item.is_signing else "请尽快报送"
    if not item.is_accepting:
        helps = "填报已截止，需要补报请联系督查室"
    return f"。现在公布会写明“未报送”，{helps}"


def address(reminder: Reminder) -> str:
    """The page on which the reminded step is taken."""
    period = reminder.period
    if reminder.coordination:
        return reverse("supervision:coordination-item", args=[reminder.coordination.pk])
    if reminder.ticket:
        return reverse("staff_feedback:ticket", args=[reminder.ticket.number])
    if reminder.item:
        return reverse(
            "workspace:report", args=[reminder.item.task.code, period.year, period.index]
        )
    if reminder.event == Event.FILE_LATE:
        return reverse("workspace:reports") + "#late"
    if reminder.event == Event.RELEASE_READY:
        return reverse("workspace:release", args=[period.plan.slug, period.year, period.index])
    if reminder.event == Event.CORRECTION_PROPOSED:
        return reverse("workspace:requests")
    return reverse(
        "workspace:review-queue" if reminder.event == Event.REVIEW_DUE else "workspace:home"
    )


def chase_text(
    period: ReportingPeriod, owed: dict[str, list[ReportItem]], schedule: ReminderSchedule
) -> str:
    """A text for a work group. `owed`: unit with its people, in words -> what it has not filed."""
    tasks = {item.task.pk for items in owed.values() for item in items}
    demo = "（演示）" if period.demonstration else ""
    head = f"【催报】{period.plan.name} {period.label}{demo}进展"
    when = f"报送截止{cn_date(period.due_on)}，{days_left(schedule, period.due_on)}。"
    if period.state == PeriodState.CLOSED:
        when = f"填报已截止，计划{cn_date(period.release_on)}公布，没有报送的会写明“未报送”。"
    count = f"截至{cn_date(schedule.day)}，还有 {len(owed)} 个单位、{len(tasks)} 项没有报送："
    unit_lines = [f"{unit}：{'；'.join(map(_task_text, items))}" for unit, items in owed.items()]
    lines = [f"{number}. {words}" for number, words in enumerate(unit_lines, 1)]
    return "\n".join(
        [head, when, count, *lines, f"请登录 {absolute(reverse('workspace:home'))} 填报。"]
    )


def _task_text(item: ReportItem) -> str:
    stage = "（退回修改中）" if item.is_returned else "（部门审签中）" if item.is_signing else ""
    own_day = "" if item.due_on == item.period.due_on else f"（截止{cn_date(item.due_on)}）"
    return f"{item.task.code} {item.task.title}{stage}{own_day}"
