"""One line of 今天要做的, the same for every room of the house."""

from dataclasses import dataclass
from datetime import date

from departments.querysets import Span
from departments.rules.working_days import Counting
from progress.models import ExtensionRequest


@dataclass(frozen=True)
class WorkItem:
    """`missing` says what is still to be done, `returned` why it came back."""

    due_on: date
    title: str
    missing: str
    url: str
    verb: str = "办理"
    note: str = ""
    returned: str = ""
    sent_back: str = "退回修改"
    demonstration: bool = False
    # Ids of the person's units that owe a report.
    units: frozenset[int] = frozenset()
    # From which day to which working days were counted, and what was granted on top: why the day is the day it is.
    span: Span | None = None
    extension: ExtensionRequest | None = None
    counting: Counting | None = None
