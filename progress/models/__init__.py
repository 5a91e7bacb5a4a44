from progress.models.axes import (
    Confidence,
    Method,
    Outcome,
    Pace,
    ReasonClass,
    Reporting,
    State,
    TargetBasis,
    Timing,
    Trajectory,
    Voice,
)
from progress.models.breakdowns import Breakdown
from progress.models.coordination import CoordinationItem, CoordinationNote
from progress.models.periods import ReportingPeriod
from progress.models.publications import Publication, PublishedFinding, PublishedReading
from progress.models.releases import Clearance, Release
from progress.models.reports import Contribution, Evidence, Finding, ProgressReport, Reading, ReportStatus
from progress.models.requests import CorrectionRequest, ExtensionRequest, Objection, Unlock
from progress.models.reviews import AssessedFinding, Assessment
from progress.models.slips import SlipCounter, SlipFile, SlipStep, SupervisionSlip
from progress.models.year_ends import YearEnd

__all__ = [
    "AssessedFinding",
    "Assessment",
    "Breakdown",
    "Clearance",
    "Confidence",
    "Contribution",
    "CoordinationItem",
    "CoordinationNote",
    "CorrectionRequest",
    "Evidence",
    "ExtensionRequest",
    "Finding",
    "Method",
    "Objection",
    "Outcome",
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
    "SlipCounter",
    "SlipFile",
    "SlipStep",
    "State",
    "SupervisionSlip",
    "TargetBasis",
    "Timing",
    "Trajectory",
    "Unlock",
    "Voice",
    "YearEnd",
]
