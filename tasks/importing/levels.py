"""Decides which level of a document's outline its tasks stand on, by evidence and not by words.

Tasks are where notes of responsibility stand, or where numbering runs on through the document. The
titles of chapters only decide where neither speaks.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import filterfalse, pairwise
from operator import attrgetter

from tasks.importing.draft import Choice, Problem, Question
from tasks.importing.ordinals import Style
from tasks.importing.text import is_whole_sentence, plain
from tasks.importing.tree import Node

MOST = 0.6
SOME = 0.34
TASKS = "tasks"

AIM = r"(?:要求|目标|思路|安排|部署|任务|原则|思想|考虑|情况|背景|意义|依据|范围|形势)"
# The whole title, not words in it: 总体提升城市品质 is a chapter of tasks.
GENERAL = re.compile(
    rf"(?:(?:总体|指导|基本|工作|主要|发展|目标|编制|战略|实施|行动|预期|具体){{0,2}}{AIM}"
    rf"(?:和|与|及|、|,)?)+|前言|序言|概况|.{{0,6}}(?:区情|市情|县情)概况"
)
SAFEGUARD = re.compile(
    r"(?:切实|进一步)?(?:加强|强化|健全|完善|落实|抓好|明确|严格|做好)?"
    r"(?:(?:保障|组织|实施|工作|措施|领导|要求|进度|时间|步骤|安排|推进|考核|监督|督查|督促|检查|评估"
    r"|宣传|有关|相关|责任|资金|政策|附则|机制|力度|和|与|及|、|,)){1,8}"
)


@dataclass(frozen=True)
class Levels:
    """The nodes that are tasks, and what is doubtful about the choice."""

    tasks: tuple[Node, ...] = ()
    style: Style | None = None
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class Evidence:
    """What speaks for a style: its nodes, how many are noted, and whether its numbers run on."""

    style: Style
    nodes: list[Node] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return min(map(depth, self.nodes))

    @property
    def share(self) -> float:
        """The part of its nodes, in chapters with notes, that holds a note."""
        counted = [node for node in self.nodes if chapter_of(node).notes() and not is_cut(node)]
        return sum(bool(node.notes()) for node in counted) / max(1, len(counted))

    @property
    def runs_on(self) -> bool:
        """Whether the numbers go on from one parent to the next, from the first to the last."""
        parents = {id(node.parent) for node in self.nodes}
        numbers = [node.mark.number for node in self.nodes]
        first = numbers[0]
        return len(parents) > 1 and numbers == list(range(first, first + len(numbers)))

    @property
    def own_notes(self) -> int:
        """How many of its nodes hold a note in their own paragraphs."""
        return sum(bool(node.own_notes) for node in self.nodes)

    @property
    def only_ends(self) -> bool:
        """Whether a note stands only in the last of several nodes below each parent."""
        return bool(self.families) and all(map(ends_with_note, self.families))

    @property
    def families(self) -> list[Node]:
        """The parents of its nodes, other than the document itself, with several nodes below."""
        parents = {id(node.parent): node.parent for node in self.nodes if node.parent}
        return list(filter(is_noted_family, parents.values()))


def is_noted_family(parent: Node) -> bool:
    """True for a heading with several nodes below it and a note among them."""
    return parent.head is not None and len(parent.children) > 1 and bool(parent.notes())


def ends_with_note(parent: Node) -> bool:
    """Whether of the nodes below a parent only the last one holds a note."""
    return not any(child.notes() for child in parent.children[:-1])


def is_cut(node: Node) -> bool:
    """True for the last paragraph of an excerpt, whose note may be missing."""
    return not node.notes() and not is_whole_sentence(node.text())


def depth(node: Node) -> int:
    return 0 if node.parent is None else 1 + depth(node.parent)


def chapter_of(node: Node) -> Node:
    """The node of the first level that it stands under, or it is itself."""
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node


def is_general(node: Node) -> bool:
    """True for a chapter whose whole title says aims, principles or a survey."""
    return GENERAL.fullmatch(bare_title(node)) is not None


def is_safeguard(node: Node) -> bool:
    """True for a chapter whose whole title says how the plan is carried out."""
    return SAFEGUARD.fullmatch(bare_title(node)) is not None


def bare_title(node: Node) -> str:
    return re.sub(r"[\s:。]", "", plain(node.title))


def choose(root: Node, answers: dict[str, str]) -> Levels:
    """The tasks of an outline; questions where two readings are about as good."""
    evidence = collect(root)
    if not evidence:
        return Levels()
    noted = any(node.notes() for node in root.children)
    style, questions = choose_style(evidence, answers, noted=noted)
    tasks: list[Node] = []
    doubts: list[Problem | Question | None] = [*questions]
    for chapter in root.children:
        found, doubt = tasks_of(chapter, style, tasks, noted=noted)
        doubts.append(doubt)
        tasks += answered(chapter, style, doubt, answers) or found
    return with_doubts(Levels(tuple(tasks), style), doubts)


def with_doubts(levels: Levels, doubts: Sequence[Problem | Question | None]) -> Levels:
    """The levels with their questions and problems apart."""
    return replace(
        levels,
        questions=tuple(doubt for doubt in doubts if isinstance(doubt, Question)),
        problems=tuple(doubt for doubt in doubts if isinstance(doubt, Problem)),
    )


def answered(
    chapter: Node, style: Style, doubt: Question | Problem | None, answers: dict[str, str]
) -> list[Node]:
    """The nodes of a doubtful chapter that a person called tasks."""
    is_told = isinstance(doubt, Question) and answers.get(doubt.key) == TASKS
    return nodes_of(chapter, style) if is_told else []


def collect(root: Node) -> list[Evidence]:
    """What speaks for each style, the deepest first; chapters of aims and safeguards left out."""
    found: dict[Style, Evidence] = {}
    for chapter in filter(may_hold_tasks, root.children):
        for node in [chapter, *chapter.walk()]:
            found.setdefault(node.mark.style, Evidence(node.mark.style)).nodes.append(node)
    return sorted(found.values(), key=lambda each: -each.depth)


def may_hold_tasks(chapter: Node) -> bool:
    """Whether a chapter has notes, or a title of another kind than aims and safeguards."""
    return is_ordinary(chapter) or bool(chapter.notes())


def is_ordinary(chapter: Node) -> bool:
    """Whether neither its title nor its shape is that of aims or safeguards.

    Numbers that run on through several sections are those of tasks, whatever the title.
    """
    return runs_through(chapter) or not (is_general(chapter) or is_safeguard(chapter))


def runs_through(chapter: Node) -> bool:
    """Whether the numbers of a style run on from one section of a chapter to the next."""
    styles: dict[Style, Evidence] = {}
    for node in chapter.walk():
        styles.setdefault(node.mark.style, Evidence(node.mark.style)).nodes.append(node)
    return any(each.runs_on for each in styles.values())


def choose_style(
    evidence: Sequence[Evidence], answers: dict[str, str], *, noted: bool
) -> tuple[Style, list[Question]]:
    """The style of the tasks, and the question whether it is another one."""
    chosen = (by_notes if noted else by_numbers)(evidence)
    rival = rival_of(chosen, evidence, noted=noted)
    if rival is None:
        return chosen.style, []
    question = Question(
        "level",
        chosen.nodes[0].paragraph.line,
        f"按“{rival.style}”分为 {len(rival.nodes)} 项，还是按“{chosen.style}”分为 "
        f"{len(chosen.nodes)} 项？",
        tuple(
            Choice(each.style, f"按“{each.style}”，共 {len(each.nodes)} 项")
            for each in (chosen, rival)
        ),
        chosen.style,
    )
    if (answer := answers.get(question.key)) in (chosen.style, rival.style):
        return Style(answer), []
    return chosen.style, [question]


def by_notes(evidence: Sequence[Evidence]) -> Evidence:
    """The style whose own paragraphs hold most notes.

    A note in the last paragraph below each heading belongs to the heading: then that is the task.
    """
    best = max(evidence, key=lambda each: (each.own_notes, each.depth))
    above = above_in(evidence, best)
    return above if best.only_ends and above and above.share >= MOST else best


def above_in(evidence: Sequence[Evidence], below: Evidence) -> Evidence | None:
    """What speaks for the style of the headings over these nodes."""
    parents = {node.parent.style for node in below.nodes if node.parent}
    return next((each for each in evidence if each.style in parents), None)


def by_numbers(evidence: Sequence[Evidence]) -> Evidence:
    """The deepest style whose numbers run on, else the deepest one that most parents have."""
    for each in evidence:
        if each.runs_on:
            return each
    for each, above in pairwise(evidence):
        if coverage(each, above) >= MOST:
            return each
    return evidence[-1]


def coverage(below: Evidence, above: Evidence) -> float:
    """The part of the nodes of a style that has nodes of another below it."""
    parents = {id(node.parent) for node in below.nodes}
    counted = list(filterfalse(is_bare, above.nodes)) or above.nodes
    return sum(id(node) in parents for node in counted) / len(counted)


def is_bare(node: Node) -> bool:
    """True for a heading with nothing below it, such as the last one of an excerpt."""
    return node.is_empty and node.is_heading


def rival_of(chosen: Evidence, evidence: Sequence[Evidence], *, noted: bool) -> Evidence | None:
    """The next best style where it is nearly as good as the chosen one."""
    if noted:
        return rival_by_notes(chosen, evidence)
    return None if chosen.runs_on else rival_by_coverage(chosen, evidence)


def rival_by_coverage(chosen: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """A deeper style that some tasks have below them, or the headings where some have no task."""
    place = list(evidence).index(chosen)
    for deeper in evidence[max(0, place - 1) : place]:
        if SOME <= coverage(deeper, chosen) < MOST:
            return deeper
    for above in evidence[place + 1 : place + 2]:
        if len(above.nodes) > 1 and coverage(chosen, above) < 1:
            return above
    return None


def rival_by_notes(chosen: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """Another style with nearly as many notes of its own, or whose headings end with the notes."""
    if SOME <= part_with_end_notes(chosen) < 1:
        return above_in(evidence, chosen)
    others = [each for each in evidence if each is not chosen]
    most = max(others, key=attrgetter("own_notes"), default=None)
    return most if most and most.own_notes > 2 * SOME * chosen.own_notes else None


def part_with_end_notes(evidence: Evidence) -> float:
    """The part of several headings below which only the last node holds a note; 0 for one."""
    ends = list(map(ends_with_note, evidence.families))
    return sum(ends) / len(ends) if len(ends) > 1 else 0.0


def tasks_of(
    chapter: Node, style: Style, before: Sequence[Node], *, noted: bool
) -> tuple[list[Node], Question | Problem | None]:
    """The tasks of a chapter, and what is doubtful about them."""
    own = nodes_of(chapter, style)
    if chapter.notes():
        return own or noted_nodes(chapter), None
    if not noted and is_task_chapter(chapter, own, before):
        return own, None
    return [], doubt_about(chapter, own)


def is_task_chapter(chapter: Node, own: Sequence[Node], before: Sequence[Node]) -> bool:
    """Whether a chapter holds tasks in a document without notes: by its title or its numbers."""
    return bool(own) and (is_ordinary(chapter) or goes_on(own, before))


def nodes_of(chapter: Node, style: Style) -> list[Node]:
    """The nodes of a style in a chapter, itself included."""
    return [node for node in [chapter, *chapter.walk()] if node.style == style]


def goes_on(own: Sequence[Node], before: Sequence[Node]) -> bool:
    """Whether the numbers of a chapter follow those of the tasks before it."""
    return bool(before) and own[0].mark.number == before[-1].mark.number + 1


def doubt_about(chapter: Node, own: Sequence[Node]) -> Question | Problem | None:
    """What is to be said of a chapter whose nodes are not taken for tasks."""
    if not is_ordinary(chapter) or chapter in own[:1]:
        return None
    return ask_chapter(chapter, own) if own else text_chapter(chapter)


def noted_nodes(chapter: Node) -> list[Node]:
    """The deepest nodes of a chapter with notes of their own, of the style that most have."""
    styles = Counter(node.mark.style for node in chapter.walk() if node.own_notes)
    return nodes_of(chapter, styles.most_common(1)[0][0]) if styles else [chapter]


def ask_chapter(chapter: Node, own: Sequence[Node]) -> Question:
    """Asks whether a chapter without any note holds tasks, where other chapters have notes."""
    return Question(
        "chapter",
        chapter.paragraph.line,
        f"“{chapter.title}”之下的 {len(own)} 项没有责任单位，其他章都有。它们是任务吗？",
        (Choice("text", "不是任务，按说明文字收录"), Choice(TASKS, f"是任务，共 {len(own)} 项")),
        "text",
    )


def text_chapter(chapter: Node) -> Problem | None:
    """Says that a chapter has no numbered tasks and is kept as an explanation."""
    if chapter.is_empty:
        return None
    return Problem(chapter.paragraph.line, f"“{chapter.title}”之下没有编号的任务，按说明文字收录")
