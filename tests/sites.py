"""Whole sites, as one command builds them; rolled back afterwards."""

import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


def built(django_db_blocker, *, demo: bool, at: str):
    """The site with both documents; yields what the command printed.

    `at`: the moment it is built, with offset; the clock runs on from there while it is used.
    """
    out, clock, settings = io.StringIO(), time_machine.travel(at), override_settings(DEMO=demo)
    with clock, django_db_blocker.unblock(), settings, transaction.atomic():
        call_command("bootstrap", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def real_site(django_db_setup, django_db_blocker):
    """As it starts with DEMO=0: two documents of the past and nobody yet."""
    yield from built(django_db_blocker, demo=False, at="2026-11-30T10:00:00+08:00")
