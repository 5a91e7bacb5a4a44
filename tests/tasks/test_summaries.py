"""Plain names and sentences of the site: short, ours, and never more than the document promises."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from common.files.text_files import ImportProblem
from ledger.actions import Actor
from ledger.models import Entry
from tasks.actions.plans import PlainWords, save_plain_words
from tasks.importing.summaries import HALF_WIDTH, SUMMARIES, shipped_words, write_shipped_words
from tasks.models import Plan, Task
from tasks.read_models.verification import promised_faults
from tests.fixtures.people import NOW
from tests.fixtures.sources import BOTH

# A sentence may say each of these only where the wording of its task does.
STRONG_WORDS = ["确保", "建成", "完成", "竣工", "免费", "覆盖所有", "率先", "全面", "严厉", "坚决"]
# What the wording says instead: 智慧化教室学校全覆盖, 社区全覆盖.
SAID_AS = {"覆盖所有": "全覆盖"}
WHITE_PAPER = "深圳市盐田区人民政府2013年度公共服务白皮书"
ROW = """
[[task]]
number = 18
plain_name = "安全生产培训"
summary = "2013年要有15000人次以上参加培训。"
quotes = ["全年完成安全生产公共培训15000人次以上"]
"""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """Both documents as a clone imports them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for path in BOTH:
            call_command("import_plan", path, stdout=StringIO())
        yield list(Task.objects.prefetch_related("milestones").order_by("pk"))
        transaction.set_rollback(True)


@pytest.fixture
def paper(site, db) -> Plan:
    return Plan.objects.get(slug="wp2013")


def wordings(task: Task) -> str:
    return "".join([task.title, task.text, task.goal, *(row.text for row in task.milestones.all())])


def folder_with(tmp_path, rows: str):
    (tmp_path / "wp2013.toml").write_text(f'title = "{WHITE_PAPER}"\n{rows}', "utf-8")
    return tmp_path


def test_every_task_of_both_documents_has_a_short_name_and_one_sentence(site):
    assert len(site) == 65
    for task in site:
        assert 2 <= len(task.plain_name) <= 20, task
        assert 15 <= len(task.summary) <= 60, task
        assert task.summary.find("。") == len(task.summary) - 1, task
        assert task.summary_by == "本平台"


def test_no_two_tasks_of_a_document_have_the_same_name(site):
    assert len({(task.plan_id, task.plain_name) for task in site}) == 65


def test_no_name_and_no_sentence_has_a_half_width_mark(site):
    assert [task for task in site if HALF_WIDTH.search(task.plain_name + task.summary)] == []


def test_every_sentence_names_the_year_of_its_document(site, db):
    years = {plan.pk: str(plan.starts_on.year) for plan in Plan.objects.all()}
    assert [task for task in site if f"{years[task.plan_id]}年" not in task.summary] == []


def test_no_sentence_promises_more_strongly_than_the_document(site):
    stronger = [
        (task.code, word)
        for task in site
        for word in STRONG_WORDS
        if word in task.summary and SAID_AS.get(word, word) not in wordings(task)
    ]
    assert stronger == []


def test_the_names_and_sentences_are_on_record_and_agree_with_it(site, db):
    entries = Entry.objects.filter(verb="save_summary")
    # A draft is not told of in public.
    assert set(entries.values_list("actor_unit", "visibility")) == {("本平台", "internal")}
    assert entries.count() == 65
    assert list(promised_faults()) == []


def test_an_import_again_leaves_what_a_unit_has_signed(paper):
    task = paper.tasks.get(number=18)
    by = Actor("3", "督查室", "督查员")
    save_plain_words([PlainWords(task, "安全培训", "全年培训一万五千人次。")], by=by, at=NOW)
    for path in BOTH:
        call_command("import_plan", path, stdout=StringIO())
    write_shipped_words(paper, at=NOW)
    task.refresh_from_db()
    assert (task.plain_name, task.summary_by) == ("安全培训", "督查室")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("安全生产公共培训15000", "安全生产培训15000", "引用的原文未找到：“全年完成安全生产培训"),
        ("2013年要有15000", "2013年要有25000", "引用的原文里没有数字“25000”"),
        ("2013年要有", "2014年要有", "引用的原文里没有数字“2014”"),
        ("参加培训", "参加三次培训", "引用的原文里没有数字“三”"),
        ("参加培训。", "参加培训,", "“,”是半角标点"),
        ('"安全生产培训"', '"安全生产培训安全生产培训安全生产培训安全生"', "要有 1 到 20 个字"),
        ('"安全生产培训"', '""', "要有 1 到 20 个字"),
        ("参加培训", "参加培训" * 15, "要有 1 到 60 个字"),
        ("plain_name", "name", "要写且只写 number、plain_name、quotes、summary"),
        ("number = 18", "number = 21", "文件中没有这一项"),
    ],
)
def test_a_row_that_the_wording_does_not_bear_out_is_refused(paper, tmp_path, old, new, fault):
    assert old in ROW
    number = 21 if "21" in new else 18
    with pytest.raises(ImportProblem) as refused:
        shipped_words(paper, folder_with(tmp_path, ROW.replace(old, new)))
    assert f"说明文件 wp2013.toml 第{number}项" in str(refused.value)
    assert fault in str(refused.value)


def test_a_row_that_is_borne_out_is_read_and_a_second_of_its_number_refused(paper, tmp_path):
    [words] = shipped_words(paper, folder_with(tmp_path, ROW))
    assert (words.task.number, words.plain_name) == (18, "安全生产培训")
    with pytest.raises(ImportProblem, match="第18项：文件中没有这一项，或者前面已经写过"):
        shipped_words(paper, folder_with(tmp_path, ROW + ROW))


def test_a_document_that_no_file_is_about_gets_no_words(paper, tmp_path):
    assert shipped_words(paper, tmp_path) == []


def test_every_shipped_file_is_about_a_document_that_is_shipped(site, db):
    assert sum(len(shipped_words(plan, SUMMARIES)) for plan in Plan.objects.all()) == 65
    assert len(list(SUMMARIES.glob("*.toml"))) == 2
