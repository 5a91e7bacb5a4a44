"""The same pictures as PNG, for papers and spreadsheets, which show no SVG: the marks of `charts.layout`, painted.

Words are left out: they stand as text in the table below each picture, whose columns are those of the picture, so
that no typeface is needed and a reader can copy and hear them. Colours and patterns are those of the style sheet.
"""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw

from common.ui.charts import BASE, RADIUS, Bar, Chart, ChartLine, ChartText, Dot, Mark, layout
from common.ui.chips import Tone

# Of the picture, in points of a screen at twice their size: 156 mm of paper hold 200 of them to the inch.
WIDTH, LETTER, POINT = 1240, 26, 2
HEIGHT = round((BASE + 0.4) * LETTER)
# Painted larger and made smaller: edges and slopes come out smooth.
FINER = 2
INK, EDGE, HARBOUR, PAPER = "#14202b", "#6f8291", "#0b4f7d", "#ffffff"
# Tone and its tint.
COLOURS = {
    Tone.DONE: ("#1d6b43", "#e9f3ed"),
    Tone.COURSE: ("#0b4f7d", "#e6f0f6"),
    Tone.BEHIND: ("#8a5a00", "#fbf3e2"),
    Tone.LATE: ("#a3261d", "#fbecea"),
    Tone.QUIET: ("#4a5b6a", PAPER),
}
# Colour, breadth and dashes (on, off) of each kind of line, as the style sheet has them.
STROKES = {
    "base": (EDGE, 1, None),
    "unknown": (EDGE, 1, (2, 4)),
    "plan": (INK, 3, None),
    "way": (HARBOUR, 2, None),
    "way way--plan": (INK, 1, (5, 4)),
}


def png(chart: Chart) -> BytesIO:
    """Everything above the words, HEADS per cent of its width empty at the left, where the table has its heads."""
    found = layout(chart)
    image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    brush = Brush(image)
    for mark in [*found.frame, *(mark for marks in found.points for mark in marks)]:
        brush.paint(mark)
    file = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(64).save(file, "PNG", dpi=(200, 200))
    file.seek(0)
    return file


class Brush:
    def __init__(self, image: Image.Image):
        self.image, self.pen = image, ImageDraw.Draw(image)

    def paint(self, mark: Mark) -> None:
        match mark:
            case ChartLine():
                self._line(mark)
            case Bar():
                self._bar(mark)
            case Dot():
                self._dot(mark)
            case ChartText(words="▲" | "▼"):
                self._sign(mark)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x / 100 * WIDTH * FINER, y * LETTER * FINER

    def _line(self, mark: ChartLine) -> None:
        colour, breadth, dashes = STROKES[mark.kind]
        start, end = self._at(mark.x1, mark.y1), self._at(mark.x2, mark.y2)
        for piece in _pieces(start, end, dashes):
            self.pen.line(piece, fill=colour, width=breadth * POINT * FINER)

    def _bar(self, mark: Bar) -> None:
        left, top = map(round, self._at(mark.x, mark.y))
        right, foot = map(round, self._at(mark.x + mark.width, mark.y + mark.height))
        if foot > top:
            self.image.paste(_pattern(mark.tone, (right - left, foot - top)), (left, top))
        self.pen.rectangle((left, top, right, foot), outline=INK, width=POINT * FINER)

    def _dot(self, mark: Dot) -> None:
        centre = self._at(mark.x, mark.y)
        self.pen.circle(centre, RADIUS * LETTER * FINER, fill=HARBOUR, outline=INK, width=POINT * FINER)

    def _sign(self, mark: ChartText) -> None:
        """What a triangle says of a value that does not fit: it goes on, upwards or downwards."""
        x, y = self._at(mark.x, mark.y)
        size = LETTER * FINER / 2
        top, foot = (y - size, y) if mark.words == "▲" else (y, y - size)
        self.pen.polygon([(x, top), (x - size / 2, foot), (x + size / 2, foot)], fill=INK)


def _pieces(start, end, dashes) -> Iterator[tuple]:
    """A line, or the strokes of a broken one."""
    if dashes is None:
        yield start, end
        return
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    on, off = (each * POINT * FINER for each in dashes)
    for place in range(0, int(length), on + off):
        a, b = place / length, min(place + on, length) / length
        yield (x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b)


def _pattern(tone: Tone, size: tuple[int, int]) -> Image.Image:
    """Told apart without colours: dots on course, slopes behind, squares late, solid done, empty what is quiet."""
    colour, tint = COLOURS[tone]
    step = 6 * POINT * FINER
    found = Image.new("RGB", size, colour if tone == Tone.DONE else tint)
    tile = Image.new("RGB", (step, step), tint)
    pen, half = ImageDraw.Draw(tile), step // 2
    if tone == Tone.COURSE:
        pen.circle((half, half), 1.3 * POINT * FINER, fill=colour)
    elif tone == Tone.BEHIND:
        for aside in (-step, 0, step):
            pen.line((aside - 1, step, aside + step, -1), fill=colour, width=round(1.5 * POINT * FINER))
    elif tone == Tone.LATE:
        pen.rectangle((0, 0, half - 1, half - 1), fill=colour)
        pen.rectangle((half, half, step, step), fill=colour)
    else:
        return found
    for x in range(0, size[0], step):
        for y in range(0, size[1], step):
            found.paste(tile, (x, y))
    return found
