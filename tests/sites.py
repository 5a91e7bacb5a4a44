"""Whole sites, as one command builds them; rolled back afterwards."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


def built(django_db_blocker, *, demo: bool):
    """The site with both documents; yields what the command printed."""
    out = io.StringIO()
    with django_db_blocker.unblock(), override_settings(DEMO=demo), transaction.atomic():
        call_command("bootstrap", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def real_site(django_db_setup, django_db_blocker):
    """As it starts with DEMO=0: two documents of the past and nobody yet."""
    yield from built(django_db_blocker, demo=False)
