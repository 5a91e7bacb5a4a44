"""迎检包: all that a person may see of a plan, a unit or a task,
in one parcel that proves itself, and nothing else.
"""

import hashlib
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from common.files.downloads import safe_name
from common.files.uploads import check
from progress.actions.evidence import add_evidence
from progress.actions.reviews import return_report
from progress.models import Evidence, ProgressReport, ReportingPeriod
from publishing.models import Publication
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5
from workspace.exports.register import ALWAYS, COLUMNS, NOT_IN_SIGHT

PAGE, PACKAGE = "/staff/inspection/", "/staff/inspection/package.zip"


@pytest.fixture
def filed(office):
    """Handed in with two files of one name, found slow, released;
    a second task of another unit is silent.
    """
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    report = office.save()
    for number in (1, 2):
        upload = check(SimpleUploadedFile("../签到 表.pdf", PDF + bytes([number])))
        told = {
            "caption": f"第{number}场",
            "is_public": number == 1,
            "by": office.people.reporter,
            "at": JULY_2,
        }
        add_evidence(report=report, department=office.units["anjianju"], upload=upload, **told)
    report = office.submit(version=ProgressReport.objects.get().version)
    office.verify(report, "slow", note="记录不全。")
    office.publish()
    return report


def taken(client, user, query="plan=wp2013") -> ZipFile:
    client.force_login(user)
    response = client.get(f"{PACKAGE}?{query}")
    assert response["Content-Type"] == "application/zip"
    return ZipFile(BytesIO(b"".join(response.streaming_content)))


def records(parcel: ZipFile, title: str) -> list[dict]:
    head, *lines = load_workbook(BytesIO(parcel.read("00-台账.xlsx")))[title].iter_rows(
        values_only=True
    )
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_an_inspection_package_holds_register_reports_evidence_and_checksums(client, office, filed):
    assert taken(client, office.people.supervisor).namelist() == [
        "02-佐证材料/0001-签到_表.pdf",
        "02-佐证材料/0002-签到_表.pdf",
        "01-填报与核查/0001-wp2013-18-2013-2.txt",
        "00-台账.xlsx",
        "SHA256SUMS.txt",
    ]


def test_the_checksums_of_an_inspection_package_cover_every_file(client, office, filed):
    parcel = taken(client, office.people.supervisor)
    listed = dict(
        line.split("  ")[::-1] for line in parcel.read("SHA256SUMS.txt").decode().splitlines()
    )
    assert listed == {
        name: hashlib.sha256(parcel.read(name)).hexdigest()
        for name in parcel.namelist()
        if name != "SHA256SUMS.txt"
    }
    assert parcel.testzip() is None


def test_the_catalogue_numbers_the_evidence_and_holds_it_against_what_was_recorded(
    client, office, filed
):
    parcel = taken(client, office.people.supervisor)
    rows = records(parcel, "佐证目录")
    assert [row["序号"] for row in rows] == [1, 2]
    for row, paper in zip(rows, Evidence.objects.order_by("pk"), strict=True):
        assert (row["登记的校验值 SHA-256"], row["字节数"], row["说明"]) == (
            paper.sha256,
            paper.size,
            paper.caption,
        )
        assert hashlib.sha256(parcel.read(row["包内文件"])).hexdigest() == paper.sha256
        assert row["核对"] == "相符"


def test_a_file_that_was_changed_or_lost_is_named_and_stops_nothing(client, office, filed):
    first, second = Evidence.objects.order_by("pk")
    first.file.storage.delete(first.file.name)
    second.file.storage.delete(second.file.name)
    second.file.storage.save(second.file.name, ContentFile(b"other"))
    rows = records(parcel := taken(client, office.people.supervisor), "佐证目录")
    assert [row["核对"] for row in rows] == ["文件不在存储中", "与登记的校验值不符"]
    assert [bool(row["包内文件"]) for row in rows] == [False, True]
    assert any("2 份佐证与登记的不符" in row["内容"] for row in records(parcel, "说明"))


