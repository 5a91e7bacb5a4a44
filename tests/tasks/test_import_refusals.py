"""Whatever is wrong with a document or a list: exit code 1, a line, a reason,
and nothing written.
"""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from common.files import text_files
from departments.models import Department
from ledger.models import Entry
from tasks.models import Plan, Responsibility
from tests.fixtures.sources import INDICATORS, PAPER, PLAN, source_of

FIXTURES = INDICATORS.parent
UNITS = FIXTURES / "departments.csv"


@pytest.fixture
def departments(db):
    call_command("import_departments", UNITS, verbosity=0)


@pytest.fixture
def refused(tmp_path, departments):
    """Imports what the text became; returns the sentences of the refusal,
    having seen that nothing was written.
    """

    def attempt(data: bytes, command="import_plan", *args) -> str:
        path = tmp_path / "damaged.txt"
        path.write_bytes(data)
        before = (Plan.objects.count(), Responsibility.objects.count(), Entry.objects.count())
        with pytest.raises(CommandError) as refusal:
            call_command(command, path, *args)
        assert refusal.value.returncode == 1
        assert (
            Plan.objects.count(),
            Responsibility.objects.count(),
            Entry.objects.count(),
        ) == before
        return str(refusal.value)

    return attempt


def replaced(path, old: str, new: str) -> bytes:
    text = source_of(path).text
    assert old in text
    return text.replace(old, new).encode()


HARM = {
    "empty": (lambda: b"", "是空的"),
    "binary": (lambda: bytes(range(256)), "第1行：文件 damaged.txt 不是文本文件"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj\nendobj\n", "文件 damaged.txt 是 PDF，读不出段落和表格"),
    "a list of units": (UNITS.read_bytes, "第1行：没有识别出任务"),
    "half the plan": (lambda: source_of(PLAN).data[: 3 * 5000], r"第\d+行：.*可能被截断"),
    "half the paper": (lambda: source_of(PAPER).text[:6000].encode(), r"第\d+行：.*可能被截断"),
    "a task without its number": (
        lambda: replaced(PLAN, "33.高效", "高效"),
        "第58行：“1.”编号不连续",
    ),
    "a quarter without its name": (
        lambda: replaced(PAPER, "第三季度:举办辖区大学生", "举办辖区大学生"),
        r"第\d+行",
    ),
    "a unit nobody knows": (
        lambda: replaced(PAPER, "教育局", "无名局"),
        "第26行：单位表中没有“无名局”",
    ),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_document_is_refused_with_line_and_reason(harm, refused):
    make, reason = HARM[harm]
    assert re.search(reason, refused(make()))


def test_a_document_of_fifty_megabytes_is_refused(refused):
    assert "50.0 MB，超过 20 MB" in refused(source_of(PLAN).data.ljust(50 * 1024 * 1024))


def test_a_file_that_cannot_be_opened_says_why(refused, monkeypatch):
    monkeypatch.setattr(
        text_files.Path,
        "read_bytes",
        lambda self: (_ for _ in ()).throw(OSError(5, "Input/output error")),
    )
    assert "无法读取：Input/output error" in refused(b"x")


def test_a_document_under_an_address_that_is_taken_is_refused(refused):
    call_command("import_plan", PLAN, verbosity=0)
    message = refused(replaced(PLAN, "1800个学位", "1900个学位"))
    assert "ap2017 已导入过另一份文件" in message
    assert "ap2017b" in message


UNIT_LISTS = {
    "a column too few": ("short_name,", "shrt_name,", "第1行：.*缺少列：short_name"),
    "a row too long": ("教育局,盐", "教育局,多,盐", "第2行：.*列数与表头不同"),
    "a row without a name": (",教育局,", ",,", "第2行：short_name 不能为空"),
    "a successor nobody knows": (
        ",卫计局,inferred",
        ",无名局,inferred",
        "第4行：承接单位“无名局”不在表中",
    ),
    "a basis of its own": (",,inferred", ",,guessed", "第3行：全称依据“guessed”"),
    "a quotation that never ends": (",,inferred,\n", ',,inferred,"\n', "不是完整的 CSV"),
}


@pytest.mark.parametrize("fault", UNIT_LISTS)
def test_a_damaged_list_of_units_is_refused_whole(fault, refused):
    old, new, reason = UNIT_LISTS[fault]
    text = UNITS.read_text("utf-8")
    assert old in text
    units = list(Department.objects.values_list())
    assert re.search(reason, refused(text.replace(old, new, 1).encode(), "import_departments"))
    assert list(Department.objects.values_list()) == units


@pytest.mark.parametrize("args", [("--basis=proposed",), ("--basis=proposed", "--plan=ap1999")])
def test_a_list_of_owners_needs_its_plan(args, refused):
    assert "请" in refused(
        b"task_number,lead,supporting,why\n1,\xe6\xb0\x91,,x\n", "import_responsibilities", *args
    )


def test_the_command_itself_ends_with_one_and_says_why_on_the_error_channel(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    command = [
        sys.executable,
        "-X",
        "utf8",
        "manage.py",
        "import_plan",
        str(tmp_path / "empty.txt"),
    ]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "文件 empty.txt 是空的" in done.stderr
    assert "Traceback" not in done.stderr
