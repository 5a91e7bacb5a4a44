import django_filters

from departments.models import Department
from feedback.models import Ticket


class QuestionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="类别", choices=Ticket.Kind, empty_label="全部")
    department = django_filters.ModelChoiceFilter(
        label="单位",
        field_name="lead_department",
        to_field_name="slug",
        empty_label="全部",
        queryset=Department.objects.filter(led_tickets__published_at__isnull=False).distinct(),
    )
    task = django_filters.CharFilter(field_name="task__code", label="承诺编号")

    class Meta:
        model = Ticket
        fields: list[str] = []
