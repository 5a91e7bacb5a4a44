import mailbox

import pytest
from django.core.cache import cache


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


@pytest.fixture
def box(tmp_path, settings, taking_letters) -> mailbox.Maildir:
    """The mailbox that `fetch_mail` reads; nobody has got a receipt yet."""
    cache.clear()
    settings.MAILBOX_URL = f"maildir://{tmp_path / 'letters'}"
    return mailbox.Maildir(tmp_path / "letters")
