"""A released quarter counted by plain Python from the rows of its tables, with no help of the portal's own reading."""

from datetime import timedelta, timezone
from decimal import Decimal

from publishing.models import Publication, PublishedReading

BEIJING = timezone(timedelta(hours=8))
BEHIND = {"slow", "partly", "not_done", "no_progress", "blocked"}
SILENT, GONE = {"not_reported", "returned"}, {"ended", "succeeded"}
COLUMNS = ["pk", "task__code", "headline", "self_pace", "assessment_pace", "reporting", "extended_to", "first_filed_at"]
COLUMNS += ["is_current", "revision", "withheld_basis", "period__due_on"]


def rows() -> list[dict]:
    """As anybody may export them, in no order."""
    return list(Publication.objects.values(*COLUMNS))


def now() -> list[dict]:
    return [row for row in rows() if row["is_current"]]


def counted() -> dict[str, set[str]]:
    """Codes of each list."""
    found = now()

    def codes(holds) -> set[str]:
        return {row["task__code"] for row in found if holds(row)}

    return {
        "done": codes(lambda row: row["headline"] == "done"),
        "rest": codes(lambda row: row["headline"] in {"on_course", "not_started"}),
        "behind": codes(lambda row: row["headline"] in BEHIND),
        "late": codes(lambda row: row["reporting"] == "late"),
        "silent": codes(lambda row: row["headline"] in SILENT),
        "granted": codes(lambda row: row["extended_to"] is not None),
        "extended": codes(lambda row: row["headline"] == "extended"),
        "disagreeing": codes(
            lambda row: row["self_pace"] and row["assessment_pace"] and row["self_pace"] != row["assessment_pace"]
        ),
        "withheld": codes(lambda row: row["headline"] == "withheld"),
        "ended": codes(lambda row: row["headline"] in GONE),
    }


def days_late() -> dict[str, int]:
    late = [row for row in now() if row["reporting"] == "late"]
    held = {row["task__code"]: row["extended_to"] or row["period__due_on"] for row in late}
    return {
        row["task__code"]: (row["first_filed_at"].astimezone(BEIJING).date() - held[row["task__code"]]).days
        for row in late
    }


def numbers() -> dict[str, tuple[Decimal, Decimal | None, Decimal | None, Decimal | None]]:
    """Code -> (value, target, its upper end, gap); the seed gives a task one number at most."""
    found = {}
    for row in PublishedReading.objects.filter(publication__is_current=True).values(
        "publication__task__code", "value", "target", "target_max"
    ):
        value, low, high = row["value"], row["target"], row["target_max"]
        gap = None if low is None else value - low
        if high is not None:
            gap = Decimal(0) if low <= value <= high else value - (high if value > high else low)
        found[row["publication__task__code"]] = (value, low, high, gap)
    return found
