import django_filters

from departments.models import Department
from feedback.models import Ticket, TicketStatus
from yantian_portal.lib.fields import UNKNOWN
from yantian_portal.lib.text import fold


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


def _units_with_letters(request):
    """Those that lead a letter in sight."""
    return Department.objects.filter(led_tickets__in=Ticket.objects.visible_to(request.user)).distinct()


class RegisterFilter(django_filters.FilterSet):
    """Finds a letter by what stands on its outside; its words are never searched, as not everybody may read them."""

    number = django_filters.CharFilter(
        label="登记编号或最后几位",
        method="by_number",
        max_length=30,
        error_messages={"max_length": "登记编号最多30个字。"},
    )
    status = django_filters.ChoiceFilter(label="状态", choices=TicketStatus, empty_label="全部", error_messages=UNKNOWN)
    kind = django_filters.ChoiceFilter(label="类别", choices=Ticket.Kind, empty_label="全部", error_messages=UNKNOWN)
    department = django_filters.ModelChoiceFilter(
        label="主办单位",
        field_name="lead_department",
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        queryset=_units_with_letters,
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def by_number(self, queryset, name, value):
        """Its last digits will do."""
        return queryset.filter(number__endswith=fold(value).upper().replace(" ", ""))
