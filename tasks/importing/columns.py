"""Tells what a column of a table holds, by the words in its head, whatever the order of columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tasks.importing.text import number_of, plain


class ColumnKind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    SECTION = "section"
    TASK = "task"
    CONTENT = "content"
    GOAL = "goal"
    QUARTER = "quarter"
    MONTH = "month"
    PROGRESS = "progress"
    LEAD = "lead"
    SUPPORTING = "supporting"
    UNITS = "units"
    PERSON = "person"
    DUE = "due"
    ACTUAL = "actual"
    RATE = "rate"
    STATUS = "status"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """A column of a table: its kind, and the quarter or month it is about where it names one.

    `words` is its head without blanks, in simplified signs.
    """

    kind: ColumnKind
    words: str
    period: int | None = None


PERSONS = (
    r"(?:责任|分管|牵头|联系|包联|挂点|负责|市|区|县|主管|督办|挂牌)?领导|(?:责任|负责|联系|联络|经办)人员?$"
    r"|责任人|联络员|电话|联系方式"
)
DONE_WORDS = (
    r"进展|完成情况|实际完成|落实情况|推进情况|实施情况|办理情况|工作成效|取得成效|存在(?:的)?问题"
    r"|下一?步|目前进度|当前进度|形象进度|工作动态|工作开展情况|办理结果|落实结果|累计完成|完成量"
)
# The first that is found in the head decides.
VOCABULARY = (
    (
        ColumnKind.STATUS,
        r"是否|目标完成情况|完成状态|状态|达序|评价|亮灯|红黄|办结情况|评定|督查意见",
    ),
    (ColumnKind.RATE, r"完成率|完成比例|百分比|占比|进度%|比例|%$"),
    (ColumnKind.ACTUAL, DONE_WORDS),
    (ColumnKind.PERSON, PERSONS),
    (ColumnKind.QUARTER, r"第?[一二三四1-4]季度?|[1-4]-\d{1,2}月"),
    (ColumnKind.MONTH, r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"),
    (ColumnKind.DUE, r"时限|期限|时间|节点|完成日期|竣工日期|办结"),
    (ColumnKind.SUPPORTING, r"(?:配合|协办|参与|参加|协助|协同|协作)(?:责任)?(?:单位|部门|科室)?"),
    (ColumnKind.LEAD, r"牵头|主办|主责|主管(?:单位|部门)|主体责任"),
    (
        ColumnKind.UNITS,
        r"(?:责任|承办|实施|落实|负责|建设|完成|申报|执行|责任落实)(?:单位|部门|主体|处室|科室)|^(?:单位|部门)$"
        r"|任务分工|责任分工|^责任$",
    ),
    (ColumnKind.OTHER, r"备注|说明|投资|资金|经费|金额|预算|来源|依据|附件|占地|地点|位置|类型"),
    (ColumnKind.NUMBER, r"序号|编号|项次|^序$|^号$|^项目号$|^NO"),
    (
        ColumnKind.PROGRESS,
        r"目标及进度|进度目标|目标进度|进度(?:安排|计划|要求)|阶段(?:性)?目标|工作进度|年度进度|实施进度",
    ),
    (ColumnKind.SECTION, r"总体目标|类别|分类|领域|大类|方面|板块|一级|所属|专项|行动$"),
    (
        ColumnKind.TASK,
        r"任务名称|项目名称|事项名称|实事名称|实事项目|工作名称|^项目$|^事项$|^任务$|工作任务|重点(?:工作|任务)|主要任务"
        r"|民生实事|民生项目|重点项目|项目|工作事项|事项|任务|二级|工程名称|措施名称|工作要点",
    ),
    (ColumnKind.GOAL, r"目标|要求|标准|成效|成果"),
    (ColumnKind.CONTENT, r"内容|措施|举措|规模|做法|分解|名称|工作"),
)
PATTERNS = tuple((kind, re.compile(words)) for kind, words in VOCABULARY)
# 目标任务 and 任务内容 say what is to be reached, where another column names the task.
SECOND_TASK = re.compile(
    r"目标任务|任务目标|(?:任务|项目|事项)(?:内容|要求|目标|分解)|(?:具体|分项|细化)(?:任务|事项|工作)|目标要求"
)
UNIT_COLUMNS = (ColumnKind.LEAD, ColumnKind.SUPPORTING, ColumnKind.UNITS)
LONGEST_HEAD = 24
PERIODS = {
    ColumnKind.QUARTER: re.compile(r"[一二三四1-4](?=季)"),
    ColumnKind.MONTH: re.compile(r"^\d+|^[一二三四五六七八九十]+"),
}
SENTENCE = re.compile(r"[。;!?]")
FEWEST_COLUMNS = 2


def column_of(head: str) -> Column | None:
    """The column under a head; None where the words are in no vocabulary or are too long."""
    words = re.sub(r"[\s()]", "", plain(head))
    kind = kind_named(words)
    return Column(kind, words, period_of(kind, words)) if kind else None


def kind_named(words: str) -> ColumnKind | None:
    """What a column of this name holds; None for words that are no name of a column."""
    if not 0 < len(words) <= LONGEST_HEAD or SENTENCE.search(words):
        return None
    return next((kind for kind, pattern in PATTERNS if pattern.search(words)), None)


def period_of(kind: ColumnKind, words: str) -> int | None:
    """The quarter or month in the head of a column."""
    pattern = PERIODS.get(kind)
    found = pattern.search(words) if pattern else None
    return number_of(found[0]) if found else None


def columns_of(heads: Sequence[str]) -> list[Column] | None:
    """The columns under a row of heads; None where the row is no head of a table of tasks.

    A head has at least two known columns, and one of them names the task or what it contains.
    """
    found = list(map(column_of, heads))
    known = list(filter(None, found))
    filled = sum(map(bool, map(str.strip, heads)))
    if len(known) < max(FEWEST_COLUMNS, filled / 2) or not names_tasks(known):
        return None
    pairs = zip(found, heads, strict=True)
    return settle([column or Column(ColumnKind.OTHER, head.strip()) for column, head in pairs])


def names_tasks(columns: Sequence[Column]) -> bool:
    kinds = {column.kind for column in columns}
    named = kinds & {ColumnKind.TASK, ColumnKind.CONTENT, ColumnKind.GOAL, ColumnKind.SECTION}
    other = kinds - named - {ColumnKind.OTHER}
    return bool(named) and bool(other)


def settle(columns: list[Column]) -> list[Column]:
    """The columns with one task: the others that could name it hold its contents.

    Where nothing names the task, the contents, else the goal, else the section do.
    """
    chosen = next(task_candidates(columns))
    return [
        replace(column, kind=kind_beside(column, index, chosen))
        for index, column in enumerate(columns)
    ]


def task_candidates(columns: Sequence[Column]) -> Iterator[int]:
    """The columns that could name the task, the best first."""
    tasks = indexes_of(columns, ColumnKind.TASK)
    yield from (index for index in tasks if not SECOND_TASK.search(columns[index].words))
    yield from tasks
    for kind in (ColumnKind.CONTENT, ColumnKind.GOAL, ColumnKind.SECTION):
        yield from indexes_of(columns, kind)


def indexes_of(columns: Sequence[Column], kind: ColumnKind) -> list[int]:
    return [index for index, column in enumerate(columns) if column.kind == kind]


def kind_beside(column: Column, index: int, task: int) -> ColumnKind:
    """The kind of a column where the task is named in the column `task`."""
    if index == task:
        return ColumnKind.TASK
    if column.kind == ColumnKind.TASK:
        before = index < task and not SECOND_TASK.search(column.words)
        return ColumnKind.SECTION if before else ColumnKind.CONTENT
    return column.kind
