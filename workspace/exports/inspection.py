"""The package for an inspection: register, reports as text, evidence with its catalogue,
and a digest of every file.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.timezone import localtime

from common.files.downloads import safe_name
from common.files.stored import LostFile, open_stored
from common.office.worksheets import Worksheet, workbook
from common.text.wording import stamp
from departments.models import User
from progress.models import Evidence
from workspace.exports.inspection_text import report_text
from workspace.exports.register import register
from workspace.read_models.inspection import InspectionRow, InspectionScope, inspection_rows

REGISTER, REPORTS, PAPERS, SUMS = "00-台账.xlsx", "01-填报与核查", "02-佐证材料", "SHA256SUMS.txt"
CHUNK = 256 * 1024
SOUND, CHANGED, GONE = "相符", "与登记的校验值不符", "文件不在存储中"
CATALOGUE = [
    ("序号", 8),
    ("包内文件", 50),
    ("原文件名", 36),
    ("种类", 14),
    ("任务编号", 12),
    ("季度", 16),
    ("单位", 14),
    ("说明", 40),
    ("字节数", 12),
    ("登记的校验值 SHA-256", 66),
    ("核对", 20),
    ("可公开", 8),
    ("上传时间", 18),
]
CHECKS = [
    ("序号", 6),
    ("任务编号", 12),
    ("季度", 16),
    ("核查时间", 18),
    ("核查单位", 14),
    ("督查核定", 12),
    ("核查方式", 12),
    ("把握程度", 12),
    ("核查意见", 60),
    ("现行", 8),
]
DEMO_NOTE = [("演示", "标有“演示”的内容是样例，不是真实情况。")]
NOTES = [
    ("说明", "台账按“任务 × 季度”列，没有开放过的季度不列。"),
    (
        "说明",
        "只收报送过的填报；起草中的不收。不在打包人查看范围的，写“没有可以查看的填报”。",
    ),
    (
        "说明",
        "佐证材料的序号与填报文字里的序号一致；打包时重新计算校验值，与上传时登记的对照。",
    ),
    ("说明", f"{SUMS} 列出包内每个文件的 SHA-256，可以用 sha256sum -c 核对。"),
]


@dataclass(frozen=True)
class PackedFile:
    """One file of evidence: its path in the package, and whether its digest is unchanged."""

    number: int
    row: InspectionRow
    evidence: Evidence
    path: str
    check: str


class HashedZip:
    """A ZIP file that ends with a list of the SHA-256 of everything in it."""

    def __init__(self, file: IO[bytes], at: datetime):
        self.zip, self.at = ZipFile(file, "w"), localtime(at)
        self.digests: list[tuple[str, str]] = []

    def put(self, path: str, source: IO[bytes], *, compressed: bool = True) -> str:
        """Adds a file under this path and returns its SHA-256."""
        head = ZipInfo(path, self.at.timetuple()[:6])
        head.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        digest = hashlib.sha256()
        with self.zip.open(head, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        self.digests.append((path, digest.hexdigest()))
        return digest.hexdigest()

    def close(self) -> None:
        listed = "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(self.digests))
        self.put(SUMS, BytesIO(listed.encode()))
        self.zip.close()


def inspection_package(
    scope: InspectionScope,
    columns: Iterable[str],
    *,
    at: datetime,
) -> IO[bytes]:
    """The package as a temporary file that is deleted when it is closed.

    `columns` are keys of the register, none means all; `at` is printed as the time of packing.
    No evidence is held in memory; the rows are read in a constant number of queries.
    """
    file, rows = TemporaryFile(), inspection_rows(scope)  # noqa: SIM115
    package = HashedZip(file, at)
    packed = list(_pack_evidence(package, rows))
    numbers = {item.evidence.pk: item.number for item in packed}
    for row in rows:
        if row.report:
            text = report_text(row, row.report, numbers).encode()
            package.put(f"{REPORTS}/{row.number:04}-{safe_name(row.key)}.txt", BytesIO(text))
    worksheets = [
        register(rows, columns),
        Worksheet("核查", CHECKS, _checks(rows)),
        Worksheet("佐证目录", CATALOGUE, map(_catalogue_line, packed)),
        Worksheet("说明", [("项目", 16), ("内容", 90)], _notes(scope, rows, packed, at)),
    ]
    package.put(REGISTER, workbook(worksheets))
    package.close()
    file.seek(0)
    return file


def _pack_evidence(package: HashedZip, rows: list[InspectionRow]) -> Iterable[PackedFile]:
    pairs = [(row, evidence) for row in rows for evidence in row.evidence]
    for number, (row, evidence) in enumerate(pairs, 1):
        path = f"{PAPERS}/{number:04}-{safe_name(evidence.name)}"
        yield PackedFile(number, row, evidence, *_pack(package, evidence, path))


def _pack(package: HashedZip, evidence: Evidence, path: str) -> tuple[str, str]:
    """(its path in the package, the result of the check); a lost file is only named."""
    try:
        source = open_stored(evidence.file)
    except LostFile:
        return "", GONE
    with source:
        sha256 = package.put(path, source, compressed=False)
    return path, SOUND if sha256 == evidence.sha256 else CHANGED


def _catalogue_line(packed: PackedFile) -> list:
    evidence, row = packed.evidence, packed.row
    parts = {part.pk: part for part in row.contributions}
    unit = parts[evidence.contribution_id].department
    return [
        *(packed.number, packed.path, evidence.name, evidence.get_kind_display()),
        *(row.task.code, row.period.label, unit.short_name),
        *(evidence.caption, evidence.size, evidence.sha256, packed.check),
        *("是" if evidence.is_public else "", stamp(evidence.added_at)),
    ]


def _checks(rows: list[InspectionRow]) -> list[list]:
    return [
        [
            *(row.number, row.task.code, row.period.label),
            *(stamp(assessment.assessed_at), assessment.unit.short_name),
            *(assessment.get_pace_display(), assessment.get_how_display()),
            *(assessment.get_confidence_display(), assessment.note),
            "是" if assessment.is_current else "",
        ]
        for row in rows
        for assessment in row.assessments
    ]


def _notes(
    scope: InspectionScope,
    rows: list[InspectionRow],
    packed: list[PackedFile],
    at: datetime,
) -> list[tuple[str, str]]:
    """(item, content): what was packed, when and for whom, and how to check it."""
    reports = sum(row.report is not None for row in rows)
    is_demo = any(row.demonstration for row in rows)
    return [
        ("范围", scope.name),
        ("打包时间", stamp(at)),
        ("打包人岗位", _posts_in_words(scope.user)),
        *(DEMO_NOTE if is_demo else []),
        ("共计", f"{len(rows)} 行，填报 {reports} 份，佐证 {len(packed)} 份"),
        ("核对", _checks_in_words(packed)),
        *NOTES,
    ]


def _checks_in_words(packed: list[PackedFile]) -> str:
    wrong = sum(item.check != SOUND for item in packed)
    if wrong:
        return f"{wrong} 份佐证与登记的不符或不在存储中，见佐证目录"
    return "佐证全部与登记的校验值相符"


def _posts_in_words(user: User) -> str:
    return "、".join(
        f"{post.department.short_name}{post.get_role_display()}"
        for post in user.current_memberships
    )
