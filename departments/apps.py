"""The app of units and people, with checks of the site profile and of the sign-in."""

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models import IntegerField

from common.lookups import InKeptRange
from common.ui.page_components import IDENTITY_ITEMS


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        IntegerField.register_lookup(InKeptRange)
        checks.register(check_identity_items, deploy=True)
        checks.register(check_second_factor, deploy=True)


def check_identity_items(**_asked_for: object) -> list[checks.CheckMessage]:
    """Lists the items that the foot of every page shows as 尚未登记.

    It is no warning, because a trial site has nothing to register.
    """
    empty = [label for label, key in IDENTITY_ITEMS if not settings.SITE.get(key)]
    if settings.DEMO or not empty:
        return []
    return [checks.Info(f"the site profile leaves empty: {'、'.join(empty)}", id="site.I001")]


def check_second_factor(**_asked_for: object) -> list[checks.CheckMessage]:
    """Advises to ask some posts for more than a password.

    It is no warning, because the site decides.
    """
    if settings.DEMO or settings.SECOND_FACTOR_FOR:
        return []
    return [
        checks.Info(
            "nobody is asked for a one-time password at the sign-in",
            hint="Name the posts that publish and administer in SECOND_FACTOR_FOR.",
            id="site.I002",
        )
    ]
