"""The models of reporting: periods, reports, assessments, extensions and breakdowns."""

from progress.models.assessments import AssessedFinding, Assessment
from progress.models.breakdowns import Breakdown
from progress.models.early_closings import EarlyClosing
from progress.models.evidence import Evidence
from progress.models.extensions import ExtensionRequest, Unlock
from progress.models.nudges import Nudge
from progress.models.periods import ReportingPeriod
from progress.models.reports import Contribution, Finding, ProgressReport, Reading

__all__ = [
    "AssessedFinding",
    "Assessment",
    "Breakdown",
    "Contribution",
    "EarlyClosing",
    "Evidence",
    "ExtensionRequest",
    "Finding",
    "Nudge",
    "ProgressReport",
    "Reading",
    "ReportingPeriod",
    "Unlock",
]
