"""Open data about units."""

from rest_framework.serializers import BaseSerializer

from common.rest import OpenViewSet, coded
from departments.models import Department


class DepartmentSerializer(BaseSerializer):
    """A unit as the API gives it out; the field names are stable."""

    def to_representation(self, unit: Department) -> dict:
        copied = (
            "slug",
            "short_name",
            "full_name",
            "first_named_in",
            "valid_from",
            "valid_to",
            "note",
        )
        return {
            **{name: getattr(unit, name) for name in copied},
            "level": coded(unit, "level"),
            "name_basis": coded(unit, "name_basis"),
            "successor": unit.successor.slug if unit.successor else None,
        }


class DepartmentViewSet(OpenViewSet):
    """All units, closed ones included."""

    queryset = Department.objects.select_related("successor")
    serializer_class = DepartmentSerializer
    lookup_field = "slug"
