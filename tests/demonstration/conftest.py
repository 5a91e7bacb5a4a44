"""Loading the demonstration takes long: once for the whole folder, which one worker reads from first to last."""

import pytest

from tests.sites import built


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker):
    yield from built(django_db_blocker, demo=True)
