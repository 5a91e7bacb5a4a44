"""What the page of each task of the demonstration says first; read against the stored rows."""

from pathlib import Path

import pytest

from public.read_models.task import task_page
from tasks.models import Task
from tests.fixtures.documents import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
# One line a task: its code, a blank, its sentences.
EXPECTED = (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()


def test_the_sentences_of_every_task_are_those_that_were_read_and_kept():
    tasks = Task.objects.order_by("plan__slug", "number").select_related("plan")
    pages = [task_page(task) for task in tasks]
    assert [f"{page.task.code} {''.join(page.answer)}" for page in pages] == EXPECTED
    assert len(EXPECTED) == 65


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("wp2013-18", "9940 / 不少于 10000 人次 演示 本期应达 10000 四个季度的填报数由本平台合计"),
        ("wp2013-08", "15 / 第二季度应到 50 % 演示 这一条第三季度核定已完成"),
        ("wp2013-09", "23030 / 各季目标合计 22500 份"),
        ("wp2013-13", "90 / 第二季度应到 90 % 演示 第三季度应到100%，依法暂不公开"),
        ("ap2017-33", "28 / 40 座 演示 到第三季度，文件未公布阶段目标"),
    ],
)
def test_the_bars_show_the_comparison_of_the_sentence(code, words):
    assert words in read(f"/tasks/{code}/")
