"""Who may open the staff pages of the workspace, by the predicates of the apps they show."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import Role
from progress.permissions import can_open_periods, can_read_reports
from publishing.permissions import can_preview_release


def can_work(user: User) -> bool:
    """Whether the person holds any post, so that the home page has something to show."""
    return has_role(user, *Role)


def can_gather(user: User) -> bool:
    """Whether the person may gather a package for an inspection, of the reports they may read."""
    return can_read_reports(user)


def can_see_periods(user: User) -> bool:
    """Whether the person may see the quarters of all plans: who opens them or previews releases."""
    return can_open_periods(user) or can_preview_release(user)
