"""Writes the rows of a draft in bulk, inside the transaction of the import."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

from common.errors import Refused
from common.text.folding import fold
from departments.models import Department
from tasks.choices import ResponsibilityBasis
from tasks.importing.corrections import units_as_stored
from tasks.importing.curated import CommitmentNumber, Curated, IndicatorDraft
from tasks.importing.draft import CommitmentDraft, PlanDraft, TaskDraft
from tasks.models import (
    Commitment,
    Indicator,
    Milestone,
    Passage,
    Plan,
    Responsibility,
    Section,
    Target,
    Task,
    Track,
)

Row = TypeVar("Row", bound=models.Model)
CommitmentsByNumber = dict[CommitmentNumber, Commitment]
# By the task's number and the quarter; no milestone is of the whole year (None).
MilestonesByQuarter = dict[tuple[int, int | None], Milestone]


def save(rows: Iterable[Row]) -> list[Row]:
    """Inserts rows of one model in bulk.

    Raises Refused where a text is longer than its column: SQLite would take it without a word.
    """
    rows = list(rows)
    for row in rows:
        refuse_long_texts(row)
    if not rows:
        return []
    table: models.QuerySet[Row] = models.QuerySet(type(rows[0]))
    return table.bulk_create(rows)


def refuse_long_texts(row: models.Model) -> None:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.max_length and isinstance(value, str) and len(value) > field.max_length:
            raise Refused(f"“{value[:20]}…”作为{field.verbose_name}超过 {field.max_length} 字。")


def save_plan(plan: Plan, draft: PlanDraft, curated: Curated) -> None:
    """Saves the plan with all its rows. Raises Refused where a text is too long for its column."""
    plan.short_title = curated.short_title
    save([plan])
    sections = save_sections(plan, draft)
    tasks = save(
        new_task(plan, section, task_draft)
        for section, section_draft in zip(sections, draft.sections, strict=True)
        for task_draft in section_draft.tasks
    )
    save_passages(plan, draft, sections, tasks)
    save_task_details(draft, curated, {task.number: task for task in tasks})


def save_sections(plan: Plan, draft: PlanDraft) -> list[Section]:
    """Saves the sections and returns them in the order of the draft."""
    return save(
        Section(
            plan=plan,
            number=section.number,
            title=section.title.text if section.title else plan.title,
            introduction=section.introduction.text if section.introduction else "",
        )
        for section in draft.sections
    )


def new_task(plan: Plan, section: Section, draft: TaskDraft) -> Task:
    """The task of a draft, not saved yet."""
    code = f"{plan.slug}-{draft.number:02d}"
    return Task(
        plan=plan,
        section=section,
        number=draft.number,
        code=code,
        title=draft.title.text,
        text=draft.text.text if draft.text else "",
        goal=draft.goal.text if draft.goal else "",
        search_text=fold(" ".join([code, *draft.searched_words])),
    )


def save_passages(plan: Plan, draft: PlanDraft, sections: list[Section], tasks: list[Task]) -> None:
    """Saves the passages, each with the task or the section whose words it holds."""
    task_by_number: dict[int | None, Task] = {task.number: task for task in tasks}
    section_by_start = {
        wording.start: section
        for section, section_draft in zip(sections, draft.sections, strict=True)
        for wording in section_draft.wordings
    }
    save(
        Passage(
            plan=plan,
            order=order,
            kind=passage.kind.value,
            start=passage.start,
            end=passage.end,
            section=section_by_start.get(passage.start),
            task=task_by_number.get(passage.task),
        )
        for order, passage in enumerate(draft.passages, 1)
    )


def save_task_details(draft: PlanDraft, curated: Curated, tasks: dict[int, Task]) -> None:
    """Saves what belongs to the tasks, which are given by number."""
    milestones = save_milestones(draft, tasks)
    commitments = save_commitments(draft, curated, tasks, milestones)
    save_tracks(curated, tasks, commitments)
    for order, indicator in enumerate(curated.indicators, 1):
        save_indicator(indicator, order, tasks[indicator.task], commitments)
    save_responsibilities(draft, tasks)


def save_milestones(draft: PlanDraft, tasks: dict[int, Task]) -> MilestonesByQuarter:
    """Saves the milestones; returns them by task number and quarter."""
    rows = save(
        Milestone(
            task=tasks[task.number],
            year=milestone.year,
            quarter=milestone.quarter,
            text=milestone.words.text,
        )
        for task in draft.tasks
        for milestone in task.milestones
    )
    return {(row.task.number, row.quarter): row for row in rows}


def save_commitments(
    draft: PlanDraft,
    curated: Curated,
    tasks: dict[int, Task],
    milestones: MilestonesByQuarter,
) -> CommitmentsByNumber:
    """Saves the commitments; one that a target belongs to is measurable whatever its words say."""
    with_target = {
        (indicator.task, target.commitment)
        for indicator in curated.indicators
        for target in indicator.targets
    }
    rows: CommitmentsByNumber = {}
    for task in draft.tasks:
        for order, commitment in enumerate(task.commitments, 1):
            key = (task.number, order)
            row = new_commitment(tasks[task.number], order, commitment)
            row.milestone = milestones.get((task.number, commitment.quarter))
            row.flag = curated.flags.get(key, "")
            row.measurable = "yes" if key in with_target else commitment.measurable
            rows[key] = row
    save(rows.values())
    return rows


def new_commitment(task: Task, order: int, draft: CommitmentDraft) -> Commitment:
    """The commitment of a draft, not saved yet, without milestone, flag and measurability."""
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


def save_tracks(curated: Curated, tasks: dict[int, Task], commitments: CommitmentsByNumber) -> None:
    """Saves the tracks and ties to each the commitments that name it."""
    rows = save(
        Track(task=tasks[number], order=order, name=name)
        for order, (number, name) in enumerate(curated.track_names, 1)
    )
    tracks = {(row.task.number, row.name): row for row in rows}
    link = Commitment.tracks.through
    save(
        link(commitment=commitments[key], track=tracks[key[0], name])
        for key, name in curated.tracks.items()
    )


def save_indicator(
    draft: IndicatorDraft, order: int, task: Task, commitments: CommitmentsByNumber
) -> None:
    """Saves an indicator and its targets."""
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
            commitment=commitments.get((draft.task, target.commitment)),
            year=target.year,
            quarter=target.quarter,
            direction=target.direction,
            value=target.value,
            value_max=target.value_max,
            quote=target.quote,
            derived=target.derived,
        )
        for target in draft.targets
    )


def save_responsibilities(draft: PlanDraft, tasks: dict[int, Task]) -> None:
    """Saves the units the document prints for each task, in the order printed."""
    departments = departments_by_name(draft)
    save(
        Responsibility(
            task=tasks[task.number],
            department=departments[unit.name],
            order=order,
            kind=unit.kind,
            basis=ResponsibilityBasis.PUBLISHED,
            source=draft.title,
        )
        for task in draft.tasks
        for order, unit in enumerate(units_as_stored(task), 1)
    )


def departments_by_name(draft: PlanDraft) -> dict[str, Department]:
    """The units that the document prints, by short name. One query."""
    printed = {unit.name for task in draft.tasks for unit in task.responsibilities}
    return {
        department.short_name: department
        for department in Department.objects.filter(short_name__in=printed)
    }
