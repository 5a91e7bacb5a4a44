"""Admin pages for people, units and the working calendar; every change goes through an action."""

from django.contrib import admin
from django.contrib.auth.models import Group

from departments.admin.calendar import CalendarAdmin
from departments.admin.memberships import MembershipAdmin
from departments.admin.people import PersonAdmin
from departments.admin.units import DepartmentAdmin

__all__ = ["CalendarAdmin", "DepartmentAdmin", "MembershipAdmin", "PersonAdmin"]

admin.site.unregister(Group)
admin.site.disable_action("delete_selected")
admin.site.index_title = "参考数据"
admin.site.enable_nav_sidebar = False
admin.site.empty_value_display = "无"
