"""Loading the demonstration takes long: once for the whole folder, read by one worker.

On a day of a year whose table is younger than the shipped calendar: the harder case.
"""

import pytest

from tests.fixtures.sites import built


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker):
    yield from built(django_db_blocker, demo=True, at="2027-02-16T10:00:00+08:00")
