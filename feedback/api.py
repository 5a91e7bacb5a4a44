"""Published questions and the monthly counts of letters as JSON, with the values the pages show."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ViewSet

from common.rest import OpenView, OpenViewSet
from common.text.wording import cn_date
from feedback.filters import QuestionFilter
from feedback.models import Ticket
from feedback.read_models.counts import months
from feedback.read_models.questions import Question, questions, tombstone


class QuestionSerializer(BaseSerializer):
    """Writes a `Question` as it is: it holds nothing but public values."""

    def to_representation(self, question: Question) -> dict[str, Any]:
        return asdict(question)


class QuestionViewSet(OpenViewSet):
    """Published questions. One that was taken down answers 410 with its number, day and reason,
    as its page does.
    """

    queryset = Ticket.objects.published()
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    lookup_field = "number"

    def get_serializer(
        self, rows: Ticket | Iterable[Ticket], *, many: bool = False, **options: Any
    ) -> BaseSerializer:
        if isinstance(rows, Ticket):
            [published] = questions([rows])
            return super().get_serializer(published, many=many, **options)
        return super().get_serializer(questions(rows), many=many, **options)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return super().retrieve(request, *args, **kwargs)
        except Http404:
            down = Ticket.objects.taken_down().filter(number=kwargs["number"]).first()
            if down is None:
                raise
        left = tombstone(down)
        return Response(
            {
                "detail": f"这条问答已于{cn_date(left.down_on)}撤下：{left.reason}。",
                "number": left.number,
                "taken_down_on": left.down_on,
                "reason": left.reason,
                "demonstration": left.demonstration,
            },
            status=410,
        )


class LetterViewSet(OpenView, ViewSet):
    """What became of the letters of each month, newest first."""

    def list(self, request: Request) -> Response:
        rows = [asdict(row) for row in months(timezone.localdate())]
        return Response(
            {
                "count": len(rows),
                "results": [row | {"month": f"{row['month']:%Y-%m}"} for row in rows],
            }
        )
