"""A code for the camera of a phone, drawn here as a path: no picture file, no script, nobody else's service."""

from dataclasses import dataclass
from itertools import groupby

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

# The quiet ground around it that cameras need, in squares.
MARGIN = 4


@dataclass(frozen=True)
class QrDrawing:
    """`side`: in squares, margin included; `path`: the dark squares, row by row, for an SVG."""

    side: int
    path: str


def qr_drawing(text: str) -> QrDrawing:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=MARGIN)
    code.add_data(text)
    rows = code.get_matrix()
    return QrDrawing(len(rows), "".join(_run(y, run) for y, row in enumerate(rows) for run in _dark_runs(row)))


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """(first square, how many) of the dark squares that touch."""
    runs, x = [], 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs.append((x, length))
        x += length
    return runs


def _run(y: int, run: tuple[int, int]) -> str:
    x, length = run
    return f"M{x} {y}h{length}v1h-{length}z"
