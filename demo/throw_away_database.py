"""An empty database for the benchmarks, beside the configured one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from django.db import connection


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Makes the connection one to a migrated, empty database and drops it afterwards.

    The configured database is not opened.
    """
    configured = connection.settings_dict["NAME"]
    with TemporaryDirectory() as folder:
        name = f"bench_{os.getpid()}"
        connection.settings_dict["TEST"]["NAME"] = (
            name if connection.vendor == "postgresql" else f"{folder}/{name}"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
