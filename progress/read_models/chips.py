"""The chip of a progress assessment."""

from common.ui.chips import Chip
from progress.choices import Pace, tone_of


def pace_chip(pace: str, note: str = "", *, demo: bool) -> Chip:
    """The chip of a `Pace`; `demo` marks it as a demonstration."""
    return Chip(str(Pace(pace).label), tone_of(pace), note, demo=demo)
