"""docs/notices.md lists what people are told of: every event that there is, and no other."""

import re
from pathlib import Path

from subscriptions.models import Event

# The first words of an event's row; the letters have docs/feedback.md.
ROWS = {
    Event.PERIOD_OPENED: "period opened",
    Event.CLOSED_EARLY: "period closed early",
    Event.PART_NUDGED: "partner nudged by the lead",
    Event.REPORT_DUE: "report due",
    Event.REPORT_RETURNED: "report returned",
    Event.REPORT_TO_SIGN: "report to sign",
    Event.REVIEW_DUE: "review due",
    Event.REPORT_VERIFIED: "report verified",
    Event.VERDICT_DIFFERS: "verdict differs",
    Event.SLIP_ISSUED: "slip issued or raised",
    Event.SLIP_SENT_BACK: "slip sent back",
    Event.SLIP_DUE: "slip due",
    Event.SLIP_ENDED: "slip ended",
    Event.RELEASE_WARNING: "release warning",
    Event.RELEASE_READY: "release ready",
    Event.COORDINATION_RAISED: "coordination raised",
    Event.COORDINATION_DECIDED: "coordination decided",
    Event.COORDINATION_DUE: "… due",
    Event.INSTRUCTED: "instruction of a leader",
    Event.CORRECTION_PROPOSED: "correction proposed",
    Event.CORRECTION_RETURNED: "correction returned",
    Event.FILE_LATE: "may be filed late",
    Event.OBJECTION_DUE: "may be objected to",
}


def test_the_table_of_the_notices_names_every_event_once():
    about = Path("docs/notices.md").read_text("utf-8").split("## Who is told what")[1]
    table = about.split("\n\n")[1].splitlines()[2:]
    rows = [re.match(r"\| (.*?) \|", row)[1] for row in table]
    assert sorted(rows) == sorted(ROWS.values())
    assert ROWS.keys() == {event for event in Event if not event.startswith("ticket")}
