"""The app of units and people, with a check of the site profile."""

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from common.ui.page_components import IDENTITY_ITEMS


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        checks.register(check_identity_items, deploy=True)


def check_identity_items(**_asked_for: object) -> list[checks.CheckMessage]:
    """Lists the items that the foot of every page shows as 尚未登记.

    It is no warning, because a trial site has nothing to register.
    """
    empty = [label for label, key in IDENTITY_ITEMS if not settings.SITE.get(key)]
    if settings.DEMO or not empty:
        return []
    return [checks.Info(f"the site profile leaves empty: {'、'.join(empty)}", id="site.I001")]
