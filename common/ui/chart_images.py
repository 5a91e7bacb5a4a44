"""Paints the marks of `charts.layout` as PNG, for Word files and spreadsheets, which show no SVG.

Texts are left out: they stand in the table below each picture, whose columns are those of the
picture, so that no typeface is needed and people can copy them. Colours and patterns are those of
the style sheet.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import product

from PIL import Image, ImageDraw

from common.ui.charts import BASE, RADIUS, Bar, Chart, ChartLine, ChartText, Dot, Mark, layout
from common.ui.chips import Tone

# Pixels of the picture, of one em and of a line one CSS pixel wide: 200 to the inch on 156 mm of
# paper.
WIDTH, EM, STROKE = 1240, 26, 2
HEIGHT = round((BASE + 0.4) * EM)
# Painted so many times larger and then scaled down, so that edges come out smooth.
OVERSAMPLING = 2
# The side of the square tile that a pattern repeats, in painted pixels.
STEP = 6 * STROKE * OVERSAMPLING
INK, EDGE, HARBOUR, PAPER = "#14202b", "#6f8291", "#0b4f7d", "#ffffff"
Pixel = tuple[float, float]
# The colour of each tone, and its light tint.
COLOURS = {
    Tone.DONE: ("#1d6b43", "#e9f3ed"),
    Tone.COURSE: ("#0b4f7d", "#e6f0f6"),
    Tone.BEHIND: ("#8a5a00", "#fbf3e2"),
    Tone.LATE: ("#a3261d", "#fbecea"),
    Tone.SILENT: ("#86195a", "#f9eaf2"),
    Tone.RETURNED: ("#4a5b6a", "#f4f7f9"),
    Tone.QUIET: ("#4a5b6a", PAPER),
}
# Colour, width and dashes (on, off) of each kind of line, as in the style sheet.
STROKES = {
    "base": (EDGE, 1, None),
    "unknown": (EDGE, 1, (2, 4)),
    "plan": (INK, 3, None),
    "way": (HARBOUR, 2, None),
    "way way--plan": (INK, 1, (5, 4)),
}


def png(chart: Chart) -> BytesIO:
    """The picture without its texts.

    HEADS per cent at the left stay empty, because the table below has its row heads there.
    """
    marks = layout(chart)
    image = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), PAPER)
    brush = Brush(image)
    for mark in [*marks.frame, *(mark for point in marks.points for mark in point)]:
        brush.paint(mark)
    file = BytesIO()
    image.reduce(OVERSAMPLING).quantize(64).save(file, "PNG", dpi=(200, 200))
    file.seek(0)
    return file


class Brush:
    """Paints single marks on an image."""

    def __init__(self, image: Image.Image):
        self.image, self.pen = image, ImageDraw.Draw(image)

    def paint(self, mark: Mark) -> None:
        """Paints a mark; texts are left out, but for the triangles of values that do not fit."""
        match mark:
            case ChartLine():
                self._line(mark)
            case Bar():
                self._bar(mark)
            case Dot():
                self._dot(mark)
            case ChartText(words="▲" | "▼"):
                self._triangle(mark)

    def _pixels(self, x: float, y: float) -> Pixel:
        return x / 100 * WIDTH * OVERSAMPLING, y * EM * OVERSAMPLING

    def _line(self, mark: ChartLine) -> None:
        colour, width, dashes = STROKES[mark.kind]
        start, end = self._pixels(mark.x1, mark.y1), self._pixels(mark.x2, mark.y2)
        for stroke in _strokes(start, end, dashes):
            self.pen.line(stroke, fill=colour, width=width * STROKE * OVERSAMPLING)

    def _bar(self, mark: Bar) -> None:
        left, top = map(round, self._pixels(mark.x, mark.y))
        right, foot = map(round, self._pixels(mark.x + mark.width, mark.y + mark.height))
        if foot > top:
            self.image.paste(_pattern(mark.tone, (right - left, foot - top)), (left, top))
        self.pen.rectangle((left, top, right, foot), outline=INK, width=STROKE * OVERSAMPLING)

    def _dot(self, mark: Dot) -> None:
        centre = self._pixels(mark.x, mark.y)
        self.pen.circle(
            centre,
            RADIUS * EM * OVERSAMPLING,
            fill=HARBOUR,
            outline=INK,
            width=STROKE * OVERSAMPLING,
        )

    def _triangle(self, mark: ChartText) -> None:
        """A triangle where a value does not fit: it goes on upwards or downwards."""
        x, y = self._pixels(mark.x, mark.y)
        size = EM * OVERSAMPLING / 2
        top, foot = (y - size, y) if mark.words == "▲" else (y, y - size)
        self.pen.polygon([(x, top), (x - size / 2, foot), (x + size / 2, foot)], fill=INK)


def _strokes(
    start: Pixel, end: Pixel, dashes: tuple[int, int] | None
) -> Iterator[tuple[Pixel, Pixel]]:
    """The whole line, or the strokes of a dashed one."""
    if dashes is None:
        yield start, end
        return
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    on, off = (size * STROKE * OVERSAMPLING for size in dashes)
    for offset in range(0, int(length), on + off):
        a, b = offset / length, min(offset + on, length) / length
        yield (x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b)


def _pattern(tone: Tone, size: tuple[int, int]) -> Image.Image:
    """A fill that can be told apart without colours.

    Dots on course, slopes behind, squares late, bars silent, lines returned, solid done, empty
    quiet.
    """
    colour, tint = COLOURS[tone]
    filled = Image.new("RGB", size, colour if tone == Tone.DONE else tint)
    if tone in PATTERNS:
        tile = Image.new("RGB", (STEP, STEP), tint)
        PATTERNS[tone](ImageDraw.Draw(tile), colour)
        _cover_with(filled, tile)
    return filled


def _cover_with(image: Image.Image, tile: Image.Image) -> None:
    for corner in product(range(0, image.width, STEP), range(0, image.height, STEP)):
        image.paste(tile, corner)


def _draw_dot(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.circle((STEP // 2, STEP // 2), 1.3 * STROKE * OVERSAMPLING, fill=colour)


def _draw_slopes(pen: ImageDraw.ImageDraw, colour: str) -> None:
    width = round(1.5 * STROKE * OVERSAMPLING)
    for shift in (-STEP, 0, STEP):
        pen.line((shift - 1, STEP, shift + STEP, -1), fill=colour, width=width)


def _draw_squares(pen: ImageDraw.ImageDraw, colour: str) -> None:
    half = STEP // 2
    pen.rectangle((0, 0, half - 1, half - 1), fill=colour)
    pen.rectangle((half, half, STEP, STEP), fill=colour)


def _draw_bar(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.rectangle((0, STEP // 4, STEP, 3 * STEP // 4 - 1), fill=colour)


def _draw_line(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.line((STEP // 2, 0, STEP // 2, STEP), fill=colour, width=STROKE * OVERSAMPLING)


# What is drawn on the tile of each tone that has a pattern.
PATTERNS = {
    Tone.COURSE: _draw_dot,
    Tone.BEHIND: _draw_slopes,
    Tone.LATE: _draw_squares,
    Tone.SILENT: _draw_bar,
    Tone.RETURNED: _draw_line,
}
