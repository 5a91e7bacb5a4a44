"""Who may open the staff pages that show several rooms, by the predicates of those rooms."""

from departments.models import User
from departments.permissions import has_role
from departments.roles import Role
from progress.permissions import can_open_periods, can_read_reports
from publishing.permissions import can_preview_release


def can_work(user: User) -> bool:
    """Whether the staff pages hold anything for the person: whoever holds any post."""
    return has_role(user, *Role)


def can_gather(user: User) -> bool:
    """The package for an inspection: whoever reads reports, each as many as the person may see."""
    return can_read_reports(user)


def can_see_periods(user: User) -> bool:
    """The list of quarters: whoever opens them or looks into what is published of them."""
    return can_open_periods(user) or can_preview_release(user)
