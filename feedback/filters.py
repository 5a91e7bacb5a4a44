"""The one set of words by which public questions are chosen, on list page, API and feed; and those of the register."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.forms import Field

from common.text.folding import fold
from common.text.wording import cn_date
from common.ui.form_fields import UNKNOWN, DayField, PlainForm
from departments.models import Department
from feedback.choices import TicketKind, TicketStatus
from feedback.models import Ticket
from feedback.subjects import subject_name, subjects


def unit_filter(units) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label="单位",
        field_name="answered_by",
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        queryset=units,
    )


def subject_choices() -> list[tuple[str, str]]:
    """The site's list, and what the public has still seen of an earlier one. One query."""
    listed = subjects()
    seen = Ticket.objects.once_public().exclude(subject__in=["", *listed]).order_by("subject")
    past = seen.values_list("subject", flat=True).distinct()
    return [(key, subject_name(key)) for key in (*listed, *past)]


class AnsweredDayFilter(django_filters.DateFilter):
    field_class = DayField


def answered(label: str, lookup: str) -> AnsweredDayFilter:
    """By the day that stands beside each answer; that of publication is only on the page of one."""
    wrong = {"invalid": f"“{label}”请填写日期，例如 2017-09-30。"}
    return AnsweredDayFilter(label=label, field_name="answered_at", lookup_expr=f"date__{lookup}", error_messages=wrong)


class QuestionForm(PlainForm):
    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        first, last = asked.get("answered_from"), asked.get("answered_to")
        if first and last and first > last:
            self.add_error("answered_to", f"“答复日期到”早于“答复日期从”的{cn_date(first)}，请改其中一个。")
            # Neither narrows anything until they agree.
            del asked["answered_from"]
        return asked


class QuestionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="关键词", method="by_words", max_length=60, error_messages={"max_length": "关键词最多60个字。"}
    )
    department = unit_filter(Department.objects.filter(answered_tickets__published_at__isnull=False).distinct())
    kind = django_filters.ChoiceFilter(label="类别", choices=TicketKind, empty_label="全部", error_messages=UNKNOWN)
    subject = django_filters.ChoiceFilter(label="主题", choices=[], empty_label="全部", error_messages=UNKNOWN)
    task = django_filters.CharFilter(field_name="task__code", label="承诺编号")
    answered_from = answered("答复日期从", "gte")
    answered_to = answered("答复日期到", "lte")

    class Meta:
        model = Ticket
        form = QuestionForm
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if choices := subject_choices():
            self.filters["subject"].extra["choices"] = choices
        else:
            del self.filters["subject"]

    def by_words(self, queryset, name, value):
        return queryset.matching(value)

    @property
    def address(self) -> str:
        """What was asked, as the end of an address; nothing where nothing was."""
        asked = {name: value for name in self.filters if (value := self.form.data.get(name))}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def words(self) -> str:
        """What was asked, as one says it: 单位：城管局，类别：咨询."""
        asked = [(field, self.form.cleaned_data.get(name)) for name, field in self.form.fields.items()]
        return "，".join(f"{field.label}：{_spoken(field, value)}" for field, value in asked if value)


def _spoken(field: Field, value) -> str:
    if isinstance(value, date):
        return cn_date(value)
    chosen = dict(getattr(field, "choices", ())).get(value) if isinstance(value, str) else ""
    return chosen or str(value)


class ChangeFilter(QuestionFilter):
    """For whoever keeps a copy. Of what was taken down nobody can say any more which words it had, so it is told."""

    department = unit_filter(Department.objects.all())

    def by_words(self, queryset, name, value):
        return queryset.matching(value) | queryset.filter(taken_down_at__isnull=False)


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
    kind = django_filters.ChoiceFilter(label="类别", choices=TicketKind, empty_label="全部", error_messages=UNKNOWN)
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
