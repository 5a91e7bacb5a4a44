"""Admin pages for people, units and the working calendar; every change goes through an action."""

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from common.errors import Refused
from common.ui.reference_admin import ReferenceAdmin
from departments import actions
from departments.forms import CalendarForm, PeopleForm
from departments.models import CalendarDay, Department, Membership, Role, User
from departments.newcomers import ROLES, new_people
from departments.passwords import first_password
from departments.permissions import can_maintain_reference_data
from departments.rules.holidays import calendar_reminder

admin.site.unregister(Group)
admin.site.disable_action("delete_selected")
admin.site.index_title = "参考数据"
admin.site.enable_nav_sidebar = False
admin.site.empty_value_display = "无"


def actor_and_time(request) -> dict:
    """The arguments `by` and `at` of every action: this administrator, now."""
    return {"by": request.user.actor(Role.ADMINISTRATOR), "at": timezone.now()}


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    """Units can be added and changed; a save warns where a unit has nobody to sign."""

    may_add = may_change = staticmethod(can_maintain_reference_data)
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

    def get_readonly_fields(self, request, obj=None):
        # Addresses are kept for ever, whatever the unit is called later.
        return ["slug"] if obj else []

    def save_model(self, request, obj, form, change):
        actions.save_department(department=obj, **actor_and_time(request))
        if obj.signs_reports and not obj.memberships.current().of_role(Role.SIGNER).exists():
            messages.warning(
                request,
                f"{obj}现在没有审签人，它牵头的填报送了审签也报不出来。"
                "请到“任职”里给单位领导审签人岗位。",
            )


class MembershipInline(admin.TabularInline):
    """The memberships on a person's page, to read only."""

    model = Membership
    fields = readonly_fields = ["department", "role", "ended_at"]
    extra = 0
    can_delete = False
    verbose_name_plural = "岗位（在“任职”里增加或办理离岗）"

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(ReferenceAdmin):
    """Accounts: created from a list, renamed, disabled, given a new password."""

    may_add = may_change = staticmethod(can_maintain_reference_data)
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
                    "这里改姓名和邮箱。重置密码、停用：回到人员列表，勾选后在“动作”里选。"
                ),
            },
        )
    ]
    readonly_fields = ["username", "is_active", "must_change_password", "last_login"]
    inlines = [MembershipInline]
    change_list_template = "admin/people_list.html"
    actions = ["disable", "reset_passwords"]

    def has_view_permission(self, request, obj=None) -> bool:
        return can_maintain_reference_data(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__department")

    @admin.display(description="岗位")
    def current_roles(self, person: User) -> str:
        # Filtered here, because the list page has fetched all memberships beforehand.
        current = [row for row in person.memberships.all() if row.ended_at is None]
        return "、".join(f"{row.department}{row.get_role_display()}" for row in current) or "无"

    def save_model(self, request, obj, form, change):
        if "name" in form.changed_data:
            actions.rename_person(user=obj, name=obj.name, **actor_and_time(request))
        if "email" in form.changed_data:
            actions.set_email(user=obj, email=obj.email, **actor_and_time(request))

    def add_view(self, request, form_url="", extra_context=None):
        """Creates one or many accounts from a list,
        which is checked and shown before it is saved.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PeopleForm(request.POST or None, request.FILES or None)
        checked = form.is_valid()
        ready = checked and not form.has_errors
        if ready and "create" in request.POST:
            people = new_people(form.lines)
            try:
                actions.create_people(people=people, **actor_and_time(request))
                accounts = [(person.username, person.name, person.password) for person in people]
                return self.password_slips(request, accounts)
            except Refused as refused:
                messages.error(request, str(refused))
                form.check_again()
                ready = not form.has_errors
        displayed = PeopleForm(initial={"text": form.as_text}) if checked else form
        return self.page(
            request,
            "admin/people.html",
            "建立账号",
            form=displayed,
            lines=form.lines,
            ready=ready,
            units=Department.objects.current(),
            roles=ROLES,
        )

    def password_slips(self, request, accounts: list[tuple[str, str, str]]) -> TemplateResponse:
        """A page to print and cut; `accounts`: (user name, name, first password)."""
        return self.page(
            request,
            "admin/first_passwords.html",
            "首次密码条",
            accounts=accounts,
            sign_in_url=request.build_absolute_uri(reverse("sign-in")),
        )

    def rows_to_confirm(self, people) -> list[tuple[User, str]]:
        """Each person with user name and current roles, for the confirmation page."""
        return [(person, f"{person.username} · {self.current_roles(person)}") for person in people]

    @admin.action(description="停用账号（立即退出登录）", permissions=["change"])
    def disable(self, request, people):
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
    def reset_passwords(self, request, people):
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


@admin.register(Membership)
class MembershipAdmin(ReferenceAdmin):
    """Who has which role in which unit: added and ended, never changed."""

    may_add = staticmethod(can_maintain_reference_data)
    list_display = ["user", "department", "role", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "role", "department"]
    list_select_related = ["user", "department"]
    search_fields = ["user__username", "user__name"]
    fields = ["user", "department", "role"]
    filter_horizontal = ["portfolio"]
    actions = ["end"]

    def has_view_permission(self, request, obj=None) -> bool:
        return can_maintain_reference_data(request.user)

    def has_change_permission(self, request, obj=None) -> bool:
        """Only a current leader's portfolio can be changed; all else of a membership is final."""
        leading = obj is not None and obj.role == Role.LEADER and obj.ended_at is None
        return leading and can_maintain_reference_data(request.user)

    def get_fields(self, request, obj=None):
        leading = obj is not None and obj.role == Role.LEADER
        return [*self.fields, "portfolio"] if leading else self.fields

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            return
        fields = {name: form.cleaned_data[name] for name in self.fields}
        obj.pk = actions.add_membership(**fields, **actor_and_time(request)).pk

    def save_related(self, request, form, formsets, change):
        """Calls the action instead of Django's own writing of the many-to-many field."""
        if "portfolio" in form.changed_data:
            units = form.cleaned_data["portfolio"]
            actions.set_portfolio(
                membership=form.instance, departments=units, **actor_and_time(request)
            )

    @admin.action(description="办理离岗", permissions=["add"])
    def end(self, request, memberships):
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


@admin.register(CalendarDay)
class CalendarAdmin(ReferenceAdmin):
    """Days to look at; "add" loads the table of a whole year."""

    may_add = staticmethod(can_maintain_reference_data)
    list_display = ["date", "is_workday", "note"]
    list_filter = ["is_workday"]
    date_hierarchy = "date"
    change_list_template = "admin/calendar_list.html"

    def reminders(self) -> list[str]:
        """What is to be done about the years whose table should be loaded by now."""
        missing = CalendarDay.objects.missing_years(timezone.localdate())
        return [calendar_reminder(year) for year in missing]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"reminders": self.reminders()})

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CalendarForm(request.POST or None)
        loaded = None
        if form.is_valid():
            table = {name: form.cleaned_data[name] for name in ("year", "days", "source")}
            loaded = actions.load_calendar(**table, **actor_and_time(request))
        context = {"form": form, "loaded": loaded, "reminders": self.reminders()}
        return self.page(request, "admin/calendar.html", "载入工作日历", **context)
