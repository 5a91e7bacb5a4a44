"""One line of the list of work to do (今天要做的), for reports, requests,
slips and letters alike.
"""

from dataclasses import dataclass
from datetime import date

from departments.querysets import Span
from departments.rules.working_days import Counting
from progress.models import ExtensionRequest
from progress.read_models.partners import SilentPartner


@dataclass(frozen=True)
class WorkItem:
    """One thing a person has to do; `missing`: what is left to do, `returned`: why it came back."""

    due_on: date
    title: str
    missing: str
    url: str
    verb: str = "办理"
    note: str = ""
    returned: str = ""
    sent_back: str = "退回修改"
    demonstration: bool = False
    # Whether `due_on` only sorts it: it may be done on any day.
    open_ended: bool = False
    # Ids of the person's units that owe a report.
    units: frozenset[int] = frozenset()
    # Why it is due on that day: the working days counted, and the extension granted on top.
    span: Span | None = None
    extension: ExtensionRequest | None = None
    counting: Counting | None = None
    # Of a report that the person's unit leads: whose parts it waits for, and where to ask for them.
    partners: tuple[SilentPartner, ...] = ()
    nudge_url: str = ""
