"""Walking the whole house takes long: one house for the whole folder,
which one worker walks from first to last.
"""

import pytest

from tests.fixtures.site import furnished, walker


@pytest.fixture(scope="package")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), furnished() as made:
        yield made


@pytest.fixture(scope="package")
def walks(house):
    """Name -> everything that person meets; walked once, a visitor through the public house,
    others through theirs.
    """
    return walker(house)
