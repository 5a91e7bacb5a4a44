import django_filters

from departments.models import Department
from feedback.models import Ticket
from yantian_portal.lib.fields import UNKNOWN


class QuestionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="关键词", method="by_words", max_length=60, error_messages={"max_length": "关键词最多60个字。"}
    )
    department = django_filters.ModelChoiceFilter(
        label="单位",
        field_name="answered_by",
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        queryset=Department.objects.filter(answered_tickets__published_at__isnull=False).distinct(),
    )
    kind = django_filters.ChoiceFilter(label="类别", choices=Ticket.Kind, empty_label="全部", error_messages=UNKNOWN)
    task = django_filters.CharFilter(field_name="task__code", label="承诺编号")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        return queryset.matching(value)
