"""Nothing in the demonstration happened later than now, not even before noon of the first day."""

import pytest
from django.apps import apps
from django.db.models import DateTimeField, Max
from django.utils import timezone

pytestmark = pytest.mark.usefixtures("demonstration")
# Sessions end in the future.
MODELS = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]


def test_no_row_of_the_demonstration_is_dated_later_than_now():
    now, later = timezone.now(), []
    for model in MODELS:
        columns = [c.name for c in model._meta.concrete_fields if isinstance(c, DateTimeField)]
        latest = model.objects.aggregate(**{f"l_{name}": Max(name) for name in columns})
        later += [f"{model._meta.label}.{n}" for n, at in latest.items() if at and at > now]
    assert later == []
