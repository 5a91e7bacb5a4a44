"""The admin pages of memberships."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from common.ui.reference_admin import ReferenceAdmin
from departments import actions
from departments.admin.actors import actor_and_time
from departments.models import Membership
from departments.permissions import can_maintain_reference_data
from departments.roles import Role

FIELDS = ("user", "department", "role")


@admin.register(Membership)
class MembershipAdmin(ReferenceAdmin):
    """Who has which role in which unit: added and ended, never changed."""

    list_display = ["user", "department", "role", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "role", "department"]
    list_select_related = ["user", "department"]
    search_fields = ["user__username", "user__name"]
    fields = FIELDS
    filter_horizontal = ["portfolio"]
    actions = ["end"]

    def has_view_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return can_maintain_reference_data(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_maintain_reference_data(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Only a current leader's portfolio can be changed; all else of a membership is final."""
        leading = obj is not None and obj.role == Role.LEADER and obj.ended_at is None
        return leading and can_maintain_reference_data(request.user)

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        leading = obj is not None and obj.role == Role.LEADER
        return (*FIELDS, "portfolio") if leading else FIELDS

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        return FIELDS if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Membership, form: ModelForm, change: Any
    ) -> None:
        if change:
            return
        membership = actions.add_membership(
            user=form.cleaned_data["user"],
            department=form.cleaned_data["department"],
            role=form.cleaned_data["role"],
            **actor_and_time(request),
        )
        obj.pk = membership.pk

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any
    ) -> None:
        """Calls the action instead of Django's own writing of the many-to-many field."""
        if "portfolio" in form.changed_data:
            units = form.cleaned_data["portfolio"]
            actions.set_portfolio(
                membership=form.instance, departments=units, **actor_and_time(request)
            )

    @admin.action(description="办理离岗", permissions=["add"])
    def end(self, request: HttpRequest, memberships: QuerySet[Membership]) -> HttpResponse | None:
        rows = [(membership, "") for membership in memberships]
        explanation = (
            "离岗以后不能再用这个岗位办事；账号和做过的事都保留。填报员交给同事的，用“交接”办理。"
        )
        confirmation = self.confirmation_page(
            request,
            rows,
            title="办理离岗",
            explanation=explanation,
            button=f"办理这 {len(rows)} 个岗位离岗",
        )
        if confirmation:
            return confirmation
        for membership in memberships:
            actions.end_membership(membership=membership, **actor_and_time(request))
        self.message_user(request, f"已办理 {len(memberships)} 个岗位离岗。")
        return None
