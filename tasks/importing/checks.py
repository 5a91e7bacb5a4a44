"""Decides what a part of a file is: a plan, a covering notice, a disclosure, or another text."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tasks.importing.blocks import Paragraph
from tasks.importing.draft import Choice, PlanDraft, Problem, Question, ask
from tasks.importing.front import Front, years_in
from tasks.importing.levels import Levels, is_bare
from tasks.importing.ordinals import Style
from tasks.importing.segments import ANNEX, OMITTED, Segment, line_of
from tasks.importing.text import plain
from tasks.importing.tree import Block, Node

ANNEX_NAMED = re.compile(r"附件\s*[\d一二三四五六七八九十]*\s*:\s*\S")
ENCLOSED = re.compile(r"现(将.{0,80})?(予以)?(印发|转发|下发)")
NO_PLAN = re.compile(r"(?:公告|通告|启事|征集|招聘|解读|问答|会议|致辞|讲话|简报|新闻).{0,6}$")
PROGRESS_TITLE = re.compile(r"进展|进度|完成情况|落实情况|办理情况|推进情况|实施情况")
SEVERAL_YEARS = re.compile(r"[二三四五六七八九十]年(行动|计划|方案|规划)")
OPENING_LENGTH = 600
MOST_YEARS = 10
LOOKED_FOR = (
    "没有识别出任务（0 项）。找过：带“序号、工作任务、责任单位”一类表头的表格，"
    "“一、”“（一）”“1.”一类编号，以及“责任单位”“牵头”“负责”的写法"
)


def year_in(text: str) -> int | None:
    """The first year in the opening of a text, where neither title nor dates print one."""
    years = years_in(text[:OPENING_LENGTH])
    return years[0] if years else None


def is_progress_title(title: str) -> bool:
    return PROGRESS_TITLE.search(plain(title)) is not None


def paragraphs(blocks: Sequence[Block]) -> list[Paragraph]:
    return [block for block in blocks if isinstance(block, Paragraph)]


def annex_note(tail: Sequence[Block]) -> str:
    """The line that announces an annex and leaves it out: 附件:…一览表(略)."""
    omitted = omitted_annex(tail)
    return omitted.text if omitted else ""


def omitted_annex(tail: Sequence[Block]) -> Paragraph | None:
    return next(filter(is_omitted, paragraphs(tail)), None)


def is_omitted(line: Paragraph) -> bool:
    copy = line_of(line).plain
    return ANNEX.match(copy) is not None and OMITTED.search(copy) is not None


def names_somebody(nodes: Sequence[Node]) -> bool:
    """Whether any of these paragraphs says who is responsible."""
    return any(node.notes() for node in nodes)


def is_cover(segment: Segment, levels: Levels) -> bool:
    """Whether the outline is that of a covering notice: it sends something, and names nobody."""
    if segment.items or levels.style not in (Style.CHINESE, Style.CHINESE_PAREN):
        return False
    is_bare_outline = is_flat(segment, levels) and not names_somebody(levels.tasks)
    return is_bare_outline and any(map(encloses, segment.front))


def encloses(line: Paragraph) -> bool:
    """Whether a line says that something is sent with it: 现印发给你们."""
    return ENCLOSED.search(plain(line.text)) is not None


def is_flat(segment: Segment, levels: Levels) -> bool:
    """Whether the nodes taken for tasks stand under no heading."""
    return all(node.parent is segment.root for node in levels.tasks)


def is_other_text(title: str, levels: Levels, answers: dict[str, str]) -> Question | None:
    """Asks whether an outline in which nobody is responsible holds tasks, by its title hardly."""
    if not NO_PLAN.search(plain(title)) or names_somebody(levels.tasks):
        return None
    asked = Question(
        "tasks",
        1,
        f"按编号可以读成 {len(levels.tasks)} 项，但没有责任单位，标题也不像计划。里面有任务吗？",
        (Choice("none", "没有任务"), Choice("tasks", f"有，共 {len(levels.tasks)} 项")),
        "none",
    )
    return None if answers.get(asked.key) == "tasks" else asked


def tasks_in(segment: Segment, levels: Levels) -> int:
    """How many tasks a part of a file has, in its outline or its tables."""
    if is_cover(segment, levels):
        return 0
    return max(segment.items, len(levels.tasks))


def reads_tables(segment: Segment, levels: Levels) -> bool:
    """Whether the tables of a part hold its tasks, and not its outline."""
    noted = sum(bool(node.notes()) for node in levels.tasks)
    return segment.items > 0 and segment.items >= noted


def two_plans(
    segments: Sequence[Segment], levels: Sequence[Levels], main: int
) -> Iterator[Question]:
    """Asks which of two plans in one file is meant; the table of an annex is no plan."""
    counts = dict(enumerate(map(tasks_in, segments, levels)))
    annexes = {index for index in counts if index != main and segments[index].items}
    plans = {index: count for index, count in counts.items() if count > 1 and index not in annexes}
    if len(plans) > 1:
        message = f"文件里有 {len(plans)} 份有任务的文件，收录哪一份？"
        yield Question("plans", None, message, tuple(choices_of(plans)), str(main))


def choices_of(plans: Mapping[int, int]) -> Iterator[Choice]:
    """A choice for each of several plans in a file: how many tasks it has, by its place."""
    for order, (index, count) in enumerate(plans.items(), 1):
        yield Choice(str(index), f"第{order}份，{count} 项")


def front_questions(draft: PlanDraft, front: Front) -> Iterator[Question]:
    """A title or year that was not found, and a plan over several years."""
    if not front.title:
        yield Question("title", 1, "没有找到文件标题，请填写", (), "")
    if not draft.year:
        yield Question("year", 1, "标题、文号、日期和开头都没有年份，请填写", (), "")
    years = years_in(front.title)
    if len(set(years)) > 1 or SEVERAL_YEARS.search(plain(front.title)):
        yield ask_years(years)


def ask_years(years: Sequence[int]) -> Question:
    """Asks which years a plan over several years is for."""
    span = f"{years[0]}—{years[-1]}年" if len(years) > 1 else "几年"
    choices = [Choice(f"{first}-{last}", f"{first}年至{last}年") for first, last in spans(years)]
    preset = choices[0].value if choices else ""
    return Question("years", 1, f"这是跨{span}的文件，从哪年到哪年？", tuple(choices), preset)


def spans(years: Sequence[int]) -> list[tuple[int, int]]:
    """The whole span of years, then each of its years."""
    if not years:
        return []
    first, last = years[0], years[-1]
    return [(first, last), *((year, year) for year in range(first, last + 1)[:MOST_YEARS])]


def draft_problems(draft: PlanDraft, front: Front, segment: Segment) -> Iterator[Problem]:
    """What is only told: an annex left out, tasks without a unit; and that there are no tasks."""
    if not draft.tasks:
        yield no_tasks(front, segment)
        return
    yield from annex_problems(segment)
    without = [task.line for task in draft.tasks if not task.responsibilities]
    if without:
        yield Problem(without[0], f"{len(without)} 项任务没有读到责任单位")


def annex_problems(segment: Segment) -> Iterator[Problem]:
    """An annex that the document leaves out, or names in its last line and does not have."""
    if omitted := omitted_annex(segment.tail):
        yield Problem(omitted.line, f"附件在原文中略去，其内容未随文公开：{omitted.text}")
        return
    for line in paragraphs(segment.tail)[-1:]:
        if ANNEX_NAMED.match(line_of(line).plain):
            yield Problem(line.line, f"附件不在文件中：{line.text}")


def empty_chapters(draft: PlanDraft, segment: Segment) -> Iterator[Question]:
    """Headings with nothing behind them, where no table holds the tasks."""
    tasks = {task.line for task in draft.tasks}
    chapters = [] if segment.tables else filter(is_bare, segment.root.children)
    for node in chapters:
        if node.paragraph.line not in tasks:
            yield ask("chapter_empty", node.paragraph.line, f"标题“{node.title}”之后没有内容")


def no_tasks(front: Front, segment: Segment) -> Problem:
    """What was looked for and not found."""
    notice = next(filter(encloses, segment.paragraphs), None)
    if notice:
        reason = f"{LOOKED_FOR}。这一行说随文印发了别的文件，文件里没有找到所印发的正文或附件"
        return Problem(notice.line, reason, fatal=True)
    seems = "。从标题看，这像是进展情况的公示" if is_progress_title(front.title) else ""
    first = next((line.line for line in segment.paragraphs), 1)
    return Problem(1 if seems else first, f"{LOOKED_FOR}{seems}", fatal=True)
