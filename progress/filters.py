"""One filter each for the lists of reports and of slips."""

import django_filters

from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod


class PeriodChoice(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, period: ReportingPeriod) -> str:
        return f"{period.plan.name} {period.label}"


class PeriodFilter(django_filters.ModelChoiceFilter):
    field_class = PeriodChoice


class ReportFilter(django_filters.FilterSet):
    period = PeriodFilter(
        label="填报期",
        empty_label="全部",
        queryset=ReportingPeriod.objects.exclude(state=PeriodState.SCHEDULED)
        .with_plan()
        .order_by("-year", "-index", "plan"),
    )
    status = django_filters.ChoiceFilter(label="填报状态", empty_label="全部", choices=ReportStatus.choices)

    class Meta:
        model = ProgressReport
        fields = ["period", "status"]
