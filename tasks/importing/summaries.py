"""Reads the plain names and sentences that the site ships for the tasks of a document.

One file `fixtures/summaries/*.toml` per document, chosen by the document's title. They are ours, so
each number they give must stand in a quote, and each quote in the task's own wording.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.conf import settings

from common.files.text_files import ImportProblem
from ledger.actions import Actor
from tasks.actions.plans import PlainWords, save_plain_words
from tasks.importing.text import plain
from tasks.models import Plan, Task

SUMMARIES = settings.FIXTURES / "summaries"
PLATFORM = Actor(unit="本平台")
LONGEST_NAME, LONGEST_SUMMARY = 20, 60
# Arabic figures, and Chinese ones where they count something: 三次议政会, but not 统一 or 一起.
NUMBER = re.compile(
    r"\d+(?:\.\d+)?[万亿]?%?|[一二两三四五六七八九十百千]{1,9}(?=[年月日个座处条所家次场批期项级类届件])"
)
# Marks of a keyboard that is set to English; a full stop inside a number is none.
HALF_WIDTH = re.compile(r"[,;:!?()\"']|(?<!\d)\.|\.(?!\d)")
KEYS = {"number", "plain_name", "summary", "quotes"}


def write_shipped_words(plan: Plan, *, at: datetime) -> None:
    """Saves what the site's folder says about the tasks of a plan; what a unit has signed stays.

    Raises ImportProblem where a row names no task of the plan or says what its wording does not.
    """
    words = shipped_words(plan, SUMMARIES)
    save_plain_words([one for one in words if not one.task.summary_by], by=PLATFORM, at=at)


def shipped_words(plan: Plan, folder: Path) -> list[PlainWords]:
    """The proven rows of the file with the plan's title; none where no file has that title.

    Raises ImportProblem as `write_shipped_words` does.
    """
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        if plain(data["title"]) == plain(plan.title):
            tasks = {task.number: task for task in plan.tasks.prefetch_related("milestones")}
            return [_proven(path.name, row, tasks, plan) for row in data["task"]]
    return []


def _proven(file: str, row: dict, tasks: dict[int, Task], plan: Plan) -> PlainWords:
    """The words of a row, whose task is taken out of `tasks`, so that a second row finds none."""
    number = row.get("number", 0)
    if number not in tasks:
        raise _fault(file, number, "文件中没有这一项，或者前面已经写过")
    if row.keys() != KEYS:
        raise _fault(file, number, f"要写且只写 {'、'.join(sorted(KEYS))}")
    task = tasks.pop(number)
    own, quotes = (row["plain_name"], row["summary"]), row["quotes"]
    faults = chain(
        _faults_of_form(*own), _unknown_quotes(quotes, task), _unknown_numbers(own, quotes, plan)
    )
    for fault in faults:
        raise _fault(file, number, fault)
    return PlainWords(task, *own)


def _fault(file: str, number: int, fault: str) -> ImportProblem:
    return ImportProblem(f"说明文件 {file} 第{number}项：{fault}")


def _faults_of_form(name: str, summary: str) -> Iterator[str]:
    if not 0 < len(name) <= LONGEST_NAME:
        yield f"通俗名称“{name}”要有 1 到 {LONGEST_NAME} 个字"
    if not 0 < len(summary) <= LONGEST_SUMMARY:
        yield f"一句话说明“{summary}”要有 1 到 {LONGEST_SUMMARY} 个字"
    for mark in HALF_WIDTH.findall(f"{name} {summary}"):
        yield f"“{mark}”是半角标点，请用全角"


def _unknown_quotes(quotes: list[str], task: Task) -> Iterator[str]:
    wording = wording_of(task)
    return (f"引用的原文未找到：“{quote}”" for quote in quotes if quote not in wording)


def _unknown_numbers(own: tuple[str, str], quotes: list[str], plan: Plan) -> Iterator[str]:
    """Numbers of our own words that no quote has; the year of the document needs none."""
    known = {str(plan.starts_on.year)}.union(*map(NUMBER.findall, quotes))
    numbers = NUMBER.findall(" ".join(own))
    return (f"引用的原文里没有数字“{number}”" for number in numbers if number not in known)


def wording_of(task: Task) -> str:
    """All that the document prints for a task, a line each."""
    milestones = (milestone.text for milestone in task.milestones.all())
    return "\n".join([task.title, task.text, task.goal, *milestones])
