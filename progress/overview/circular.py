"""What 督查通报 says besides the bulletin of its quarter: the slips that are open, and the way of every number."""

from dataclasses import dataclass
from datetime import datetime

from progress.models import Publication, ReportingPeriod
from progress.overview.board import Board, board_of
from progress.overview.bulletin import Bulletin
from progress.overview.slips import OpenSlip, open_slips
from progress.overview.trajectories import Trajectory, trajectories
from yantian_portal.lib.days import local_day


@dataclass(frozen=True)
class Circular:
    """For the offices: slips are no business of the public, unless its plan says so."""

    bulletin: Bulletin
    slips: list[OpenSlip]
    drawn: list[Trajectory]
    at: datetime


def circular_from(found: Bulletin, *, at: datetime) -> Circular:
    slips = open_slips([part.plan for part in found.parts], local_day(at))
    return Circular(found, slips, drawn_until(found), at)


def drawn_until(found: Bulletin) -> list[Trajectory]:
    """Every indicator with interim values, plan by plan, as far as the quarter goes. As many queries for each plan."""
    return [each for part in found.parts for each in _drawn(part.period)]


def _drawn(period: ReportingPeriod) -> list[Trajectory]:
    """What came after the quarter is not due here, even where it is known by now."""
    board = board_of(period.plan, (period.year, period.index), local_day(period.released_at))
    known = {task: [row for row in rows if _within(row, board)] for task, rows in board.published.items()}
    missing = {place: board.unpublished(*place) for place in board.places}
    drawn, _ = trajectories(board.plan, board.tasks, known, board.nodes, missing)
    return drawn


def _within(row: Publication, board: Board) -> bool:
    return (row.period.year, row.period.index) <= board.place
