"""The package for an inspection: register, reports as text, evidence with its catalogue, and a digest of every file."""

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
from common.office.worksheets import Worksheet, workbook
from common.text.wording import stamp
from departments.models import User
from progress.models import Evidence
from workspace.exports.inspection_text import text_of
from workspace.exports.register import register
from workspace.read_models.inspection import InspectionRow, InspectionScope, rows_of

REGISTER, REPORTS, PAPERS, SUMS = "00-台账.xlsx", "01-填报与核查", "02-佐证材料", "SHA256SUMS.txt"
CHUNK = 256 * 1024
SOUND, CHANGED, GONE = "相符", "与登记的校验值不符", "文件不在存储中"
CATALOGUE = [("序号", 8), ("包内文件", 50), ("原文件名", 36), ("种类", 14), ("任务编号", 12), ("季度", 16)]
CATALOGUE += [("单位", 14), ("说明", 40), ("字节数", 12), ("登记的校验值 SHA-256", 66), ("核对", 20)]
CATALOGUE += [("可公开", 8), ("上传时间", 18)]
CHECKS = [("序号", 6), ("任务编号", 12), ("季度", 16), ("核查时间", 18), ("核查单位", 14), ("督查核定", 12)]
CHECKS += [("核查方式", 12), ("把握程度", 12), ("核查意见", 60), ("现行", 8)]
NOTES = [
    "台账按“任务 × 季度”列，没有开放过的季度不列。",
    "只收报送过的填报；起草中的不收。不在打包人查看范围的，写“没有可以查看的填报”。",
    "佐证材料的序号与填报文字里的序号一致；打包时重新计算校验值，与上传时登记的对照。",
    f"{SUMS} 列出包内每个文件的 SHA-256，可以用 sha256sum -c 核对。",
]


@dataclass(frozen=True)
class Paper:
    """One file of evidence and what was found when it was packed."""

    number: int
    row: InspectionRow
    evidence: Evidence
    place: str
    found: str


class Parcel:
    """A ZIP that remembers the digest of whatever goes in."""

    def __init__(self, file: IO[bytes], at: datetime):
        self.zip, self.at, self.sums = ZipFile(file, "w"), localtime(at), []

    def put(self, place: str, source: IO[bytes], *, packed: bool = True) -> str:
        """The digest of what went in."""
        head = ZipInfo(place, self.at.timetuple()[:6])
        head.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        seen = hashlib.sha256()
        with self.zip.open(head, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                seen.update(chunk)
                target.write(chunk)
        self.sums.append((place, seen.hexdigest()))
        return seen.hexdigest()

    def close(self) -> None:
        listed = "".join(f"{sha256}  {place}\n" for place, sha256 in sorted(self.sums))
        self.put(SUMS, BytesIO(listed.encode()))
        self.zip.close()


def package_of(scope: InspectionScope, columns: Iterable[str], *, at: datetime) -> IO[bytes]:
    """A temporary file that goes when it is closed: nothing of the evidence is kept in memory.

    Its rows are read in a constant number of queries.
    """
    file, rows = TemporaryFile(), rows_of(scope)  # noqa: SIM115
    parcel = Parcel(file, at)
    papers = list(_papers(parcel, rows))
    numbers = {paper.evidence.pk: paper.number for paper in papers}
    for row in rows:
        if row.report:
            text = text_of(row, numbers).encode()
            parcel.put(f"{REPORTS}/{row.number:04}-{safe_name(row.place)}.txt", BytesIO(text))
    sheets = [
        register(rows, columns),
        Worksheet("核查", CHECKS, _checks(rows)),
        Worksheet("佐证目录", CATALOGUE, map(_line, papers)),
        Worksheet("说明", [("项目", 16), ("内容", 90)], _told(scope, rows, papers, at)),
    ]
    parcel.put(REGISTER, workbook(sheets))
    parcel.close()
    file.seek(0)
    return file


def _papers(parcel: Parcel, rows: list[InspectionRow]) -> Iterable[Paper]:
    held = [(row, paper) for row in rows for paper in row.evidence]
    for number, (row, paper) in enumerate(held, 1):
        place = f"{PAPERS}/{number:04}-{safe_name(paper.name)}"
        yield Paper(number, row, paper, *_packed(parcel, paper, place))


def _packed(parcel: Parcel, paper: Evidence, place: str) -> tuple[str, str]:
    """(where it lies in the package, what was found); a lost file is named and stops nothing."""
    try:
        source = paper.file.open("rb")
    except FileNotFoundError:
        return "", GONE
    with source:
        sha256 = parcel.put(place, source, packed=False)
    return place, SOUND if sha256 == paper.sha256 else CHANGED


def _line(paper: Paper) -> list:
    one = paper.evidence
    unit = next(part.department for part in paper.row.contributions if part.pk == one.contribution_id)
    return [
        *(paper.number, paper.place, one.name, one.get_kind_display(), paper.row.task.code, paper.row.period.label),
        *(unit.short_name, one.caption, one.size, one.sha256, paper.found),
        *("是" if one.is_public else "", stamp(one.added_at)),
    ]


def _checks(rows: list[InspectionRow]) -> list[list]:
    return [
        [
            *(row.number, row.task.code, row.period.label, stamp(found.assessed_at), found.unit.short_name),
            *(found.get_pace_display(), found.get_how_display(), found.get_confidence_display(), found.note),
            "是" if found.is_current else "",
        ]
        for row in rows
        for found in row.assessments
    ]


def _told(
    scope: InspectionScope, rows: list[InspectionRow], papers: list[Paper], at: datetime
) -> list[tuple[str, str]]:
    wrong = sum(paper.found != SOUND for paper in papers)
    demo = any(row.demonstration for row in rows)
    return [
        ("范围", scope.name),
        ("打包时间", stamp(at)),
        ("打包人岗位", _posts(scope.user)),
        *([("演示", "标有“演示”的内容是样例，不是真实情况。")] if demo else []),
        ("共计", f"{len(rows)} 行，填报 {sum(row.report is not None for row in rows)} 份，佐证 {len(papers)} 份"),
        ("核对", f"{wrong} 份佐证与登记的不符或不在存储中，见佐证目录" if wrong else "佐证全部与登记的校验值相符"),
        *(("说明", note) for note in NOTES),
    ]


def _posts(user: User) -> str:
    return "、".join(
        f"{membership.department.short_name}{membership.get_role_display()}" for membership in user.current_memberships
    )
