"""The admin pages of units."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from common.ui.reference_admin import ReferenceAdmin
from departments import actions
from departments.admin.actors import actor_and_time
from departments.models import Department
from departments.permissions import can_maintain_reference_data
from departments.roles import Role


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    """Units can be added and changed; a save warns where a unit has nobody to sign."""

    list_display = [
        "short_name",
        "full_name",
        "level",
        "name_basis",
        "signs_reports",
        "valid_to",
        "successor",
    ]
    list_filter = ["level", "name_basis", "signs_reports"]
    list_select_related = ["successor"]
    search_fields = ["short_name", "full_name", "slug"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_maintain_reference_data(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return can_maintain_reference_data(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        # Addresses are kept for ever, whatever the unit is called later.
        return ["slug"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Department, form: ModelForm, change: Any
    ) -> None:
        actions.save_department(department=obj, **actor_and_time(request))
        if obj.signs_reports and not obj.memberships.current().of_role(Role.SIGNER).exists():
            messages.warning(
                request,
                f"{obj}现在没有审签人，它牵头的填报送了审签也报不出来。"
                "请到“任职”里给单位领导审签人岗位。",
            )
