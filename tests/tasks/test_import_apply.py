import json
from datetime import date, datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db.models import Count

from common.errors import Refused
from common.files.text_files import from_bytes, read
from departments.models import Department
from ledger.actions import Actor
from ledger.models import Entry
from tasks.choices import PlanState
from tasks.importing import apply, unit_list
from tasks.importing.parse import parse
from tasks.models import Commitment, Passage, Plan, Responsibility, Target, Task
from tests.fixtures.sources import INDICATORS, PAPER, PLAN, source_of

pytestmark = pytest.mark.both

AT = datetime.fromisoformat("2017-06-01T09:00:00+08:00")
LIST = INDICATORS.parent / "responsibility-2017-proposed.csv"


@pytest.fixture
def departments(db):
    call_command("import_departments", INDICATORS.parent / "departments.csv", stdout=StringIO())


def bring_in(source, slug: str, tracked_from: date | None = None) -> apply.ImportResult:
    return apply.import_plan(
        draft=parse(source),
        source=source,
        slug=slug,
        indicators=INDICATORS,
        tracked_from=tracked_from,
        by=Actor(),
        at=AT,
    )


@pytest.fixture
def plan(departments) -> Plan:
    return bring_in(source_of(PLAN), "ap2017").plan


@pytest.fixture
def white_paper(departments) -> Plan:
    return bring_in(source_of(PAPER), "wp2013").plan


def test_the_plan_s_rows_stand_with_their_codes_and_source(plan):
    plan.refresh_from_db()
    assert bytes(plan.source_bytes) == PLAN.read_bytes()
    assert (plan.starts_on, plan.ends_on, plan.issued_on) == (
        date(2017, 1, 1),
        date(2017, 12, 31),
        date(2017, 3, 20),
    )
    assert plan.annex_note.endswith("责任分工一览表(略)")
    assert [task.code for task in plan.tasks.all()][::44] == ["ap2017-01", "ap2017-45"]
    assert Commitment.objects.filter(task__plan=plan).count() == 175
    assert Target.objects.count() == 40
    assert Responsibility.objects.count() == 0


def test_the_rows_of_the_white_paper_belong_together(white_paper):
    assert Task.objects.annotate(n=Count("milestones")).filter(n=4).count() == 20
    in_quarters = Commitment.objects.exclude(quarter=None)
    assert in_quarters.count() == 133
    assert all(each.text in each.milestone.text for each in in_quarters.select_related("milestone"))
    listed = Responsibility.objects.filter(kind="listed", basis="published")
    assert listed.count() == 30
    assert list(
        listed.filter(task__number=12).values_list("department__short_name", flat=True)
    ) == [
        "城管局",
        "经促局",
        "梅沙街道办",
    ]


@pytest.mark.parametrize("path", [PLAN, PAPER])
def test_stored_passages_give_the_text_back_and_commitments_stand_in_it(path, departments):
    plan = bring_in(source_of(path), "doc").plan
    text = Plan.objects.get(pk=plan.pk).source_text
    assert "".join(text[p.start : p.end] for p in Passage.objects.order_by("order")) == text
    assert all(text[each.start : each.end] == each.text for each in Commitment.objects.all())


def test_targets_hang_on_the_commitment_that_holds_their_words_and_make_it_measurable(white_paper):
    for target in Target.objects.exclude(commitment=None).select_related("commitment", "indicator"):
        assert target.quote in target.commitment.text
        assert target.commitment.task_id == target.indicator.task_id
        assert target.commitment.measurable == "yes"
    assert Target.objects.get(quote__startswith="在全区18个社区").commitment.source == "title"
    assert Commitment.objects.get(flag__contains="未写计量单位").quarter == 1


def test_words_of_a_task_can_be_searched(plan):
    assert [task.number for task in Task.objects.matching("公厕")] == [33]


def test_a_second_import_changes_nothing(plan):
    before = [Entry.objects.count(), Commitment.objects.count(), Passage.objects.count()]
    assert bring_in(source_of(PLAN), "ap2017").changed is False
    assert [Entry.objects.count(), Commitment.objects.count(), Passage.objects.count()] == before


def test_one_ledger_entry_records_the_import(plan):
    entry = Entry.objects.get(subject_type="plan")
    assert (entry.verb, entry.subject_id, entry.visibility) == ("import_plan", "ap2017", "internal")
    assert source_of(PLAN).sha256 in entry.payload


