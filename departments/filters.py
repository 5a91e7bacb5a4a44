"""The filter of the sign-in log."""

import django_filters

from common.ui.form_fields import PlainForm
from departments.choices import SignInOutcome
from departments.models import SignInEvent

LONGEST_NAME = 60
WRONG_DAY = {"invalid": "日期请写成 2026-11-30 的样子。"}


class SignInFilter(django_filters.FilterSet):
    """Rows of the log by account, address, outcome and day."""

    username = django_filters.CharFilter(
        label="用户名",
        field_name="user__username",
        max_length=LONGEST_NAME,
        error_messages={"max_length": f"用户名最多{LONGEST_NAME}个字。"},
    )
    address = django_filters.CharFilter(
        label="地址", max_length=60, error_messages={"max_length": "地址最多60个字。"}
    )
    outcome = django_filters.ChoiceFilter(label="结果", choices=SignInOutcome, empty_label="全部")
    since = django_filters.DateFilter(
        label="从哪天起", field_name="at", lookup_expr="date__gte", error_messages=WRONG_DAY
    )
    until = django_filters.DateFilter(
        label="到哪天止", field_name="at", lookup_expr="date__lte", error_messages=WRONG_DAY
    )

    class Meta:
        model = SignInEvent
        form = PlainForm
        fields: list[str] = []
