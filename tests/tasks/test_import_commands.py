import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.files.text_files import read
from departments.models import Department
from ledger.models import Entry
from tasks.importing.parse import parse
from tasks.models import ImportRun, Plan, Responsibility
from tests.fixtures.sources import INDICATORS, PAPER, PLAN, draft_of, source_of

FIXTURES = INDICATORS.parent


def run(name: str, *args, **options) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def preview(path) -> dict:
    return json.loads(run("import_plan", path, "--dry-run", "--json"))


@pytest.fixture
def departments(db):
    run("import_departments", FIXTURES / "departments.csv")


def test_units_are_loaded_once_with_their_successors(departments):
    assert Department.objects.count() == 32
    assert Department.objects.get(short_name="卫人局").successor.short_name == "卫计局"
    assert {unit.level for unit in Department.objects.all()} == {"district", "stationed", "street"}
    entries = Entry.objects.count()
    assert "没有变化" in run("import_departments", FIXTURES / "departments.csv")
    assert Entry.objects.count() == entries


def test_a_units_table_with_a_bad_row_is_refused_whole(tmp_path, db):
    text = (
        (FIXTURES / "departments.csv")
        .read_text("utf-8")
        .replace("民政局,盐田区民政局,区属", "民政局,盐田区民政局,市属")
    )
    (tmp_path / "units.csv").write_text(text, "utf-8")
    with pytest.raises(CommandError, match="第3行：类别“市属”"):
        run("import_departments", tmp_path / "units.csv")
    assert not Department.objects.exists()


def test_preview_of_the_plan_has_the_agreed_shape(db):
    found = preview(PLAN)
    assert list(found) == [
        "kind",
        "title",
        "year",
        "issued_on",
        "published_on",
        "sections",
        "problems",
        "questions",
        "document_number",
        "index_number",
        "issuer",
    ]
    assert (found["kind"], found["year"]) == ("action_plan", 2017)
    assert (found["issued_on"], found["published_on"]) == ("2017-03-20", "2017-05-12")
    section = found["sections"][4]
    assert list(section) == ["number", "title", "introduction", "tasks", "chapter"]
    assert section["number"] == 5
    task = section["tasks"][0]
    assert task["title"] == "提高城区规划建设标准和水平"
    assert task["text"] == draft_of(PLAN).tasks[26].text.text
    assert (task["goal"], task["milestones"], task["responsibilities"]) == ("", [], [])
    assert [problem["line"] for problem in found["problems"]] == [78, 17]


def test_the_preview_of_the_white_paper_needs_nothing_but_the_shipped_units(db):
    found = preview(PAPER)
    assert found["issued_on"] is None
    task = found["sections"][0]["tasks"][3]
    assert list(task) == [
        "number",
        "title",
        "text",
        "goal",
        "responsibilities",
        "milestones",
        "printed_number",
        "due",
        "sub_tasks",
        "actuals",
    ]
    assert task["responsibilities"] == [{"name": "人力局", "kind": "listed"}]
    assert [(each["year"], each["quarter"]) for each in task["milestones"]] == [
        (2013, 1),
        (2013, 2),
        (2013, 3),
        (2013, 4),
    ]
    assert found["problems"] == []
    assert not Plan.objects.exists()


def test_a_document_may_come_first_into_an_empty_database(db):
    assert "增加了 32 个单位" in run("import_plan", PAPER)
    assert Department.objects.count() == 32
    assert "没有变化" in run("import_plan", PAPER)


def test_the_shipped_units_stay_out_where_a_site_has_its_own(units):
    found = preview(PAPER)["problems"]
    assert {"line": 29, "message": "单位表中没有“民政局”"} in found
    with pytest.raises(CommandError, match="单位表中没有“民政局”"):
        run("import_plan", PAPER)
    assert Department.objects.count() == len(units)


def test_a_dry_run_into_an_empty_database_leaves_no_units(db):
    run("import_plan", PAPER, "--dry-run")
    assert not Department.objects.exists()


def test_dry_run_does_the_work_and_leaves_nothing(departments):
    entries = Entry.objects.count()
    out = run("import_plan", PAPER, "--dry-run")
    assert "5 个部分，20 项任务，80 条季度目标，177 条分解事项，30 条责任单位" in out
    assert not Plan.objects.exists()
    assert Entry.objects.count() == entries


