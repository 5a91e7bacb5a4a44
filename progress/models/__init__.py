from progress.models.axes import Confidence, Method, Pace, ReasonClass, Reporting, State, Timing, Trajectory
from progress.models.periods import ReportingPeriod
from progress.models.publications import Publication, PublishedFinding, PublishedReading
from progress.models.releases import Clearance, Release
from progress.models.reports import Contribution, Evidence, Finding, ProgressReport, Reading, ReportStatus
from progress.models.requests import ExtensionRequest, Objection, Unlock
from progress.models.reviews import AssessedFinding, Assessment

__all__ = [
    "AssessedFinding",
    "Assessment",
    "Clearance",
    "Confidence",
    "Contribution",
    "Evidence",
    "ExtensionRequest",
    "Finding",
    "Method",
    "Objection",
    "Pace",
    "ProgressReport",
    "Publication",
    "PublishedFinding",
    "PublishedReading",
    "Reading",
    "ReasonClass",
    "Release",
    "ReportStatus",
    "Reporting",
    "ReportingPeriod",
    "State",
    "Timing",
    "Trajectory",
    "Unlock",
]
