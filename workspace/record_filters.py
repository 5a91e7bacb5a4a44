"""The filters of the whole record, for those who may read its internal entries."""

import json

import django_filters
from django.core.exceptions import ValidationError

from common.ui.form_fields import UNKNOWN
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import Actor
from ledger.models import Entry
from public.ledger_words import VERBS
from public.record_filters import Entries, EntryForm, SubjectFilter

# The posts of those who are no staff are written where they act.
POSTS = [*Role.labels, Actor().post, "来信人"]


class RecordForm(EntryForm):
    """Also checks that there is the account."""

    def clean_person(self) -> str:
        """The number of the account whose user name was typed."""
        typed = self.cleaned_data["person"]
        user = User.objects.filter(username=typed).first() if typed else None
        if typed and user is None:
            raise ValidationError(UNKNOWN["invalid_choice"], params={"value": typed})
        return str(user.pk) if user else ""


class RecordFilter(SubjectFilter):
    """Also selects internal entries, by the single step and by who acted."""

    verb = django_filters.ChoiceFilter(
        label="具体哪一步",
        choices=sorted(VERBS.items(), key=lambda row: row[1]),
        empty_label="全部",
        error_messages=UNKNOWN,
    )
    scope = django_filters.ChoiceFilter(
        label="范围",
        field_name="visibility",
        choices=Entry.Visibility.choices,
        empty_label="全部",
        error_messages=UNKNOWN,
    )
    acting_unit = django_filters.ModelChoiceFilter(
        label="经手单位",
        queryset=Department.objects.all(),
        to_field_name="slug",
        empty_label="全部",
        error_messages=UNKNOWN,
        method="by_acting_unit",
    )
    post = django_filters.ChoiceFilter(
        label="经手岗位",
        field_name="actor_post",
        choices=[(post, post) for post in POSTS],
        empty_label="全部",
        error_messages=UNKNOWN,
    )
    person = django_filters.CharFilter(
        label="经手人的用户名",
        field_name="actor_id",
        max_length=60,
        error_messages={"max_length": "用户名最多60个字。"},
    )

    class Meta(SubjectFilter.Meta):
        form = RecordForm

    def by_acting_unit(self, queryset: Entries, name: str, value: Department) -> Entries:
        """Under each name that the unit has had: an entry keeps the name of its day."""
        return queryset.filter(actor_unit__in={value.short_name, *_names_on_record(value)})


def _names_on_record(department: Department) -> set[str]:
    """The short names that the record says the unit has had. One query."""
    changes = Entry.objects.about("department", department.slug).values_list("payload", flat=True)
    facts = (json.loads(payload)["facts"] for payload in changes)
    return {fact["short_name"] for fact in facts if "short_name" in fact}
