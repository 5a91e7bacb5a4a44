"""A text file is read up to its limit and refused beyond it, from the disk and from a form."""

import pytest

from common.files import text_files
from common.files.text_files import ImportProblem, from_bytes, read

MEGABYTES_5 = 5 * 1024 * 1024


def test_the_limit_of_a_text_file_is_five_megabytes():
    assert text_files.MAX_BYTES == MEGABYTES_5


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
@pytest.mark.parametrize("way", ["a path", "the bytes"])
def test_a_text_of_exactly_five_megabytes_is_read_and_one_byte_more_is_refused(
    tmp_path, more, is_read, way
):
    data, path = b"x" * (MEGABYTES_5 + more), tmp_path / "long.txt"
    path.write_bytes(data)

    def attempt():
        return read(path) if way == "a path" else from_bytes(data, "long.txt")

    if is_read:
        assert attempt().data == data
    else:
        with pytest.raises(ImportProblem, match="超过 5 MB 的上限"):
            attempt()


def test_a_file_just_beyond_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * (MEGABYTES_5 + 1))
    monkeypatch.setattr(text_files.Path, "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(ImportProblem, match=r"有 5\.0 MB，超过 5 MB"):
        read(path)
