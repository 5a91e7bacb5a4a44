"""The admin pages of accounts."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from common.errors import Refused
from common.ui.reference_admin import ReferenceAdmin
from departments import actions
from departments.actions.second_factors import LONGEST_REASON
from departments.admin.actors import actor_and_time
from departments.forms import PeopleForm
from departments.models import Department, Membership, User
from departments.newcomers import ROLES, new_people
from departments.pages.places import place_of
from departments.passwords import first_password
from departments.permissions import can_maintain_reference_data


class MembershipInline(admin.TabularInline):
    """The memberships on a person's page, to read only."""

    model = Membership
    fields = ["department", "role", "ended_at"]
    readonly_fields = ["department", "role", "ended_at"]
    extra = 0
    can_delete = False
    verbose_name_plural = "岗位（在“任职”里增加或办理离岗）"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(ReferenceAdmin):
    """Accounts: created from a list, renamed, disabled, given a new password."""

    list_display = ["username", "name", "current_roles", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "name"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "name",
                    "email",
                    "is_active",
                    "must_change_password",
                    "last_login",
                ],
                "description": (
                    "这里改姓名和邮箱。重置密码、重置验证器、停用：回到人员列表，勾选后在“动作”里选。"
                ),
            },
        )
    ]
    readonly_fields = ["username", "is_active", "must_change_password", "last_login"]
    inlines = [MembershipInline]
    change_list_template = "admin/people_list.html"
    actions = ["disable", "reset_passwords", "reset_second_factors"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return can_maintain_reference_data(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_maintain_reference_data(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return can_maintain_reference_data(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__department")

    @admin.display(description="岗位")
    def current_roles(self, person: User) -> str:
        # Filtered here, because the list page has fetched all memberships beforehand.
        current = [row for row in person.memberships.all() if row.ended_at is None]
        return "、".join(f"{row.department}{row.get_role_display()}" for row in current) or "无"

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: Any) -> None:
        if "name" in form.changed_data:
            actions.rename_person(user=obj, name=obj.name, **actor_and_time(request))
        if "email" in form.changed_data:
            actions.set_email(user=obj, email=obj.email, **actor_and_time(request))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Creates one or many accounts from a list, which is checked and shown before."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PeopleForm(request.POST or None, request.FILES or None)
        if form.is_ready and "create" in request.POST:
            try:
                return self._create_people(request, form)
            except Refused as refused:
                messages.error(request, str(refused))
                form.check_again()
        return self._people_page(request, form)

    def _create_people(self, request: HttpRequest, form: PeopleForm) -> TemplateResponse:
        people = new_people(form.lines)
        actions.create_people(people=people, **actor_and_time(request))
        accounts = [(person.username, person.name, person.password) for person in people]
        return self.password_slips(request, accounts)

    def _people_page(self, request: HttpRequest, form: PeopleForm) -> TemplateResponse:
        """The form, whose field holds the list as it was read, and the lines with their errors."""
        return self.page(
            request,
            "admin/people.html",
            "建立账号",
            form=PeopleForm(initial={"text": form.as_text}) if form.is_valid() else form,
            lines=form.lines,
            ready=form.is_ready,
            units=Department.objects.current(),
            roles=ROLES,
        )

    def password_slips(
        self, request: HttpRequest, accounts: list[tuple[str, str, str]]
    ) -> TemplateResponse:
        """A page to print and cut; `accounts`: (user name, name, first password)."""
        return self.page(
            request,
            "admin/first_passwords.html",
            "首次密码条",
            accounts=accounts,
            sign_in_url=request.build_absolute_uri(reverse("sign-in")),
        )

    def rows_to_confirm(self, people: QuerySet[User]) -> list[tuple[User, str]]:
        """Each person with user name and current roles, for the confirmation page."""
        return [(person, f"{person.username} · {self.current_roles(person)}") for person in people]

    @admin.action(description="停用账号（立即退出登录）", permissions=["change"])
    def disable(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        explanation = (
            "停用以后立即退出登录，不能再登录；岗位和做过的事都保留。重置密码可以恢复使用。"
        )
        confirmation = self.confirmation_page(
            request,
            self.rows_to_confirm(people),
            title="停用账号",
            explanation=explanation,
            button=f"停用这 {len(people)} 个账号",
        )
        if confirmation:
            return confirmation
        for person in people:
            actions.disable_person(user=person, **actor_and_time(request))
        self.message_user(request, f"已停用 {len(people)} 个账号。")
        return None

    @admin.action(description="重置密码（停用的账号恢复使用）", permissions=["change"])
    def reset_passwords(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        explanation = (
            "原来的密码立即作废，新密码只显示一次，请准备好打印并当面转交。停用的账号会恢复使用。"
        )
        confirmation = self.confirmation_page(
            request,
            self.rows_to_confirm(people),
            title="重置密码",
            explanation=explanation,
            button=f"重置这 {len(people)} 个密码",
        )
        if confirmation:
            return confirmation
        accounts = [(person, first_password()) for person in people]
        for person, password in accounts:
            actions.reset_password(user=person, password=password, **actor_and_time(request))
        return self.password_slips(
            request, [(person.username, person.name, password) for person, password in accounts]
        )

    @admin.action(description="重置登录验证器（手机丢了）", permissions=["change"])
    def reset_second_factors(
        self, request: HttpRequest, people: QuerySet[User]
    ) -> HttpResponse | None:
        reason = request.POST.get("reason", "").strip()
        confirmation = self.confirmation_page(
            request,
            self.rows_to_confirm(people),
            title="重置登录验证器",
            explanation="先核实是本人。重置以后立即退出登录，下次只凭密码登录，再重新设置。",
            button=f"重置这 {len(people)} 个验证器",
            asks_reason=True,
        )
        if confirmation:
            return confirmation
        if len(reason) > LONGEST_REASON:
            raise Refused(f"理由最多 {LONGEST_REASON} 个字。")
        place = place_of(request)
        for person in people:
            actions.reset_second_factor(
                user=person, reason=reason, place=place, **actor_and_time(request)
            )
        self.message_user(request, f"已重置 {len(people)} 个验证器，理由记入登录记录。")
        return None
