"""The models of supervision, importable from one place."""

from supervision.models.coordination import CoordinationItem, CoordinationNote
from supervision.models.slip_files import SlipFile
from supervision.models.slips import SlipCounter, SlipStep, SupervisionSlip

__all__ = [
    "CoordinationItem",
    "CoordinationNote",
    "SlipCounter",
    "SlipFile",
    "SlipStep",
    "SupervisionSlip",
]
