"""Base classes and value helpers of the public API."""

from decimal import Decimal
from typing import Any

from django_filters import FilterSet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler
from rest_framework.viewsets import ReadOnlyModelViewSet

# What each error says where nothing more is known; everybody who asks reads Chinese.
SENTENCES = {
    400: "没有读懂这次请求，请检查地址和参数。",
    403: "没有权限。",
    404: "没有找到，请检查地址和编号。",
    405: "不能用这种方法请求，这里只能读取。",
    406: "没有这种格式，这里只有 JSON。",
    415: "没有读懂这次请求，请检查地址和参数。",
    429: "读取得太快了，请稍后再试。",
    500: "网站出了问题，请稍后再试。",
    503: "网站暂时不能使用，请过几分钟再试。",
}
ONLY_NOW = "这里只有现在的内容，不能按过去某一天读取。请去掉 as_of；任务可以按天读取。"


class Pages(PageNumberPagination):
    """Pages of 50 rows, or of up to 200 on request."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_page_message = "没有这一页。"

    def get_page_size(self, request: Request) -> int | None:
        wanted = request.GET.get(self.page_size_query_param, "")
        if wanted and not (wanted.isascii() and wanted.isdigit() and int(wanted)):
            raise ValidationError({self.page_size_query_param: ["请填写 1 至 200 的整数。"]})
        return super().get_page_size(request)


class OpenView(APIView):
    """Mixin of a view for everybody that refuses what it does not know: whoever misspells a filter
    must not take the whole list for the answer.
    """

    permission_classes = [AllowAny]
    # Names a caller may write into the address, besides `format`.
    parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = {*self.known_parameters(), "format"}
        problems = {
            name: [_parameter_problem(name, known)]
            for name, values in request.GET.lists()
            if name not in known or len(values) > 1
        }
        if problems:
            raise ValidationError(problems)

    def known_parameters(self) -> frozenset[str]:
        return self.parameters


def _parameter_problem(name: str, known: set[str]) -> str:
    if name in known:
        return "这个参数只能写一次。"
    return f"没有这个参数。可以用的有：{'、'.join(sorted(known))}。"


class OpenViewSet(OpenView, ReadOnlyModelViewSet):
    """A read-only list and detail view for everybody."""

    pagination_class = Pages
    parameters = frozenset({"page", "page_size"})
    filterset_class: type[FilterSet] | None = None
    # Whether `as_of` can ask for the state on a past day.
    has_days = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.GET.get("as_of") and not self.has_days:
            raise ValidationError({"as_of": [ONLY_NOW]})
        super().initial(request, *args, **kwargs)

    def known_parameters(self) -> frozenset[str]:
        filters = self.filterset_class.base_filters if self.filterset_class else {}
        return self.parameters.union(filters, {"as_of"} if self.has_days else ())


def error_answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error in one shape: a sentence in `detail`, and in `errors` what is wrong with which
    parameter, where that is known.
    """
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError) and isinstance(error.detail, dict):
        lines = [f"{name}：{' '.join(map(str, words))}" for name, words in error.detail.items()]
        response.data = {"detail": " ".join(lines), "errors": error.detail}
    elif not _is_ours(error):
        response.data = {"detail": SENTENCES.get(response.status_code, SENTENCES[400])}
    return response


def _is_ours(error: Exception) -> bool:
    """Whether the words are ours; the framework's own are English or name its classes."""
    return isinstance(error, NotFound) and error.detail != NotFound.default_detail


def json_number(value: Decimal | None) -> int | float | None:
    """A JSON number as people write it: 4000 and 0.5, not "4000.0000"."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def coded(row: Any, name: str) -> dict[str, str] | None:
    """The choice in the field `name` of a row as stable code and Chinese label; None if empty."""
    code = getattr(row, name)
    return {"code": code, "label": str(getattr(row, f"get_{name}_display")())} if code else None
