"""What a reminder says, made from the rows as they are when it is sent. Plain text; never a report's own words."""

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
from subscriptions.reminders.reminder import Matter
from subscriptions.reminders.reports import Standing
from supervision.models import SupervisionSlip
from supervision.rules.slip_levels import level_of

# One line of a mail: the matter, and what it is for this person
Said = tuple[Matter, str]
CLOSING = "这是系统发出的提醒，请不要直接回复。同一件事同一时点只提醒一次，一天最多一封。"


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def days_left(standing: Standing, due_on: date) -> str:
    passed = standing.days_after(due_on)
    if standing.day == due_on:
        return "今天截止"
    if standing.day < due_on:
        return f"还有 {-passed} 个工作日" if passed else "中间没有工作日了"
    return f"已过 {passed} 个工作日" if passed else "已过截止日"


def digest(person: User, said: Iterable[Said], standing: Standing) -> tuple[str, str]:
    """(subject, text) of the one mail that carries all of it."""
    sections = defaultdict(list)
    for matter, words in sorted(said, key=lambda pair: Event.values.index(pair[0].event)):
        sections[heading(matter, standing)].append(line(matter, words))
    count = sum(len(lines) for lines in sections.values())
    demo = "（演示）" if any(matter.demonstration for matter, _ in said) else ""
    parts = [f"{person.name}，您好："]
    parts += ["\n".join([title, *lines]) for title, lines in sections.items()]
    parts += [f"工作台：{absolute(reverse('workspace:home'))}", CLOSING]
    name = settings.SITE["name"]
    return f"{name}{demo}：您有 {count} 件事要办", "\n\n".join([*parts, f"{name}"]) + "\n"


def heading(matter: Matter, standing: Standing) -> str:
    period = matter.period
    demo = "（演示）" if matter.demonstration else ""
    if matter.slip:
        return f"【{Event(matter.event).label}】{matter.slip.serial}{demo}，{_slip_day(matter.slip, standing)}"
    if matter.ticket:
        return f"【{Event(matter.event).label}】{demo}{_ticket_day(matter.ticket, standing)}"
    parts = [f"【{Event(matter.event).label}】{period.plan.name} {period.label}{demo}"]
    if matter.event == Event.RELEASE_WARNING:
        parts.append(f"计划{cn_date(period.release_on)}公布")
    elif matter.due_on:
        kind = {Event.REVIEW_DUE: "核查", Event.COORDINATION_DUE: "落实"}.get(matter.event, "报送")
        parts.append(f"{cn_date(matter.due_on)}{kind}截止，{days_left(standing, matter.due_on)}")
    elif matter.event == Event.PERIOD_OPENED:
        parts.append(f"{cn_date(period.due_on)}报送截止")
    return "，".join(parts)


def _slip_day(slip: SupervisionSlip, standing: Standing) -> str:
    return f"{level_of(slip.level).word}，{cn_date(slip.due_on)}前回复，{days_left(standing, slip.due_on)}"


def _ticket_day(ticket: Ticket, standing: Standing) -> str:
    if ticket.status == TicketStatus.NEEDS_MORE:
        return "等来信人补充，期限停算"
    return f"{cn_date(ticket.due_on)}前答复，{days_left(standing, ticket.due_on)}"


def line(matter: Matter, words: str) -> str:
    if matter.slip:
        task = matter.slip.task
        return f"- {task.code} {task.title}：{words}\n  {absolute(matter.slip.get_absolute_url())}"
    if matter.ticket:
        ticket = matter.ticket
        return f"- {ticket.get_kind_display()} {ticket.number}：{words}\n  {absolute(address(matter))}"
    if matter.coordination:
        task = matter.coordination.task
        return f"- {task.code} {task.title}：{words}\n  {absolute(address(matter))}"
    if matter.item is None:
        return f"- {words}\n  {absolute(address(matter))}"
    task = matter.item.task
    return f"- {task.code} {task.title}：{words}{consequence(matter)}\n  {absolute(address(matter))}"


def consequence(matter: Matter) -> str:
    """What the public will read, and what can still be done about it."""
    item = matter.item
    if matter.event == Event.REPORT_RETURNED:
        return "。请看退回理由，修改后重新报送"
    if matter.event != Event.RELEASE_WARNING:
        return "。已送审签，还没有签" if matter.event == Event.REPORT_DUE and item.signing else ""
    if item.returned:
        return "。现在公布会写明“退回修改中”，请修改后重新报送"
    helps = "请尽快审签" if item.signing else "请尽快报送"
    return f"。现在公布会写明“未报送”，{helps if item.takes else '填报已截止，需要补报请联系督查室'}"


def address(matter: Matter) -> str:
    period = matter.period
    if matter.coordination:
        return reverse("supervision:coordination-item", args=[matter.coordination.pk])
    if matter.ticket:
        return reverse("staff_feedback:ticket", args=[matter.ticket.number])
    if matter.item:
        return reverse("workspace:report", args=[matter.item.task.code, period.year, period.index])
    if matter.event == Event.FILE_LATE:
        return reverse("workspace:reports") + "#late"
    if matter.event == Event.RELEASE_READY:
        return reverse("workspace:release", args=[period.plan.slug, period.year, period.index])
    if matter.event == Event.CORRECTION_PROPOSED:
        return reverse("workspace:requests")
    return reverse("workspace:review-queue" if matter.event == Event.REVIEW_DUE else "workspace:home")


def chase_text(period: ReportingPeriod, owed: dict[str, list[ReportItem]], standing: Standing) -> str:
    """For a work group: `owed` is a unit with its people in words -> what it has not handed in."""
    tasks = {item.task.pk for items in owed.values() for item in items}
    demo = "（演示）" if period.demonstration else ""
    head = f"【催报】{period.plan.name} {period.label}{demo}进展"
    when = f"报送截止{cn_date(period.due_on)}，{days_left(standing, period.due_on)}。"
    if period.state == PeriodState.CLOSED:
        when = f"填报已截止，计划{cn_date(period.release_on)}公布，没有报送的会写明“未报送”。"
    count = f"截至{cn_date(standing.day)}，还有 {len(owed)} 个单位、{len(tasks)} 项没有报送："
    named = [f"{unit}：{'；'.join(map(_named, items))}" for unit, items in owed.items()]
    lines = [f"{number}. {words}" for number, words in enumerate(named, 1)]
    return "\n".join([head, when, count, *lines, f"请登录 {absolute(reverse('workspace:home'))} 填报。"])


def _named(item: ReportItem) -> str:
    stage = "（退回修改中）" if item.returned else "（部门审签中）" if item.signing else ""
    own_day = "" if item.due_on == item.period.due_on else f"（截止{cn_date(item.due_on)}）"
    return f"{item.task.code} {item.task.title}{stage}{own_day}"
