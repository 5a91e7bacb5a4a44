from rest_framework.serializers import BaseSerializer

from common.rest import OpenViewSet, coded
from departments.models import Department


class DepartmentSerializer(BaseSerializer):
    def to_representation(self, unit: Department) -> dict:
        same = ("slug", "short_name", "full_name", "first_named_in", "valid_from", "valid_to", "note")
        return {
            **{name: getattr(unit, name) for name in same},
            "level": coded(unit, "level"),
            "name_basis": coded(unit, "name_basis"),
            "successor": unit.successor.slug if unit.successor else None,
        }


class DepartmentViewSet(OpenViewSet):
    queryset = Department.objects.select_related("successor")
    serializer_class = DepartmentSerializer
    lookup_field = "slug"
