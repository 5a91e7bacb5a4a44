"""The home page of the staff: what the person has to do today, from all parts of the portal."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.http import StaffRequest
from departments.models import CalendarDay, User
from departments.permissions import can_maintain_reference_data, can_read_sign_ins
from departments.read_models.sign_ins import failures_of_day
from departments.rules.holidays import calendar_reminder
from feedback.read_models import inbox, mails
from progress.read_models.work_item import WorkItem
from supervision.read_models.proposals import proposals_for
from workspace.menu import entries_for
from workspace.read_models.outcomes import outcomes_for
from workspace.read_models.queues import early_closing_news, late_quarters, review_queue
from workspace.read_models.unreceived_parts import published_without_parts, unreceived_parts
from workspace.read_models.work_items import are_many, work_items_for


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    queue = review_queue(user)
    own = work_items_for(user, today, queue)
    letters = inbox.work_items_for(user, today) + mails.work_items_for(user, today)
    work_items = sorted([*own, *letters], key=lambda item: (not item.returned, item.due_on))
    # Who has nothing to do is shown where to go instead.
    entries = [] if work_items else entries_for(user)[1:]
    work_items += _missing_calendars(user, today)
    context = {"work_items": work_items, "others": queue.others, "today": today, "entries": entries}
    context["late"] = [*late_quarters(user, today), *published_without_parts(user)]
    context["closed_early"] = early_closing_news(user)
    outcomes = outcomes_for(user, today)
    contrary = [outcome for outcome in outcomes if outcome.is_contrary]
    context["to_know"] = [*unreceived_parts(user, today), *contrary]
    context["outcomes"] = [outcome for outcome in outcomes if not outcome.is_contrary]
    context["proposals"] = proposals_for(user, today)
    if can_read_sign_ins(user):
        failures = failures_of_day(timezone.now())
        context["failed_sign_ins"] = failures if failures >= settings.SIGN_IN_ALARM else 0
    context["many_to_file"] = are_many(own)
    return render(request, "staff/home.html", context)


def _missing_calendars(user: User, today: date) -> list[WorkItem]:
    """A work item for each year without a calendar, due before it begins;
    for those who enter it.
    """
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
