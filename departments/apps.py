from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from common.ui.components import IDENTITY_ITEMS


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        checks.register(identity_registered, deploy=True)


def identity_registered(app_configs, **kwargs):
    """Names what the foot of every page shows as 尚未登记; no warning, because a trial run has nothing to register."""
    empty = [] if settings.DEMO else [label for label, key in IDENTITY_ITEMS if not settings.SITE.get(key)]
    return [checks.Info(f"the site profile leaves empty: {'、'.join(empty)}", id="site.I001")] if empty else []
