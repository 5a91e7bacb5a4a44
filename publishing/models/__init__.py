"""The models of publishing, importable from one place."""

from publishing.models.corrections import CorrectionRequest
from publishing.models.objections import Objection
from publishing.models.publications import Publication, PublishedFinding, PublishedReading
from publishing.models.releases import Clearance, Release
from publishing.models.year_ends import YearEnd

__all__ = [
    "Clearance",
    "CorrectionRequest",
    "Objection",
    "Publication",
    "PublishedFinding",
    "PublishedReading",
    "Release",
    "YearEnd",
]