def test_import_proposes_its_slug_and_a_second_run_says_so(departments):
    assert "已导入 ap2017" in run("import_plan", PLAN)
    assert "已导入 wp2013" in run("import_plan", PAPER, "--tracked-from", "2013-01-01")
    assert "没有变化" in run("import_plan", PLAN)
    assert sorted(Plan.objects.values_list("slug", flat=True)) == ["ap2017", "wp2013"]
    assert "第78行：附件在原文中略去" in run("import_plan", PLAN)


def test_an_import_says_that_it_is_a_draft_and_waits_for_a_publisher(departments):
    assert "请发布员在“文件导入”里核对、公布" in run("import_plan", PLAN)
    made = ImportRun.objects.get()
    assert (made.state, made.plan.state, made.uploaded_by) == ("checked", "draft", None)
    assert bytes(made.source_bytes) == PLAN.read_bytes()


YEARLESS = "示例区民生实事行动计划\n\n一、教育\n1.新建学校。新建1所学校。（教育局负责）\n"
YEARLESS += "2.增加学位。新增500个学位。（教育局负责）\n3.修整校舍。修整20栋校舍。（教育局负责）\n"


def test_a_file_of_answers_settles_the_questions(departments, tmp_path):
    plan, answers = tmp_path / "plan.txt", tmp_path / "answers.json"
    plan.write_text(YEARLESS, "utf-8")
    with pytest.raises(CommandError):
        run("import_plan", plan)
    asked = parse(read(plan)).questions
    said = {each.key: "2027" if "year" in each.key else each.preset for each in asked}
    answers.write_text(json.dumps(said), "utf-8")
    assert "已导入 ap2027" in run("import_plan", plan, "--answers", answers)


@pytest.mark.parametrize(("text", "words"), [("{", "不是 JSON"), ("[1]", "要写成")])
def test_answers_that_cannot_be_read_are_refused_in_words(departments, tmp_path, text, words):
    path = tmp_path / "answers.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CommandError, match=words):
        run("import_plan", PLAN, "--answers", path)


def test_proposed_units_are_loaded_by_command(departments):
    run("import_plan", PLAN)
    assert "已载入 45 项任务的责任单位" in run(
        "import_responsibilities",
        FIXTURES / "responsibility-2017-proposed.csv",
        "--basis",
        "proposed",
    )
    assert "没有变化" in run(
        "import_responsibilities",
        FIXTURES / "responsibility-2017-proposed.csv",
        "--basis=proposed",
        "--plan=ap2017",
    )
    assert Responsibility.objects.filter(kind="lead", basis="proposed").count() == 45


def damaged(tmp_path, data: bytes):
    path = tmp_path / "damaged.txt"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("args", [(), ("--dry-run",), ("--dry-run", "--json")])
@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda data: b"", "是空的"),
        (lambda data: data[:2000] + b"\0" + data[2000:], "不是文本文件"),
        (lambda data: data[: len(data) // 2], "可能被截断"),
        (lambda data: data.replace("33.高效".encode(), "高效".encode()), "读到第34项，缺第33项"),
        (lambda data: (FIXTURES / "departments.csv").read_bytes(), "没有识别出任务（0 项）"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_written(harm, reason, args, tmp_path, departments):
    with pytest.raises(CommandError, match=reason):
        run("import_plan", damaged(tmp_path, harm(source_of(PLAN).data)), *args)
    assert not Plan.objects.exists()


def test_json_needs_a_dry_run(db):
    with pytest.raises(CommandError, match="--dry-run"):
        run("import_plan", PLAN, "--json")


def test_plain_words_that_the_wording_does_not_bear_out_refuse_the_import(
    db, tmp_path, monkeypatch
):
    shipped = (FIXTURES / "summaries" / "wp2013.toml").read_text("utf-8")
    (tmp_path / "wp2013.toml").write_text(
        shipped.replace("要有15000人次", "要有25000人次"), "utf-8"
    )
    monkeypatch.setattr("tasks.importing.summaries.SUMMARIES", tmp_path)
    with pytest.raises(CommandError, match="第18项：引用的原文里没有数字“25000”"):
        run("import_plan", PAPER)
    assert not Plan.objects.exists()
