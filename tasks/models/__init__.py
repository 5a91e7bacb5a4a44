"""The models of what was promised."""

from tasks.models.changes import ChangeRequest
from tasks.models.commitments import Commitment, Track
from tasks.models.due_changes import DueChange
from tasks.models.imports import ImportRun
from tasks.models.indicators import Indicator, Target
from tasks.models.plans import Passage, Plan, Section
from tasks.models.responsibilities import Responsibility
from tasks.models.tasks import Milestone, Task

__all__ = [
    "ChangeRequest",
    "Commitment",
    "DueChange",
    "ImportRun",
    "Indicator",
    "Milestone",
    "Passage",
    "Plan",
    "Responsibility",
    "Section",
    "Target",
    "Task",
    "Track",
]
