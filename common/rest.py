"""Base classes and value helpers of the public API."""

from decimal import Decimal
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

ONLY_NOW = "这里只有现在的内容，不能按过去某一天读取。请去掉 as_of；任务可以按天读取。"


class Pages(PageNumberPagination):
    """Pages of 50 rows, or of up to 200 on request."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class OpenViewSet(ReadOnlyModelViewSet):
    """A read-only list and detail view for everybody."""

    permission_classes = [AllowAny]
    pagination_class = Pages
    # Whether `as_of` can ask for the state on a past day.
    has_days = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.GET.get("as_of") and not self.has_days:
            raise ValidationError({"as_of": [ONLY_NOW]})


def json_number(value: Decimal | None) -> int | float | None:
    """A JSON number as people write it: 4000 and 0.5, not "4000.0000"."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def coded(row: Any, name: str) -> dict[str, str] | None:
    """The choice in the field `name` of a row as stable code and Chinese label; None if empty."""
    code = getattr(row, name)
    return {"code": code, "label": str(getattr(row, f"get_{name}_display")())} if code else None
