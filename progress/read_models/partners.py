"""The partners of a joint item whose parts are missing, for the lead unit that waits for them."""

from dataclasses import dataclass
from datetime import date

from departments.models import Department
from progress.requirements.report import ReportRequirements


@dataclass(frozen=True)
class SilentPartner:
    """A supporting unit without its part, and the day on which the lead last asked for it.

    `can_be_nudged`: it was not asked today yet.
    """

    department: Department
    nudged_on: date | None
    can_be_nudged: bool


def silent_partners(requirements: ReportRequirements, today: date) -> tuple[SilentPartner, ...]:
    """The units without their parts of a report, in the order of the document. No query."""
    last = {unit: nudge.nudged_on for unit, nudge in requirements.nudges.items()}
    return tuple(
        SilentPartner(
            row.department,
            last.get(row.department_id),
            can_be_nudged=last.get(row.department_id) != today,
        )
        for row in requirements.silent
    )
