from enum import StrEnum


class SeriesKind(StrEnum):
    """Whose numbers a series of the trajectory chart shows: as filed, or added up or subtracted by us."""

    FILED = "filed"
    TOTAL = "total"
    STEP = "step"
