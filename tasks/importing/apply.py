"""Imports a draft: all of its rows are written in one transaction, or none."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from common.errors import Refused
from common.files.text_files import Source
from departments.models import Department
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import PlanKind, PlanState
from tasks.importing import curated
from tasks.importing.draft import PlanDraft, Problem
from tasks.importing.rows import save_plan
from tasks.models import Plan

SLUG = re.compile(r"[a-z][a-z0-9-]*")
PREFIXES = {PlanKind.ACTION_PLAN: "ap", PlanKind.WHITE_PAPER: "wp", PlanKind.OTHER: "tl"}


@dataclass(frozen=True)
class ImportResult:
    """The imported plan; `changed` is False where it had been imported before."""

    plan: Plan
    changed: bool


def proposed_slug(draft: PlanDraft) -> str:
    """The address of a plan by kind and year, such as ap2017."""
    return f"{PREFIXES[draft.kind]}{draft.year}"


@transaction.atomic
def import_plan(
    *,
    draft: PlanDraft,
    source: Source,
    slug: str,
    indicators: Path,
    tracked_from: date | None,
    by: Actor,
    at: datetime,
    days: tuple[date, date] | None = None,
) -> ImportResult:
    """Writes the plan of a draft, with everything it promises and its curated numbers.

    Nobody but supervisors and publishers sees it before `publish_plan`.

    `slug` is the plan's address; `indicators` the folder of the curated numbers; `tracked_from` the
    first day for which progress is collected, None for none; `at` the moment of the import; `days`
    the first and the last day of the plan, None for those of its year.
    The same file again changes nothing.

    Raises Refused where something blocks the draft, it is a disclosure, the slug is malformed or
    belongs to another file, the file is imported under another slug or with another `tracked_from`,
    a unit is not in the table of units, or a text is too long. Raises ImportProblem where a curated
    row does not fit.
    """
    refuse_unfit(draft)
    if existing := existing_plan(source, slug):
        check_same_import(existing, source, slug, tracked_from)
        return ImportResult(existing, changed=False)
    if problems := unknown_units(draft, registered_units()):
        raise Refused(
            *map(str, problems),
            "请先载入单位表（import_departments），或在“文件导入”页面上逐个对应。",
        )
    plan = new_plan(draft, source, slug, tracked_from, days or whole_year(draft.year))
    save_plan(plan, draft, curated.load(indicators, draft))
    facts = {
        "kind": plan.kind,
        "sha256": plan.source_sha256,
        "tasks": len(draft.tasks),
        "state": plan.state,
    }
    append([LedgerEvent("import_plan", "plan", plan.slug, facts, public=False)], by=by, at=at)
    return ImportResult(plan, changed=True)


def refuse_unfit(draft: PlanDraft) -> None:
    """Raises Refused where something blocks the draft, or it is no plan."""
    if draft.blocking:
        raise Refused(*map(str, draft.blocking))
    if draft.is_disclosure:
        raise Refused("读到的是完成情况（各项写有进展），不能作为承诺文件收录。")


def existing_plan(source: Source, slug: str) -> Plan | None:
    """The plan with this slug, else the plan made from this file; locked.

    What was withdrawn keeps its address, and its file may come again under another.
    """
    plans = Plan.objects.select_for_update()
    of_file = plans.filter(source_sha256=source.sha256).exclude(state=PlanState.WITHDRAWN)
    return plans.filter(slug=slug).first() or of_file.first()


def check_same_import(plan: Plan, source: Source, slug: str, tracked_from: date | None) -> None:
    """Raises Refused where the plan was imported from another file, address or tracking day."""
    refuse_withdrawn(plan)
    if plan.source_sha256 != source.sha256:
        raise Refused(
            f"{slug} 已导入过另一份文件《{plan.title}》"
            f"（校验值 {plan.source_sha256[:12]}…），不会覆盖。",
            f"如果这是同年的第二份文件，请另给网址名，例如 --slug {slug}b。",
        )
    if plan.slug != slug:
        raise Refused(f"这份文件已以 {plan.slug} 导入。")
    if tracked_from not in (None, plan.tracked_from):
        raise Refused(
            f"{slug} 已导入，开始跟踪日期为 {plan.tracked_from or '空'}；再次导入不改这个日期。"
        )


def refuse_withdrawn(plan: Plan) -> None:
    """Raises Refused where the address belongs to a plan that was withdrawn."""
    if plan.state == PlanState.WITHDRAWN:
        raise Refused(f"{plan.slug} 已用于一份撤回了的文件，请另给网址名，例如 {plan.slug}b。")


def registered_units() -> set[str]:
    """The short names in the table of units."""
    return set(Department.objects.values_list("short_name", flat=True))


def unknown_units(draft: PlanDraft, known: set[str]) -> list[Problem]:
    """A problem for each unit of the draft that is not `known`: no unit is invented.

    The line is the first that names the unit.
    """
    lines: dict[str, int] = {}
    for task in draft.tasks:
        for unit in task.responsibilities:
            lines.setdefault(unit.name, unit.line)
    return [
        Problem(line, f"单位表中没有“{name}”") for name, line in lines.items() if name not in known
    ]


def whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def new_plan(
    draft: PlanDraft,
    source: Source,
    slug: str,
    tracked_from: date | None,
    days: tuple[date, date],
) -> Plan:
    """The plan of a draft, not saved yet. Raises Refused where the slug is malformed."""
    if not SLUG.fullmatch(slug):
        raise Refused(f"网址名“{slug}”只能用小写字母、数字和连字符，以字母开头。")
    return Plan(
        slug=slug,
        kind=draft.kind,
        title=draft.title,
        starts_on=days[0],
        ends_on=days[1],
        issuer=draft.issuer,
        index_number=draft.index_number,
        document_number=draft.document_number,
        issued_on=draft.issued_on,
        published_on=draft.published_on,
        source_name=source.name,
        source_bytes=source.data,
        source_sha256=source.sha256,
        source_text=source.text,
        annex_note=draft.annex_note,
        state=PlanState.DRAFT,
        tracked_from=tracked_from,
    )
