"""What a cell of a spreadsheet is taken for, whatever program wrote it and whoever meant harm."""

import time
from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from common.office.number_formats import shows_percent
from common.office.worksheet_reading import LAST_ROW, NotReadable, as_read, read_rows, read_workbook
from common.office.worksheets import InputCell, Worksheet, download
from common.ui.form_fields import NumberField
from tests.fixtures.dialects import DIALECTS, packed, without_styles

# Each is a whole file.
FEW = settings(max_examples=30)
NUMBERS = st.decimals(min_value=0, max_value=Decimal("99999999999.9999"), places=4)
# Whatever a database of either kind keeps as text.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def written(*values) -> bytes:
    """A page of one column, as this portal hands it out to be filled in."""
    rows = [["key", InputCell(value)] for value in values]
    file = download([Worksheet("页", [("标识", 4), ("内容", 20)], rows, is_form=True)], "x.xlsx")
    return b"".join(file.streaming_content)


def column(data: bytes) -> list[str]:
    return [seen.text for _, seen in read_workbook(data, {"页": 2})["页"][1:]]


def typed(value, shown_as: str = "General") -> str:
    """One cell as a person left it in a program of their own."""
    book, out = Workbook(), BytesIO()
    book.active.title = "页"
    book.active["B2"] = value
    book.active["B2"].number_format = shown_as
    book.save(out)
    return column(out.getvalue())[0]


def mended(data: bytes, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as parcel, ZipFile(out, "w") as again:
        for name in parcel.namelist():
            again.writestr(name, parcel.read(name).replace(old, new))
    return out.getvalue()


@FEW
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_any_words_come_back_as_they_are_read(words):
    assert column(written(*words)) == [as_read(said) for said in words]


@FEW
@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_any_number_of_the_form_comes_back_with_every_digit(numbers):
    assert [NumberField().clean(text) for text in column(written(*numbers))] == numbers


@given(WORDS)
def test_a_cell_value_that_was_read_is_read_again_as_the_same(said):
    assert as_read(as_read(said)) == as_read(said)


SEEN = [
    (0.1 + 0.2, "General", "0.3"),
    (1.1 + 2.2, "0.00", "3.3"),
    (4000, "#,##0", "4000"),
    (0.95, "0%", "95%"),
    (0.07, "0.0%", "7%"),
    (95, '0"%"', "95"),
    (95, r"0\%", "95"),
    (12345678901.2345, "General", "12345678901.2345"),
    (True, "General", "TRUE"),
    ("４０００", "@", "４０００"),
]


@pytest.mark.parametrize(("value", "shown_as", "text"), SEEN)
def test_a_number_is_read_as_people_see_it(value, shown_as, text):
    assert typed(value, shown_as) == text


# Format -> whether it shows 0.985, -0.985 and 0 as a percentage.
SECTIONS = {
    "0.0%": (True, True, True),
    "0.00;-0.0%": (False, True, False),
    "0.0%;-0.00": (True, False, True),
    "0.0%;-0.0%;0": (True, True, False),
    '0.0"%"': (False, False, False),
    r"0.0\%": (False, False, False),
    "0.0!%": (False, False, False),
    "0.0_%": (False, False, False),
    "0.0*%": (False, False, False),
    "[$%-804]0.0": (False, False, False),
    "[Green][>=0.9]0.0%;0.0": (True, False, False),
    "[<0]0.0;[>=0.9]0.0%;0.0": (True, False, False),
    "0.00%_);[Red]\\(0.00%\\)": (True, True, True),
    '0.0%;"%";@': (True, False, False),
}


@pytest.mark.parametrize("shown_as", SECTIONS)
def test_only_the_section_of_a_number_format_that_applies_decides_on_the_percent(shown_as):
    seen = tuple(shows_percent(shown_as, value) for value in (0.985, -0.985, 0))
    assert seen == SECTIONS[shown_as]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_workbook_is_read_in_the_dialect_of_any_program(dialect):
    book, out = Workbook(), BytesIO()
    book.active.title = "页"
    book.active.append(["标识", "内容"])
    book.active.append(["key", 0.985])
    book.active["B2"].number_format = "0.0%"
    book.active.append(["key", "文字"])
    book.save(out)
    assert column(DIALECTS[dialect](out.getvalue())) == ["98.5%", "文字"]


def test_without_its_styles_a_workbook_still_has_its_numbers():
    assert column(without_styles(written(1.25, "文字"))) == ["1.25", "文字"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            "旧格式或加了密码的表，请去掉密码、另存为",
        ),
        (b"<html><table><tr><td>1</td></tr></table></html>", "不是 .xlsx 表"),
        (packed(written("一"), lambda name: f"/{name}"), "用 Excel 或 WPS 打开，另存为"),
    ],
)
def test_a_file_that_is_no_workbook_says_in_which_format_to_save_it(data, says):
    with pytest.raises(NotReadable, match=says):
        read_workbook(data, {"页": 2})


def test_more_merged_cells_than_any_honest_sheet_has_are_refused():
    ranges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(1, 2002))
    data = mended(
        written("一"), b"</sheetData>", b"</sheetData><mergeCells>%b</mergeCells>" % ranges
    )
    with pytest.raises(NotReadable, match="内容太多"):
        read_workbook(data, {"页": 2})


def test_a_merged_range_without_end_covers_only_what_is_read():
    merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    rows = read_workbook(mended(written("一"), b"</sheetData>", merged), {"页": 2})["页"]
    assert [cell.merged for row in rows for cell in row] == ["", *["A1:XFD1048576"] * 3]


@pytest.mark.parametrize("row", [LAST_ROW + 1, 10**12])
def test_a_row_below_the_last_there_can_be_is_not_waited_for(row):
    data = written("一", "二")
    far = mended(data, b'<row r="3"', b'<row r="%d"' % row)
    assert far != data
    assert list(filter(None, column(far))) == ["一"]


@pytest.mark.parametrize("tag", [b"<worksheet ", b"<sheetData ", b"<mergeCell ", b"<rPr>"])
@pytest.mark.parametrize("before", [b"", b"<worksheet><sheetData></sheetData>"])
def test_tags_that_never_end_are_read_at_once(tag, before):
    torn = before + tag * 100_000 + b"</worksheet>"
    data = packed(written("一"), part=lambda name, part: torn if "sheet1" in name else part)
    began = time.process_time()
    with suppress(NotReadable):
        read_workbook(data, {"页": 2})
    assert time.process_time() - began < 1


BROKEN_LISTS = {
    "half a page": ("a.xlsx", mended(written("一"), b"</worksheet>", b"")),
    "half a book": ("a.xlsx", mended(written("一"), b"</workbook>", b"<")),
    "a cell without end": ("a.csv", b"a" * 200_000),
    "no known signs": ("a.csv", b"\xff\xff\xff"),
}


@pytest.mark.parametrize("case", BROKEN_LISTS)
def test_a_list_that_cannot_be_read_is_refused_in_words(case):
    with pytest.raises(NotReadable, match="再上传"):
        read_rows(*BROKEN_LISTS[case], 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_read_with_any_kind_of_line_ends(end):
    lines = end.join(["wang01,王一", "li02,李二"])
    assert read_rows("a.csv", lines.encode(), 2) == [["wang01", "王一"], ["li02", "李二"]]


def test_a_user_name_of_digits_is_no_fraction():
    book, out = Workbook(), BytesIO()
    book.active.append([13800000000.0, "王一", "安监局", "填报员"])
    book.save(out)
    assert read_rows("a.xlsx", out.getvalue(), 4) == [["13800000000", "王一", "安监局", "填报员"]]
