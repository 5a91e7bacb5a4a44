import pytest


@pytest.fixture
def taking_letters(people, settings) -> None:
    """A site that takes letters: somebody at both desks, and a telephone."""
    settings.SITE = settings.SITE | {"telephone": "0755-12345678"}


@pytest.fixture
def desk(people, units, calendar_2013):
    """(clerk, leading unit, its reporter): who an ordinary letter passes,
    in a year with its calendar.
    """
    return people.clerk, units["anjianju"], people.reporter
