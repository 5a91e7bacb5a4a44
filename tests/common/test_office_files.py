"""An office file is looked into before it is kept: no bomb however it is folded, no macro,
no lock.
"""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from common.errors import Refused
from common.files import packages
from common.files.uploads import check
from common.office import worksheet_reading
from common.office.worksheet_reading import read_rows
from tests.fixtures.office_files import claiming, locked, package, sheet, word

MACRO_TYPES = (
    "<Types><Override"
    ' ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Refused, match=re.escape(f"“{name}”")) as refused:
        check(SimpleUploadedFile(name, data))
    return str(refused.value)


def test_a_workbook_of_a_real_program_is_kept():
    out = io.BytesIO()
    Workbook().save(out)
    assert check(SimpleUploadedFile("a.xlsx", out.getvalue())).content_type == packages.SHEET


@pytest.mark.parametrize("first", ["docProps/app.xml", "_rels/.rels", "word/document.xml"])
def test_in_which_order_a_program_packs_does_not_matter(first):
    parts = {
        first: b"<x/>",
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<document/>",
    }
    assert check(SimpleUploadedFile("a.docx", package(parts))).content_type == packages.WORD


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", sheet()), ("a.xlsx", word()), ("a.docx", package({"a": b"x"}))]
)
def test_a_package_of_another_kind_is_not_taken_for_the_one_it_is_named(name, data):
    assert "的内容不是可以接收的类型" in refusal(name, data)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1_000_000)


def test_a_package_that_unfolds_without_end_is_refused(small):
    bomb = word(**{"word/media/x": bytes(1_000_001)})
    assert len(bomb) < 10_000
    assert "“a.docx”解压后太大" in refusal("a.docx", bomb)


def test_many_small_parts_count_together_as_a_zip_bomb(small):
    assert "解压后太大" in refusal(
        "a.docx", word(**{f"word/media/{n}": bytes(200_000) for n in range(6)})
    )


def test_a_zip_bomb_whose_header_claims_a_smaller_size_is_refused(small):
    bomb = claiming(word(**{"word/media/x": bytes(2_000_000)}), "word/media/x", 10, bytes(10))
    with zipfile.ZipFile(io.BytesIO(bomb)) as package:
        assert len(package.read("word/media/x")) == 10
    assert "解压后太大" in refusal("a.docx", bomb)


def test_an_office_file_whose_header_gives_a_wrong_size_is_refused():
    assert "打不开" in refusal(
        "a.docx", claiming(word(**{"word/x": bytes(50)}), "word/x", 10, bytes(10))
    )


def test_a_zip_bomb_inside_a_nested_package_is_refused(small):
    inner = sheet(**{"xl/media/x": bytes(1_000_001)})
    assert "解压后太大" in refusal("a.docx", word(**{"word/embeddings/a.xlsx": inner}))
    assert check(SimpleUploadedFile("a.docx", word(**{"word/embeddings/a.xlsx": sheet()})))


def test_packages_packed_into_each_other_without_end_are_refused():
    doll = sheet()
    for _ in range(packages.MAX_DEPTH):
        doll = package({"a.zip": doll})
    assert "解压后太大" in refusal("a.docx", word(**{"a.zip": doll}))


def test_more_parts_than_any_document_has_are_refused(monkeypatch):
    monkeypatch.setattr(packages, "MAX_PARTS", 9)
    assert "解压后太大" in refusal("a.docx", word(**{f"word/{n}": b"" for n in range(8)}))


MACROS = {
    "a macro under an innocent name": word(**{"word/vbaProject.bin": b"x"}),
    "a document with macros renamed": word(types=MACRO_TYPES.encode()),
    "the same in two bytes a letter": word(types=MACRO_TYPES.encode("utf-16")),
    "a sheet of old commands": sheet(**{"xl/macrosheets/sheet1.xml": b"x"}),
    "a macro in a folder of another system": word(**{"word\\vbaProject.bin": b"x"}),
    "old commands in a folder of another system": sheet(**{"xl\\MacroSheets\\sheet1.xml": b"x"}),
    "a list of types in capitals": package(
        {"[CONTENT_TYPES].XML": MACRO_TYPES.encode(), "word/document.xml": b"<document/>"}
    ),
    "a control": word(**{"word/activeX/activeX1.bin": b"x"}),
    "a macro in a workbook in a document": word(
        **{"word/embeddings/a.xlsx": sheet(**{"xl/vbaProject.bin": b"x"})}
    ),
}


@pytest.mark.parametrize("case", MACROS)
def test_an_office_file_with_a_macro_is_refused(case):
    name = "a.xlsx" if "sheet" in case.split() or "commands" in case.split() else "a.docx"
    assert "带有宏或控件" in refusal(name, MACROS[case])


def test_an_encrypted_office_file_is_refused_with_what_to_do():
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    assert "请去掉密码后再上传" in refusal("a.docx", locked(word()))
    assert "请去掉密码后再上传" in refusal("a.xlsx", old)


@pytest.mark.parametrize("twin", ["WORD/document.xml", "word\\document.xml"])
def test_a_part_whose_name_differs_from_another_only_in_writing_is_refused(twin):
    assert "打不开" in refusal("a.docx", word(**{twin: b"<other/>"}))


@pytest.mark.parametrize("path", ["../../x", "/etc/x", "word/../../x", "..\\x", "\\x"])
def test_a_part_that_points_out_of_its_package_is_refused(path):
    assert "打不开" in refusal("a.docx", word(**{path: b"x"}))


def test_a_zip_bomb_is_not_read_as_a_list_of_people(monkeypatch):
    monkeypatch.setattr(worksheet_reading, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(ValueError, match="文件解压后太大"):
        read_rows("a.xlsx", sheet(**{"xl/media/x": bytes(1_000_001)}), 4)
