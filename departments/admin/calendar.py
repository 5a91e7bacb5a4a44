"""The admin pages of the working calendar."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common.ui.reference_admin import ReferenceAdmin
from departments import actions
from departments.admin.actors import actor_and_time
from departments.forms import CalendarForm
from departments.models import CalendarDay
from departments.permissions import can_maintain_reference_data
from departments.rules.holidays import calendar_reminder


@admin.register(CalendarDay)
class CalendarAdmin(ReferenceAdmin):
    """Days to look at; "add" loads the table of a whole year."""

    list_display = ["date", "is_workday", "note"]
    list_filter = ["is_workday"]
    date_hierarchy = "date"
    change_list_template = "admin/calendar_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_maintain_reference_data(request.user)

    def reminders(self) -> list[str]:
        """What is to be done about the years whose table should be loaded by now."""
        missing = CalendarDay.objects.missing_years(timezone.localdate())
        return [calendar_reminder(year) for year in missing]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"reminders": self.reminders()})

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CalendarForm(request.POST or None)
        loaded = None
        if form.is_valid():
            loaded = actions.load_calendar(
                year=form.cleaned_data["year"],
                days=form.cleaned_data["days"],
                source=form.cleaned_data["source"],
                **actor_and_time(request),
            )
        context = {"form": form, "loaded": loaded, "reminders": self.reminders()}
        return self.page(request, "admin/calendar.html", "载入工作日历", **context)
