"""Pictures on the paper and in the table: one an indicator with interim values, told in words,
over its own numbers.
"""

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from common.ui.charts import HEADS, Bar, Chart, Dot, Point, layout
from publishing.models import Publication
from tests.fixtures.quarter import moment
from tests.fixtures.recounted_figures import numbers
from tests.fixtures.seeded_tasks import seeded_quarter
from tests.fixtures.word_files import book_of, cells_of, drawn_numbers, pictured, word_of, words_of


@pytest.fixture
def release(office):
    return seeded_quarter(office, 40)


@pytest.fixture
def word(client, office, release):
    client.force_login(office.people.supervisor)
    return word_of(client)


def test_every_picture_says_what_it_shows_and_is_never_parted_from_its_words(word):
    found = pictured(word)
    assert len(found) > 5
    for caption, picture, table in found:
        assert "受训（人）" in words_of(caption) or "安全生产公共培训" in words_of(caption)
        assert picture.find(f".//{qn('wp:docPr')}").get("descr").endswith("未到期")
        assert all(
            part.find(f"./{qn('w:pPr')}/{qn('w:keepNext')}") is not None
            for part in (caption, picture)
        )
        rows = table.findall(qn("w:tr"))
        held = [row.findall(f".//{qn('w:keepNext')}") for row in rows]
        assert [bool(each) for each in held] == [True] * (len(rows) - 1) + [False]


def test_no_table_or_picture_of_the_circular_is_wider_than_the_text(word):
    for table in word.tables:
        assert sum(column.width for column in table.columns) <= Mm(156.1)
    for picture in word.inline_shapes:
        assert picture.width == Mm(156)
        assert {picture._inline.get(f"dist{side}") for side in "LRTB"} == {"0"}


def test_each_number_of_the_circular_stands_under_its_shape(word):
    """The columns of the table are those of the picture, whatever is drawn."""
    points = [Point("", actual=3), Point("", actual=4), Point("", actual=5), Point("", actual=6)]
    for joined in (False, True):
        marks = [marks[0] for marks in layout(Chart("k", "", "", points, joined=joined)).points]
        middles = [mark.x + (mark.width / 2 if isinstance(mark, Bar) else 0) for mark in marks]
        assert isinstance(marks[0], Dot) == joined
        columns = pictured(word)[0][2].findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
        widths = [int(column.get(qn("w:w"))) * 635 / Mm(156) * 100 for column in columns]
        lefts = [sum(widths[: n + 1]) for n in range(4)]
        assert widths[0] == pytest.approx(HEADS, abs=0.1)
        assert middles == pytest.approx(
            [x + width / 2 for x, width in zip(lefts, widths[1:], strict=True)], abs=0.2
        )


def test_the_numbers_under_the_pictures_are_what_anybody_reads_from_the_rows(client, word):
    expected = {code: told for code, told in numbers().items() if told[1] is not None}
    shown = {code: told for code, told in drawn_numbers(word).items() if code != "wp2013-18"}
    assert shown == expected
    assert len(shown) > 5


def test_the_table_has_the_same_pictures_over_the_same_rows(client, word):
    page = book_of(client)["计划和实际"]
    assert len(page._images) == len(pictured(word))
    lines = [
        [cell for cell in line if cell is not None] for line in page.iter_rows(values_only=True)
    ]
    for _, _, table in pictured(word):
        assert all(row in lines for row in cells_of(table))


def test_numbers_after_the_quarter_are_not_due_in_its_circular(client, office, release):
    """Even where it is known by the day on which the paper is made."""
    row = Publication.objects.current().filter(revision=1, readings__target__isnull=False).first()
    later, readings = office.period, list(row.readings.all())
    later.pk, later.index, later.state, later.released_at = (
        None,
        4,
        "released",
        moment("2014-01-20T10:00:00"),
    )
    later.save(force_insert=True)
    row.pk, row.period, row.revision = None, later, 1
    row.save(force_insert=True)
    for reading in readings:
        reading.pk, reading.publication, reading.value = None, row, 777
        reading.save(force_insert=True)
    client.force_login(office.people.supervisor)
    word = word_of(client)
    assert "777" not in word.element.xml
    assert "777" in client.get("/dashboard/?plan=wp2013&quarter=2013-4").content.decode()
