"""What a draft's page said was kept is there, whole,
even if the process is killed the moment after.
"""

import random
import time

import pytest

from tests.fixtures.killing import database_for_others, rows_of, said_until_killed

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
ROWS = """
SELECT report.version, part.narrative, reading.value FROM progress_progressreport report
JOIN progress_contribution part ON part.report_id = report.id
JOIN progress_reading reading ON reading.report_id = report.id
"""


def test_a_killed_process_loses_no_acknowledged_draft_and_leaves_none_half_saved(office, tmp_path):
    database, chance = database_for_others(tmp_path), random.Random(time.time_ns())
    for _ in range(3):
        acknowledged = int(
            said_until_killed("tests.fixtures.draft_writer", database, chance.uniform(0, 0.5))[-1]
        )
        [(version, narrative, value)] = rows_of(database, ROWS)
        # The save in hand may have been kept without its word having come out.
        assert version in {acknowledged, acknowledged + 1}
        assert (narrative, value) == (f"第{version}次", version)
