"""Choices of the public pages."""

from enum import StrEnum


class SeriesKind(StrEnum):
    """The source of a series: as filed, or added up or subtracted by the portal."""

    FILED = "filed"
    TOTAL = "total"
    STEP = "step"
