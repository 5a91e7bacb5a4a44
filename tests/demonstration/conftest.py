"""Loading the demonstration takes long: once for the whole folder, read by one worker.

On a day of a year whose table is younger than the shipped calendar: the harder case.
"""

import re

import pytest
from django.test import Client

from tests.fixtures.crawl import crawl
from tests.fixtures.sites import built

# Entries of the record, lists and letters look alike whatever they are about.
ALIKE = re.compile(r"/ledger/\d+/|/tasks/\?|/feedback/new/\?|.*[?&]as_of=")


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker):
    yield from built(django_db_blocker, demo=True, at="2027-02-16T10:00:00+08:00")


@pytest.fixture(scope="package")
def met(demonstration):
    """Every page a visitor reaches."""
    return crawl(Client(), "/", avoiding=ALIKE)
