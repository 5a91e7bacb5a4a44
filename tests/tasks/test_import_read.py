import hashlib

import pytest

from common.files.text_files import ImportProblem, from_bytes, read
from tests.fixtures.sources import PLAN

TEXT = "一、重点任务\n第一行。"


def test_bom_and_line_ends_are_normalised_while_the_digest_is_that_of_the_file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    source = read(path)
    assert source.text == TEXT
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.data == path.read_bytes()


def test_older_encoding_reads_as_the_same_text():
    assert from_bytes(TEXT.encode("gb18030"), "a.txt").text == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "是空的"),
        (b" \n\r\n\t", "是空的"),
        ("正文\n第二行\0".encode(), "第2行：文件 a.txt 不是文本文件"),
        ("正文 1".encode("utf-16"), "不是文本文件"),
        ("第一行\n".encode() + b"\xff\xff!", "第2行：文件 a.txt 既不是 UTF-8 也不是 GB18030"),
        ("第一行\n第二行".encode()[:-1], "第2行：文件 a.txt 在一个字的中间结束"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_line_and_reason(data, reason):
    with pytest.raises(ImportProblem, match=reason):
        from_bytes(data, "a.txt")


def test_missing_file_and_folder_are_refused(tmp_path):
    for path in [tmp_path / "nothing.txt", tmp_path]:
        with pytest.raises(ImportProblem, match="找不到文件"):
            read(path)


def test_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("the file was read"))
    with pytest.raises(ImportProblem, match=r"50.0 MB，超过 5 MB"):
        read(path)


def test_shipped_plan_is_read_whole():
    assert read(PLAN).text.endswith("扫一扫在手机上打开当前页")