def test_the_report_in_an_inspection_package_says_what_was_promised_and_published(
    client, office, filed
):
    text = (
        taken(client, office.people.supervisor)
        .read("01-填报与核查/0001-wp2013-18-2013-2.txt")
        .decode()
    )
    for words in (
        "全面落实安全生产责任制（wp2013-18）",
        "责任单位：安监局（文件载明）",
        "安监局：完成培训 4000 人次，演练 1 次。",
        "“培训4000人次以上；”：已完成",
        "安全生产公共培训：4000人次",
        "督查室：书面核查，核定推进缓慢",
        "核查意见：记录不全。",
        f"0002 签到 表.pdf（第2场） SHA-256 {Evidence.objects.last().sha256}",
        Publication.objects.current().get(task=office.white_paper.task).sha256,
    ):
        assert words in text


def test_an_inspection_package_lists_every_assessment_even_replaced_ones(client, office):
    report = office.submit()
    office.verify(report, "slow", note="记录不全。")
    ProgressReport.objects.update(status="submitted")
    office.verify(report, "on_course", how="on_site")
    rows = records(taken(client, office.people.supervisor), "核查")
    told = [(row["督查核定"], row["核查方式"], row["核查意见"], row["现行"]) for row in rows]
    assert told == [
        ("推进缓慢", "书面核查", "记录不全。", None),
        ("正常推进", "实地核查", None, "是"),
    ]


def test_the_register_has_a_line_for_every_task_and_quarter_that_was_opened(client, office, filed):
    period = ReportingPeriod.objects.get()
    period.pk, period.index, period.state, period.released_at = None, 3, "scheduled", None
    period.save(force_insert=True)
    rows = records(taken(client, office.people.supervisor), "台账")
    assert [(row["任务编号"], row["季度"]) for row in rows] == [
        ("wp2013-18", "2013年第二季度"),
        ("wp2013-101", "2013年第二季度"),
    ]
    first, silent = rows
    assert (first["填报状态"], first["单位自评"], first["督查核定"], first["佐证份数"]) == (
        "已公布",
        "正常推进",
        "推进缓慢",
        2,
    )
    assert (silent["填报状态"], silent["公开状态"], silent["佐证份数"]) == (
        NOT_IN_SIGHT,
        "未报送",
        None,
    )


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_a_register_has_the_columns_that_were_chosen(client, office, filed, column):
    parcel = taken(client, office.people.supervisor, f"plan=wp2013&columns={column.key}")
    row = records(parcel, "台账")[0]
    assert list(row) == [*(always.head for always in ALWAYS), column.head, "演示"]
    assert row[column.head] not in (None, "")


def test_a_register_without_a_choice_of_columns_has_them_all(client, office, filed):
    row = records(taken(client, office.people.supervisor), "台账")[0]
    assert list(row) == [*(column.head for column in [*ALWAYS, *COLUMNS]), "演示"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("department=anjianju", {"wp2013-18"}),
        ("department=jiaoyuju", {"wp2013-101"}),
        ("task=wp2013-101", {"wp2013-101"}),
        ("plan=wp2013&department=anjianju", {"wp2013-18"}),
        ("plan=wp2013&department=chengguanju", set()),
    ],
)
def test_an_inspection_package_is_gathered_by_plan_unit_or_task(
    client, office, filed, query, codes
):
    rows = records(taken(client, office.people.leader, query), "台账")
    assert {row["任务编号"] for row in rows} == codes


@pytest.mark.parametrize("person", ["reporter", "colleague"])
def test_the_inspection_package_of_a_unit_has_nothing_of_others(client, office, filed, person):
    parcel = taken(client, getattr(office.people, person))
    assert {row["任务编号"] for row in records(parcel, "台账")} == {"wp2013-18"}
    assert len(records(parcel, "佐证目录")) == 2


def test_the_inspection_package_of_another_unit_has_neither_words_nor_files(client, office, filed):
    parcel = taken(client, office.people.stranger)
    assert {row["任务编号"] for row in records(parcel, "台账")} == {"wp2013-101"}
    assert [name for name in parcel.namelist() if name.startswith(("01", "02"))] == []
    client.force_login(office.people.stranger)
    assert client.get(PAGE, {"task": "wp2013-18"}).status_code == 400


