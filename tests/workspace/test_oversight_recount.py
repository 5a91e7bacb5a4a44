"""The four figures, counted once more from the rows of the tables in plain Python, and equal."""

from datetime import date, datetime

import pytest

from progress.models import Assessment, ExtensionRequest, ProgressReport, ReportingPeriod
from publishing.models import Publication
from supervision.models import CoordinationItem
from supervision.read_models.coordination import items_for
from tasks.models import ChangeRequest, Responsibility, Task
from tests.fixtures.coordination import decide, raised
from tests.fixtures.quarter import moment
from tests.fixtures.random_quarter import draw
from workspace.read_models.internal_status import status_rows
from workspace.read_models.oversight import oversight

pytestmark = pytest.mark.both

BEHIND = {"slow", "partly", "not_done", "no_progress", "blocked"}
UNREPORTED = {"not_reported", "closed_early", "returned"}
KINDS = ["behind", "unreported", "returned", "closed_early"]
# Of these a later trouble is neither old nor new.
SAYS_NOTHING = {"withheld", "ended", "succeeded"}
DAYS = ["2013-07-10T09:00:00", "2013-07-12T23:59:00", "2013-07-13T00:00:00", "2013-07-20T09:00:00"]


def rows(model, **where) -> list[dict]:
    """As an export has them."""
    return list(model.objects.filter(**where).values())


def state_of(task: dict, period: dict, today: date) -> str:
    """One word for one task in one quarter; `awaited` while its day has not passed,
    `ended` where none is asked.
    """
    if period["state"] == "released":
        found = rows(Publication, task=task["id"], period=period["id"], is_current=True)
        return found[0]["headline"] if found else "unpublished"
    report = next(iter(rows(ProgressReport, task=task["id"], period=period["id"])), None)
    if report and report["status"] in {"submitted", "verified"}:
        judged = rows(Assessment, report=report["id"], is_current=True)
        return judged[0]["pace"] if judged else report["pace"]
    closings = rows(ChangeRequest, task=task["id"], kind__in=["end", "merge", "split"])
    if any(
        row["approved_on"] < date(period["year"], period["index"] * 3 - 2, 1) for row in closings
    ):
        return "ended"
    if report and report["status"] == "returned":
        return "returned"
    granted = rows(ExtensionRequest, task=task["id"], period=period["id"], state="granted")
    due = granted[-1]["granted_until"] if granted else period["due_on"]
    if period["early_reason"] and not granted:
        return "closed_early"
    return "not_reported" if today > due else "awaited"


def recount(at: datetime) -> dict[str, int]:
    """Behind, each way of no report, silent units and new, task by task,
    the newest quarter of which something is known. After an early closing that is what was known
    before: the task counts by both.
    """
    periods = sorted(
        rows(ReportingPeriod), key=lambda row: (row["year"], row["index"]), reverse=True
    )
    found = dict.fromkeys([*KINDS, "carried", "new"], 0)
    units = set()
    for task in rows(Task):
        said = [state_of(task, period, at.date()) for period in periods]
        if all(word in {"awaited", "ended", "succeeded", "unpublished"} for word in said):
            continue
        place = next(
            n for n, word in enumerate(said) if word not in {"awaited", "ended", "unpublished"}
        )
        now, before = said[place], [word for word in said[place + 1 :] if word != "unpublished"]
        trouble = "behind" if now in BEHIND else now if now in UNREPORTED else ""
        last = next(iter(before), "") if trouble == "closed_early" else ""
        carried = "behind" if last in BEHIND else last if last in UNREPORTED else ""
        found["carried"] += bool(carried)
        for kind in filter(None, [trouble, carried]):
            found["unreported" if kind == "not_reported" else kind] += 1
        if trouble:
            told = now if periods[place]["state"] == "released" else next(iter(before), "")
            found["new"] += bool(told) and told not in BEHIND | UNREPORTED | SAYS_NOTHING
        if "not_reported" in {trouble, carried}:
            answering = rows(Responsibility, task=task["id"], valid_to=None)
            units |= {row["department_id"] for row in answering}
    return found | {"units": len(units)}


@pytest.mark.parametrize("at", DAYS)
@pytest.mark.parametrize(
    ("seed", "state"), [(1, "open"), (2, "open"), (3, "closed"), (4, "closed early"), (5, "open")]
)
def test_the_figures_of_the_page_equal_a_count_by_hand(office, seed, state, at):
    draw(office, seed, state=state)
    at = moment(at)
    shown = oversight(status_rows(at=at))
    figures = {
        "behind": len(shown.behind),
        "unreported": len(shown.unreported),
        "returned": len(shown.returned),
        "closed_early": len(shown.closed_early),
        "carried": shown.carried,
        "new": len(shown.new),
    }
    assert figures | {"units": shown.silent_units} == recount(at)
    twice = figures["carried"] + figures["new"]
    assert sum(figures.values()) - figures["carried"] - twice == len(shown.rows)


def test_the_items_waiting_for_a_decision_equal_a_count_by_hand(office):
    raised(office)
    counted = len(rows(CoordinationItem, state="raised"))
    assert len(items_for(office.people.leader, date(2013, 7, 8)).waiting) == counted == 1
    decide(office, CoordinationItem.objects.get())
    counted = len(rows(CoordinationItem, state="raised"))
    assert len(items_for(office.people.leader, date(2013, 7, 8)).waiting) == counted == 0
