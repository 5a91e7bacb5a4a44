"""The transitions of a report: one row each, with all that other modules need to know of it."""

from dataclasses import dataclass
from enum import Enum

from progress.choices import ReportStatus


class ReportClock(Enum):
    """What a transition does to the days that are being counted."""

    # The unit's clock stops, for its first filing for good; the supervisor's starts.
    FILED = "filed"
    # The unit may write again, even after the closing; the day of its first filing is kept.
    REOPENED = "reopened"
    # The supervisor's clock stops.
    ASSESSED = "assessed"
    # The unit's clock goes on and the supervisor's stops; the day of the first filing is kept.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ReportTransition:
    """A step that people take with a report; the action of this name is the only one that takes it.

    `targets` is empty where the status stays, and holds two where the report goes back to the one
    it was sent from. `permission` names the predicate that guards it: one of this room's own
    permissions, or of publishing's, which imports this room and never the other way round.
    """

    verb: str
    label: str
    sources: tuple[ReportStatus, ...]
    permission: str
    targets: tuple[ReportStatus, ...] = ()
    clock: ReportClock | None = None
    # The label of this step in the list of work to do, and its label after the report came back.
    owed_as: str = ""
    owed_again_as: str = ""
    # Empty where the ledger has no entry for the single report: drafts are not recorded, and a
    # release is one entry for the whole period.
    ledger_verb: str = ""

    @property
    def target(self) -> ReportStatus:
        """The one status it ends in. Raises ValueError where there is none or more than one."""
        (only,) = self.targets
        return only


DRAFT, SIGNING, SUBMITTED = ReportStatus.DRAFT, ReportStatus.SIGNING, ReportStatus.SUBMITTED
RETURNED, VERIFIED, RELEASED = ReportStatus.RETURNED, ReportStatus.VERIFIED, ReportStatus.RELEASED

_ROWS = [
    ReportTransition("save_draft", "保存", (DRAFT, RETURNED), "can_file"),
    ReportTransition(
        "submit",
        "报送",
        (DRAFT, RETURNED),
        "can_file",
        targets=(SUBMITTED,),
        clock=ReportClock.FILED,
        owed_as="填报",
        owed_again_as="修改",
        ledger_verb="submit",
    ),
    ReportTransition(
        "send_to_sign",
        "送审签",
        (DRAFT, RETURNED),
        "can_file",
        targets=(SIGNING,),
        owed_as="填报",
        owed_again_as="修改",
        ledger_verb="send_to_sign",
    ),
    ReportTransition(
        "sign",
        "审签",
        (SIGNING,),
        "can_sign",
        targets=(SUBMITTED,),
        clock=ReportClock.FILED,
        owed_as="审签",
        ledger_verb="sign",
    ),
    ReportTransition(
        "hand_back",
        "审签退回填报员",
        (SIGNING,),
        "can_sign",
        targets=(DRAFT, RETURNED),
        ledger_verb="hand_back",
    ),
    ReportTransition(
        "recall",
        "从审签收回修改",
        (SIGNING,),
        "can_recall",
        targets=(DRAFT, RETURNED),
        ledger_verb="recall",
    ),
    # As long as no supervisor has acted on it.
    ReportTransition(
        "withdraw",
        "收回报送",
        (SUBMITTED,),
        "can_recall",
        targets=(DRAFT,),
        clock=ReportClock.WITHDRAWN,
        ledger_verb="withdraw",
    ),
    # The signed scan may be added after the report was submitted, until it is assessed.
    ReportTransition(
        "add_signed_form",
        "补交盖章报告表",
        (DRAFT, RETURNED, SIGNING, SUBMITTED),
        "can_file",
        ledger_verb="add_signed_form",
    ),
    ReportTransition(
        "verify",
        "审核",
        (SUBMITTED,),
        "can_review",
        targets=(VERIFIED,),
        clock=ReportClock.ASSESSED,
        owed_as="核查",
        ledger_verb="verify",
    ),
    # As long as no release with the verdict was prepared.
    ReportTransition(
        "reassess",
        "撤回核定，重新核查",
        (VERIFIED,),
        "can_review",
        targets=(SUBMITTED,),
        ledger_verb="reassess",
    ),
    ReportTransition(
        "return",
        "退回修改",
        (SUBMITTED,),
        "can_review",
        targets=(RETURNED,),
        clock=ReportClock.REOPENED,
        ledger_verb="return",
    ),
    ReportTransition("release", "公布", (VERIFIED,), "can_publish", targets=(RELEASED,)),
]
TRANSITIONS: dict[str, ReportTransition] = {row.verb: row for row in _ROWS}
# Verb -> the statuses it may start from, as queries ask for them.
MOVES: dict[str, list[ReportStatus]] = {row.verb: list(row.sources) for row in _ROWS}
