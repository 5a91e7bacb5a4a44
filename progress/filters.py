"""The filter of the list of reports, by period and status."""

import django_filters

from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod


class PeriodChoiceField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, period: ReportingPeriod) -> str:
        return f"{period.plan.name} {period.label}"


class PeriodFilter(django_filters.ModelChoiceFilter):
    field_class = PeriodChoiceField


class ReportFilter(django_filters.FilterSet):
    period = PeriodFilter(
        label="填报期",
        empty_label="全部",
        queryset=ReportingPeriod.objects.exclude(state=PeriodState.SCHEDULED)
        .with_plan()
        .order_by("-year", "-index", "plan"),
    )
    status = django_filters.ChoiceFilter(
        label="填报状态", empty_label="全部", choices=ReportStatus.choices
    )

    class Meta:
        model = ProgressReport
        fields = ["period", "status"]