def test_an_import_of_a_changed_file_does_not_overwrite_the_plan(plan):
    changed = from_bytes(
        source_of(PLAN).data.replace("文化贴心人".encode(), "文化知心人".encode()), "plan.txt"
    )
    with pytest.raises(Refused, match="ap2017 已导入过另一份文件"):
        bring_in(changed, "ap2017")
    assert "文化贴心人" in Plan.objects.get().source_text


def test_the_same_file_does_not_enter_under_a_second_name(plan):
    with pytest.raises(Refused, match="已以 ap2017 导入"):
        bring_in(source_of(PLAN), "ap2017b")


def test_unknown_units_are_listed_and_nothing_is_written(db):
    with pytest.raises(Refused, match="单位表中没有“教育局”") as refusal:
        bring_in(source_of(PAPER), "wp2013")
    assert len(refusal.value.reasons) == 21
    assert refusal.value.reasons[0] == "第26行：单位表中没有“教育局”"
    assert not Plan.objects.exists()
    assert not Entry.objects.exists()


def test_an_import_writes_a_draft_whatever_its_year(white_paper):
    assert white_paper.state == PlanState.DRAFT
    assert bring_in(source_of(PLAN), "ap2017", date(2017, 1, 1)).plan.state == PlanState.DRAFT


def test_another_first_day_of_tracking_is_not_taken_silently(plan):
    with pytest.raises(Refused, match="再次导入不改这个日期"):
        bring_in(source_of(PLAN), "ap2017", date(2017, 1, 1))


def assign(plan: Plan, text: str, basis: str = "proposed") -> int:
    rows = unit_list.read_assignments(
        from_bytes(("task_number,lead,supporting,why\n" + text).encode(), "list.csv")
    )
    return unit_list.assign_units(plan=plan, rows=rows, basis=basis, by=Actor(), at=AT)


def in_force(plan: Plan, number: int) -> list:
    rows = Responsibility.objects.in_force().filter(task__plan=plan, task__number=number)
    return [(row.department.short_name, row.kind, row.basis) for row in rows]


def test_proposed_units_enter_once_and_not_as_a_public_fact(plan):
    rows = unit_list.read_assignments(read(LIST))
    once = SimpleNamespace(plan=plan, rows=rows, basis="proposed", by=Actor(), at=AT)
    assert unit_list.assign_units(**vars(once)) == 45
    assert unit_list.assign_units(**vars(once)) == 0
    assert in_force(plan, 8) == [
        ("工务局", "lead", "proposed"),
        ("教育局", "supporting", "proposed"),
        ("卫计局", "supporting", "proposed"),
    ]
    assert set(Entry.objects.filter(subject_type="task").values_list("visibility", flat=True)) == {
        "internal"
    }


def test_a_corrected_proposal_succeeds_the_old_one_and_leaves_it_to_be_seen(plan):
    assign(plan, "1,经促局,,职能")
    assert assign(plan, "1,发改局,经促局,职能") == 1
    assert in_force(plan, 1) == [
        ("发改局", "lead", "proposed"),
        ("经促局", "supporting", "proposed"),
    ]
    assert (
        Responsibility.objects.get(task__number=1, valid_to__isnull=False).department.short_name
        == "经促局"
    )


def test_a_proposal_never_replaces_what_the_document_prints(plan):
    assign(plan, "1,经促局,,附件", basis="published")
    assert assign(plan, "1,发改局,,职能") == 0
    assert in_force(plan, 1) == [("经促局", "lead", "published")]


def test_the_record_names_units_by_their_address(plan):
    assign(plan, "1,经促局,,附件", basis="published")
    unit = Department.objects.get(short_name="经促局")
    told = json.loads(Entry.objects.get(verb="assign_units").payload)["facts"]
    assert told == {"basis": "published", "units": {unit.slug: "lead"}}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,无名局,,x", "第2行：单位表中没有“无名局”"),
        ("99,经促局,,x", "第2行：文件中没有第99项任务"),
        ("一,经促局,,x", "第2行：任务序号“一”不是数字"),
        ("1,经促局 发改局,,x", "第2行：第1项要有且只有一个牵头单位"),
        ("1,经促局", "第2行：表 list.csv 这一行的列数与表头不同"),
    ],
)
def test_a_wrong_list_is_refused_whole(row, reason, plan):
    with pytest.raises(Refused, match=reason):
        assign(plan, row + "\n2,经促局,,x")
    assert not Responsibility.objects.exists()
