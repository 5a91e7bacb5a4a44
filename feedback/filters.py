"""The filters of the public questions, shared by page, API and feed;
and those of the staff's register of letters.
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Field

from common.text.folding import fold
from common.text.wording import cn_date
from common.ui.form_fields import UNKNOWN, DayField, PlainForm
from departments.http import StaffRequest
from departments.models import Department
from feedback.choices import TicketKind, TicketStatus
from feedback.models import Ticket
from feedback.querysets import TicketQuerySet
from feedback.subjects import subject_name, subjects
from tasks.models import Task


def unit_filter(units: QuerySet[Department]) -> django_filters.ModelChoiceFilter:
    """Filters by the unit that answered."""
    return django_filters.ModelChoiceFilter(
        label="单位",
        field_name="answered_by",
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        queryset=units,
    )


def subject_choices() -> list[tuple[str, str]]:
    """The subjects of the site's list, and earlier ones that the public has still seen.

    One query.
    """
    listed = subjects()
    seen = Ticket.objects.once_public().exclude(subject__in=["", *listed]).order_by("subject")
    past = seen.values_list("subject", flat=True).distinct()
    return [(key, subject_name(key)) for key in (*listed, *past)]


class AnsweredDayFilter(django_filters.DateFilter):
    field_class = DayField


def answered(label: str, lookup: str) -> AnsweredDayFilter:
    """Filters by the day of the answer, which stands beside each question; the day of publication
    is only on a question's own page.
    """
    wrong = {"invalid": f"“{label}”请填写日期，例如 2017-09-30。"}
    return AnsweredDayFilter(
        label=label, field_name="answered_at", lookup_expr=f"date__{lookup}", error_messages=wrong
    )


class QuestionForm(PlainForm):
    """Checks that there is the promise, and that the first day is not after the last."""

    def clean_task(self) -> str:
        code = self.cleaned_data["task"]
        if code and not Task.objects.published().filter(code=code).exists():
            raise ValidationError(UNKNOWN["invalid_choice"], params={"value": code})
        return code

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("answered_from"), cleaned.get("answered_to")
        if first and last and first > last:
            self.add_error(
                "answered_to", f"“答复日期到”早于“答复日期从”的{cn_date(first)}，请改其中一个。"
            )
            # Neither narrows anything until they agree.
            del cleaned["answered_from"]
        return cleaned


class QuestionFilter(django_filters.FilterSet):
    """Selects among the published questions."""

    q = django_filters.CharFilter(
        label="关键词",
        method="by_words",
        max_length=60,
        error_messages={"max_length": "关键词最多60个字。"},
    )
    department = unit_filter(
        Department.objects.filter(answered_tickets__published_at__isnull=False).distinct()
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=TicketKind, empty_label="全部", error_messages=UNKNOWN
    )
    subject = django_filters.ChoiceFilter(
        label="主题", choices=[], empty_label="全部", error_messages=UNKNOWN
    )
    task = django_filters.CharFilter(field_name="task__code", label="承诺编号")
    answered_from = answered("答复日期从", "gte")
    answered_to = answered("答复日期到", "lte")

    class Meta:
        model = Ticket
        form = QuestionForm
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if choices := subject_choices():
            self.filters["subject"].extra["choices"] = choices
        else:
            del self.filters["subject"]

    def by_words(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return queryset.matching(value)

    @property
    def address(self) -> str:
        """The selected filters as the query string of an address; "" where none is selected."""
        selected = {name: value for name in self.filters if (value := self.form.data.get(name))}
        return f"?{urlencode(selected)}" if selected else ""

    @property
    def words(self) -> str:
        """The selected filters in words: 单位：城管局，类别：咨询."""
        values = [
            (field, self.form.cleaned_data.get(name)) for name, field in self.form.fields.items()
        ]
        return "，".join(
            f"{field.label}：{_value_text(field, value)}" for field, value in values if value
        )


def _value_text(field: Field, value: object) -> str:
    if isinstance(value, date):
        return cn_date(value)
    chosen = dict(getattr(field, "choices", ())).get(value) if isinstance(value, str) else ""
    return chosen or str(value)


class ChangeFilter(QuestionFilter):
    """Selects changes for whoever keeps a copy of the questions.

    A question taken down has no words left to search, so it stays in whatever words are searched.
    """

    department = unit_filter(Department.objects.all())

    def by_words(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return queryset.matching(value) | queryset.filter(taken_down_at__isnull=False)


class LeadFilter(django_filters.ModelChoiceFilter):
    """Offers the units that lead a letter in sight of the user."""

    def get_queryset(self, request: StaffRequest) -> QuerySet[Department]:
        visible = Ticket.objects.visible_to(request.user)
        return Department.objects.filter(led_tickets__in=visible).distinct()


class RegisterFilter(django_filters.FilterSet):
    """Finds letters by number, status, kind and unit.

    Their words are never searched, because not everybody who sees a letter may read them.
    """

    number = django_filters.CharFilter(
        label="登记编号或最后几位",
        method="by_number",
        max_length=30,
        error_messages={"max_length": "登记编号最多30个字。"},
    )
    status = django_filters.ChoiceFilter(
        label="状态", choices=TicketStatus, empty_label="全部", error_messages=UNKNOWN
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=TicketKind, empty_label="全部", error_messages=UNKNOWN
    )
    department = LeadFilter(
        label="主办单位",
        field_name="lead_department",
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def by_number(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """By the whole number or its last digits."""
        return queryset.filter(number__endswith=fold(value).upper().replace(" ", ""))
