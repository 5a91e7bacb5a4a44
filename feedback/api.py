"""Published questions and the monthly counts of letters as JSON, with the values the pages show."""

from dataclasses import asdict

from django.http import Http404
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ViewSet

from common.rest import OpenViewSet
from common.time.days import local_day
from feedback.filters import QuestionFilter
from feedback.models import Ticket
from feedback.read_models.counts import months
from feedback.read_models.questions import Question, questions


class QuestionSerializer(BaseSerializer):
    """Writes a `Question` as it is: it holds nothing but public values."""

    def to_representation(self, question: Question) -> dict:
        return asdict(question)


class QuestionViewSet(OpenViewSet):
    """Published questions. One that was taken down answers 410 with its number, day and reason,
    as its page does.
    """

    queryset = Ticket.objects.published()
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    lookup_field = "number"

    def get_serializer(self, rows, *, many: bool = False, **options):
        published = questions(rows if many else [rows])
        return super().get_serializer(published if many else published[0], many=many, **options)

    def retrieve(self, request, *args, **kwargs):
        try:
            return super().retrieve(request, *args, **kwargs)
        except Http404:
            down = Ticket.objects.taken_down().filter(number=kwargs["number"]).first()
            if down is None:
                raise
        tombstone = {"number": down.number, "taken_down_on": local_day(down.taken_down_at)}
        return Response(
            tombstone | {"reason": down.taken_down_reason, "demonstration": down.demonstration},
            status=410,
        )


class LetterViewSet(ViewSet):
    """What became of the letters of each month, newest first."""

    permission_classes = [AllowAny]

    def list(self, request):
        rows = [asdict(row) for row in months(timezone.localdate())]
        return Response(
            {
                "count": len(rows),
                "results": [row | {"month": f"{row['month']:%Y-%m}"} for row in rows],
            }
        )
