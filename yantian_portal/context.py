from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from departments.models import Role, User
from yantian_portal.lib.components import TEXT_SIZES


def portal(request):
    """What every page needs: the site profile, whether this is the demonstration, and the reader's text size."""
    size = request.COOKIES.get("text_size", "standard")
    return {
        "site": settings.SITE,
        "demo": settings.DEMO,
        "text_size": size if size in dict(TEXT_SIZES) else "standard",
        # Asked by the staff layout only; a public page pays nothing for it.
        "staff_nav": SimpleLazyObject(lambda: staff_nav(getattr(request, "user", None))),
    }


READS_REPORTS = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER, Role.AUDITOR]
HEARS_CITIZENS = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.CLERK, Role.LEADER, Role.AUDITOR]
STAFF_ROOMS = [
    ("今天要做的", "staff:home", list(Role)),
    ("进展填报", "staff_progress:reports", READS_REPORTS),
    ("核查", "staff_progress:queue", [Role.SUPERVISOR]),
    ("填报期与发布", "staff_progress:periods", [Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER]),
    ("责任单位", "staff_tasks:responsibilities", [Role.SUPERVISOR]),
    ("诉求", "staff_feedback:desk", HEARS_CITIZENS),
    ("参考数据", "admin:index", [Role.ADMINISTRATOR, Role.SUPERVISOR]),
]


def staff_nav(user: User | None) -> list[tuple[str, str]]:
    """(label, address) of the rooms a person's posts open."""
    if user is None or not user.is_authenticated:
        return []
    return [(label, reverse(name)) for label, name, roles in STAFF_ROOMS if user.has_role(*roles)]
