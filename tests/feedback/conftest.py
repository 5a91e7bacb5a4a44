import pytest


@pytest.fixture
def desk(people, units, calendar_2013):
    """(clerk, leading unit, its reporter): who an ordinary letter passes,
    in a year with its calendar.
    """
    return people.clerk, units["anjianju"], people.reporter
