"""What is drawn is the code, square by square, with the ground around it that cameras need."""

import re

import pytest
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from common.ui.qr import MARGIN, qr_drawing

LINK = "https://promises.example.cn/feedback/track/?number=YT-2026-000001"


def squares(path: str) -> set[tuple[int, int]]:
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in runs) == path
    assert all(n == m for _, _, n, m in runs)
    return {(int(x) + step, int(y)) for x, y, n, _ in runs for step in range(int(n))}


@pytest.mark.parametrize("text", [LINK, "短", LINK * 3])
def test_every_dark_square_is_drawn_once_and_no_other(text):
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    rows = code.get_matrix()
    drawing = qr_drawing(text)
    wanted = {
        (x + MARGIN, y + MARGIN) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }
    assert squares(drawing.path) == wanted
    assert drawing.side == len(rows) + 2 * MARGIN


def test_a_qr_code_has_the_three_corners_a_camera_looks_for():
    drawing = qr_drawing(LINK)
    drawn, far = squares(drawing.path), drawing.side - MARGIN - 7
    for left, top in ((MARGIN, MARGIN), (far, MARGIN), (MARGIN, far)):
        ring = {
            (left + x, top + y) for x in range(7) for y in range(7) if 0 in {x, y, 6 - x, 6 - y}
        }
        assert ring <= drawn