@pytest.mark.parametrize("person", ["reporter", "auditor", "supervisor"])
def test_a_draft_is_in_nobodys_inspection_package(client, office, person):
    office.save()
    parcel = taken(client, getattr(office.people, person))
    assert records(parcel, "台账")[0]["填报状态"] == NOT_IN_SIGHT
    assert [name for name in parcel.namelist() if name.startswith("01")] == []


def test_the_inspection_package_of_a_publisher_has_no_report_only_submitted(client, office):
    office.submit()
    assert records(taken(client, office.people.publisher), "台账")[0]["填报状态"] == NOT_IN_SIGHT
    assert (
        records(taken(client, office.people.supervisor), "台账")[0]["填报状态"] == "已报送，待核查"
    )


def test_a_returned_report_in_an_inspection_package_says_why(client, office):
    return_report(
        report=office.submit(), reason="请补签到表", by=office.people.supervisor, at=JULY_5
    )
    text = (
        taken(client, office.people.supervisor)
        .read("01-填报与核查/0001-wp2013-18-2013-2.txt")
        .decode()
    )
    assert "退回理由：请补签到表" in text


def test_the_page_says_beforehand_how_large_the_inspection_package_will_be(client, office, filed):
    client.force_login(office.people.supervisor)
    extent = client.get(PAGE, {"plan": "wp2013"}).context["extent"]
    assert (extent.tasks, extent.reports, extent.files) == (2, 1, 2)
    assert extent.size == sum(Evidence.objects.values_list("size", flat=True))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("columns=said", "请选择文件、单位或任务"),
        ("task=nothing", "没有这个编号的任务"),
        ("plan=nothing", "没有“nothing”这个选项"),
        ("plan=wp2013&columns=secret", "没有“secret”这个选项"),
    ],
)
def test_an_invalid_choice_for_an_inspection_package_is_explained_on_the_page(
    client, office, query, words
):
    client.force_login(office.people.supervisor)
    page = client.get(f"{PAGE}?{query}")
    assert (page.status_code, words in page.content.decode()) == (400, True)
    assert client.get(f"{PACKAGE}?{query}")["Location"] == f"{PAGE}?{query}"


def test_the_inspection_package_of_a_demonstration_marks_every_line(client, office, filed):
    ReportingPeriod.objects.update(demonstration=True)
    parcel = taken(client, office.people.supervisor)
    assert {row["演示"] for row in records(parcel, "台账")} == {"演示"}
    assert "【演示】" in parcel.read("01-填报与核查/0001-wp2013-18-2013-2.txt").decode()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\b\\签到 表.PDF", "签到_表.pdf"),
        ("<b>\n.exe.pdf", "b_exe.pdf"),
        (".htaccess", "htaccess"),
        ("…", "file"),
        ("长" * 200 + ".docx", "长" * 60 + ".docx"),
        ("a.p/../df", "df"),
    ],
)
def test_a_file_name_in_an_inspection_package_leads_to_no_other_folder(given, safe):
    assert safe_name(given) == safe
    assert re.fullmatch(r"[\w（）()-]+(\.\w+)?", safe)


def test_thirty_reports_cost_no_more_questions_than_one(
    client, office, filed, django_assert_max_num_queries
):
    client.force_login(office.people.supervisor)
    with django_assert_max_num_queries(40) as few:
        list(client.get(f"{PACKAGE}?plan=wp2013").streaming_content)
    for task in more_tasks(office.white_paper, office.units["anjianju"], 30, first=201):
        report = ProgressReport.objects.get(task=office.white_paper.task)
        parts = list(report.contributions.all())
        report.pk, report.task = None, task
        report.save(force_insert=True)
        for part in parts:
            part.pk, part.report = None, report
            part.save(force_insert=True)
    with django_assert_max_num_queries(len(few)):
        assert len(list(client.get(f"{PACKAGE}?plan=wp2013").streaming_content)) > 0
