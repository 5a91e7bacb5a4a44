"""The workspace: what the person has to do today, over all rooms of the house."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.models import CalendarDay, User
from departments.permissions import can_maintain_reference_data
from departments.rules.holidays import calendar_reminder
from feedback.read_models.inbox import work_items_for
from progress.read_models.work_item import WorkItem
from supervision.read_models.proposals import proposals_for
from workspace.menu import rooms
from workspace.read_models import work_items as progress
from workspace.read_models.queues import late_quarters, review_queue


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    queue = review_queue(user)
    filing = progress.work_items_for(user, today, queue)
    work_items = sorted(
        [*filing, *work_items_for(user, today)], key=lambda work_item: (not work_item.returned, work_item.due_on)
    )
    ways_on = [] if work_items else rooms(user)[1:]
    work_items += _calendars_to_load(user, today)
    context = {"work_items": work_items, "others": queue.others, "today": today, "rooms": ways_on}
    context["late"] = late_quarters(user, today)
    context["proposals"] = proposals_for(user, today)
    context["many_to_file"] = progress.are_many(filing)
    return render(request, "staff/home.html", context)


def _calendars_to_load(user: User, today: date) -> list[WorkItem]:
    """What administrators owe the calendar: each missing year, due before it begins; one query."""
    if not can_maintain_reference_data(user):
        return []
    return [
        WorkItem(
            due_on=date(year - 1, 12, 31),
            title=f"录入 {year} 年工作日历",
            missing=calendar_reminder(year),
            url=reverse("admin:departments_calendarday_add"),
            verb="录入",
        )
        for year in CalendarDay.objects.missing_years(today)
    ]
