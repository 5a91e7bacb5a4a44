"""The rows of a draft, written in bulk; called inside the transaction of the import."""

from collections.abc import Iterable

from django.db import models

from common.errors import Refused
from common.text.folding import fold
from departments.models import Department
from tasks.choices import ResponsibilityBasis
from tasks.importing.curated import Curated, IndicatorDraft
from tasks.importing.draft import CommitmentDraft, PlanDraft, TaskDraft
from tasks.models import Commitment, Indicator, Milestone, Passage, Plan, Responsibility, Section, Target, Task, Track

# By task number and place (from 1) in the task.
Promises = dict[tuple[int, int], Commitment]


def save(rows: Iterable[models.Model]) -> list:
    """Bulk insert; a text longer than its column is refused by name, on either database."""
    rows = list(rows)
    for row in rows:
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.max_length and isinstance(value, str) and len(value) > field.max_length:
                raise Refused(f"“{value[:20]}…”作为{field.verbose_name}超过 {field.max_length} 字。")
    return type(rows[0])._default_manager.bulk_create(rows) if rows else []


def save_plan(plan: Plan, draft: PlanDraft, curated: Curated) -> None:
    """The plan with all that hangs on it."""
    plan.short_title = curated.short_title
    save([plan])
    sections = save_sections(plan, draft)
    tasks = save(
        new_task(plan, section, each)
        for section, part in zip(sections, draft.sections, strict=True)
        for each in part.tasks
    )
    save_passages(plan, draft, sections, tasks)
    save_promises(draft, curated, {task.number: task for task in tasks})


def save_sections(plan: Plan, draft: PlanDraft) -> list[Section]:
    return save(
        Section(
            plan=plan,
            number=each.number,
            title=each.title.text,
            introduction=each.introduction.text if each.introduction else "",
        )
        for each in draft.sections
    )


def new_task(plan: Plan, section: Section, draft: TaskDraft) -> Task:
    code = f"{plan.slug}-{draft.number:02d}"
    pieces = [draft.title, draft.text, draft.goal, *(each.words for each in draft.milestones)]
    units = [each.name for each in draft.responsibilities]
    return Task(
        plan=plan,
        section=section,
        number=draft.number,
        code=code,
        title=draft.title.text,
        text=draft.text.text if draft.text else "",
        goal=draft.goal.text if draft.goal else "",
        search_text=fold(" ".join([code, *(piece.text for piece in pieces if piece), *units])),
    )


def save_passages(plan: Plan, draft: PlanDraft, sections: list[Section], tasks: list[Task]) -> None:
    by_number = {task.number: task for task in tasks}
    openings = zip(sections, draft.sections, strict=True)
    by_start = {words.start: each for each, part in openings for words in (part.title, part.introduction) if words}
    save(
        Passage(
            plan=plan,
            order=order,
            kind=each.kind.value,
            start=each.start,
            end=each.end,
            section=by_start.get(each.start),
            task=by_number.get(each.task),
        )
        for order, each in enumerate(draft.passages, 1)
    )


def save_promises(draft: PlanDraft, curated: Curated, tasks: dict[int, Task]) -> None:
    milestones = save_milestones(draft, tasks)
    commitments = save_commitments(draft, curated, tasks, milestones)
    save_tracks(curated, tasks, commitments)
    for order, each in enumerate(curated.indicators, 1):
        save_indicator(each, order, tasks[each.task], commitments)
    save_responsibilities(draft, tasks)


def save_milestones(draft: PlanDraft, tasks: dict[int, Task]) -> dict[tuple[int, int], Milestone]:
    """Returns them by task number and quarter."""
    rows = save(
        Milestone(task=tasks[task.number], year=each.year, quarter=each.quarter, text=each.words.text)
        for task in draft.tasks
        for each in task.milestones
    )
    return {(row.task.number, row.quarter): row for row in rows}


def save_commitments(
    draft: PlanDraft, curated: Curated, tasks: dict[int, Task], milestones: dict[tuple[int, int], Milestone]
) -> Promises:
    counted = {(each.task, target.commitment) for each in curated.indicators for target in each.targets}
    rows = {}
    for task in draft.tasks:
        for order, each in enumerate(task.commitments, 1):
            key = (task.number, order)
            row = new_commitment(tasks[task.number], order, each)
            row.milestone = milestones.get((task.number, each.quarter))
            row.flag = curated.flags.get(key, "")
            row.measurable = "yes" if key in counted else each.measurable
            rows[key] = row
    save(rows.values())
    return rows


def new_commitment(task: Task, order: int, draft: CommitmentDraft) -> Commitment:
    return Commitment(
        task=task,
        order=order,
        source=draft.source,
        text=draft.words.text,
        start=draft.words.start,
        end=draft.words.end,
        year=draft.year,
        quarter=draft.quarter,
        due_on=draft.due_on,
        condition=draft.condition,
    )


def save_tracks(curated: Curated, tasks: dict[int, Task], commitments: Promises) -> None:
    rows = save(
        Track(task=tasks[number], order=order, name=name) for order, (number, name) in enumerate(curated.track_names, 1)
    )
    tracks = {(row.task.number, row.name): row for row in rows}
    link = Commitment.tracks.through
    save(link(commitment=commitments[key], track=tracks[key[0], name]) for key, name in curated.tracks.items())


def save_indicator(draft: IndicatorDraft, order: int, task: Task, commitments: Promises) -> None:
    indicator = Indicator.objects.create(
        task=task,
        order=order,
        name=draft.name,
        unit=draft.unit,
        mode=draft.mode,
        direction=draft.direction,
        baseline=draft.baseline,
    )
    save(
        Target(
            indicator=indicator,
            commitment=commitments.get((draft.task, each.commitment)),
            year=each.year,
            quarter=each.quarter,
            direction=each.direction,
            value=each.value,
            value_max=each.value_max,
            quote=each.quote,
            derived=each.derived,
        )
        for each in draft.targets
    )


def save_responsibilities(draft: PlanDraft, tasks: dict[int, Task]) -> None:
    printed = {each.name for task in draft.tasks for each in task.responsibilities}
    units = {unit.short_name: unit for unit in Department.objects.filter(short_name__in=printed)}
    save(
        Responsibility(
            task=tasks[task.number],
            department=units[each.name],
            order=order,
            kind=each.kind,
            basis=ResponsibilityBasis.PUBLISHED,
            source=draft.title,
        )
        for task in draft.tasks
        for order, each in enumerate(task.responsibilities, 1)
    )
