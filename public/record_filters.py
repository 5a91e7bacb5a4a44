"""The filters of the public record, which that of the staff extends."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Greatest, StrIndex, Substr

from common.text.wording import cn_date
from common.time.days import day_end
from common.ui.form_fields import UNKNOWN, DayField, PlainForm
from departments.models import Department
from ledger.models import Entry
from public.ledger_kinds import KINDS, PUBLIC_KINDS
from public.read_models.plans import published_plans
from tasks.models import Responsibility, Task
from tasks.read_models.codes import canonical_code

# What says nothing of the subject: number and day of an internal entry are public.
OF_ALL_ENTRIES = {"scope", "day_from", "day_to"}
NOT_TOLD = (
    "内部记录不公开事项和对象，只能按日期看。要看内部记录，请清除其他条件；"
    "要按条件查，请选“只看公开的”。"
)


Entries = QuerySet[Entry]
# The code of the task of a report, whose subject is the code and the period.
TASK_OF_REPORT = Substr("subject_id", 1, Greatest(StrIndex("subject_id", Value(":")) - 1, 0))


class DayFilter(django_filters.DateFilter):
    field_class = DayField


def day_filter(label: str, method: str) -> DayFilter:
    wrong = {"invalid": f"“{label}”请填写日期，例如 2017-09-30。"}
    return DayFilter(label=label, method=method, error_messages=wrong)


class EntryForm(PlainForm):
    """Checks that there is the promise, and that the first day is not after the last."""

    def clean_task(self) -> str:
        typed = self.cleaned_data["task"]
        code = canonical_code(typed) if typed else ""
        if typed and not code:
            raise ValidationError(UNKNOWN["invalid_choice"], params={"value": typed})
        return code

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("day_from"), cleaned.get("day_to")
        if first and last and first > last:
            self.add_error("day_to", f"“日期到”早于“日期从”的{cn_date(first)}，请改其中一个。")
            # Neither narrows anything until they agree.
            del cleaned["day_from"]
        return cleaned


class PublicEntryForm(EntryForm):
    """Refuses to search internal entries by what they do not tell."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        narrowed = any(cleaned.get(name) for name in self.fields.keys() - OF_ALL_ENTRIES)
        if cleaned.get("scope") and (narrowed or self.errors.keys() - OF_ALL_ENTRIES):
            self.add_error("scope", NOT_TOLD)
        return cleaned


class SubjectFilter(django_filters.FilterSet):
    """Selects entries by their kind, by what they are about, and by the day of writing."""

    kind = django_filters.ChoiceFilter(
        label="事项", choices=[], empty_label="全部", error_messages=UNKNOWN, method="by_kind"
    )
    plan = django_filters.ChoiceFilter(
        label="文件", choices=[], empty_label="全部", error_messages=UNKNOWN, method="by_plan"
    )
    department = django_filters.ModelChoiceFilter(
        label="责任单位",
        queryset=Department.objects.all(),
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        method="by_department",
    )
    task = django_filters.CharFilter(
        label="承诺编号",
        max_length=30,
        method="by_task",
        error_messages={"max_length": "承诺编号最多30个字。"},
    )
    day_from = day_filter("日期从", "by_first_day")
    day_to = day_filter("日期到", "by_last_day")
    # The kinds that are offered.
    kinds: tuple[str, ...] = tuple(KINDS)

    class Meta:
        model = Entry
        form = EntryForm
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(key, KINDS[key][0]) for key in self.kinds]
        self.filters["plan"].extra["choices"] = [
            (plan.slug, str(plan)) for plan in published_plans()
        ]

    @property
    def is_narrowed(self) -> bool:
        """Whether any condition is set."""
        return any(self.form.data.get(name) for name in self.filters)

    def by_kind(self, queryset: Entries, name: str, value: str) -> Entries:
        return queryset.filter(verb__in=KINDS[value][1])

    def by_plan(self, queryset: Entries, name: str, value: str) -> Entries:
        """By the plan itself, its periods, its sections, its tasks and their reports."""
        of_tasks = Q(subject_type__in=["section", "task", "report"])
        return queryset.filter(
            Q(subject_type="plan", subject_id=value)
            | Q(subject_type="period", subject_id__startswith=f"{value}:")
            | (of_tasks & Q(subject_id__startswith=f"{value}-"))
        )

    def by_department(self, queryset: Entries, name: str, value: Department) -> Entries:
        """By the unit itself, and by the promises that it answers for in public."""
        rows = Responsibility.objects.public(demo=settings.DEMO, day=None).filter(department=value)
        codes = Task.objects.filter(pk__in=rows.values("task")).values("code")
        return queryset.alias(task_of_report=TASK_OF_REPORT).filter(
            Q(subject_type="department", subject_id=value.slug)
            | Q(subject_type="task", subject_id__in=codes)
            | Q(subject_type="report", task_of_report__in=codes)
        )

    def by_task(self, queryset: Entries, name: str, value: str) -> Entries:
        return queryset.filter(
            Q(subject_type="task", subject_id=value)
            | Q(subject_type="report", subject_id__startswith=f"{value}:")
        )

    def by_first_day(self, queryset: Entries, name: str, value: date) -> Entries:
        return queryset.filter(recorded_at__gte=day_end(value - timedelta(days=1)))

    def by_last_day(self, queryset: Entries, name: str, value: date) -> Entries:
        return queryset.filter(recorded_at__lt=day_end(value))


class PublicEntryFilter(SubjectFilter):
    """Public entries; internal ones only where nothing but days is asked, and never by content."""

    scope = django_filters.ChoiceFilter(
        label="范围",
        choices=[("all", "连内部记录的序号和日期")],
        empty_label="只看公开的",
        error_messages=UNKNOWN,
        method="unchanged",
    )
    kinds = PUBLIC_KINDS

    class Meta(SubjectFilter.Meta):
        form = PublicEntryForm

    @property
    def shows_all(self) -> bool:
        """Whether internal entries are listed too."""
        return self.form.cleaned_data.get("scope") == "all"

    @property
    def is_gapless(self) -> bool:
        """Whether every public entry is listed, so that what lies between is internal."""
        return not self.is_narrowed and not self.form.errors

    def unchanged(self, queryset: Entries, name: str, value: str) -> Entries:
        """`scope` is applied to the whole."""
        return queryset

    def filter_queryset(self, queryset: Entries) -> Entries:
        found = super().filter_queryset(queryset)
        return found if self.shows_all else found.filter(visibility=Entry.Visibility.PUBLIC)
