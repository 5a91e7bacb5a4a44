"""QR codes as SVG paths, drawn here without picture files, scripts or services of others."""

from dataclasses import dataclass
from itertools import groupby

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

# The empty margin that cameras need, in squares.
MARGIN = 4


@dataclass(frozen=True)
class QrDrawing:
    """A code to draw: `side` in squares, with the margin; `path`: the dark squares, for an SVG."""

    side: int
    path: str


def qr_drawing(text: str) -> QrDrawing:
    """The QR code of a text."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=MARGIN)
    code.add_data(text)
    rows = code.get_matrix()
    return QrDrawing(
        len(rows),
        "".join(_run_path(y, run) for y, row in enumerate(rows) for run in _dark_runs(row)),
    )


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Runs of neighbouring dark squares as (first square, length)."""
    runs, x = [], 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs.append((x, length))
        x += length
    return runs


def _run_path(y: int, run: tuple[int, int]) -> str:
    x, length = run
    return f"M{x} {y}h{length}v1h-{length}z"
