"""What a cell of a spreadsheet is taken for, whatever program wrote it and whoever meant harm."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from common.office.worksheet_reading import LAST_ROW, NotReadable, as_read, read_rows, read_workbook
from common.office.worksheets import InputCell, Worksheet, download
from common.ui.form_fields import NumberField

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


@pytest.mark.parametrize("row", [LAST_ROW + 1, 10**12])
def test_a_row_below_the_last_there_can_be_is_not_waited_for(row):
    data = written("一", "二")
    far = mended(data, b'<row r="3"', b'<row r="%d"' % row)
    assert far != data
    assert list(filter(None, column(far))) == ["一"]


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
