"""From a draft to rows: all of them in one transaction, or none."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from common.errors import Refused
from common.files.text_files import Source
from common.time.days import local_day
from departments.models import Department
from ledger.actions import Actor, LedgerEvent, append
from tasks.choices import PlanKind, PlanState
from tasks.importing import curated
from tasks.importing.draft import PlanDraft, Problem
from tasks.importing.rows import save_plan
from tasks.models import Plan

SLUG = re.compile(r"[a-z][a-z0-9-]*")
PREFIXES = {PlanKind.ACTION_PLAN: "ap", PlanKind.WHITE_PAPER: "wp"}


@dataclass(frozen=True)
class ImportResult:
    plan: Plan
    changed: bool


def proposed_slug(draft: PlanDraft) -> str:
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
) -> ImportResult:
    """Writes the plan with everything it promises and its curated numbers from the folder `indicators`.

    The same file again changes nothing; another file under the slug is refused.
    """
    if draft.fatal:
        raise Refused(*map(str, draft.fatal))
    if known := known_plan(source, slug):
        check_same(known, source, slug, tracked_from)
        return ImportResult(known, changed=False)
    if problems := unknown_units(draft, known_units()):
        raise Refused(*map(str, problems), "请先载入单位表（import_departments）。")
    plan = new_plan(draft, source, slug, tracked_from, local_day(at))
    save_plan(plan, draft, curated.load(indicators, draft))
    facts = {"kind": plan.kind, "sha256": plan.source_sha256, "tasks": len(draft.tasks), "state": plan.state}
    append([LedgerEvent("import_plan", "plan", plan.slug, facts)], by=by, at=at)
    return ImportResult(plan, changed=True)


def known_plan(source: Source, slug: str) -> Plan | None:
    plans = Plan.objects.select_for_update()
    return plans.filter(slug=slug).first() or plans.filter(source_sha256=source.sha256).first()


def check_same(plan: Plan, source: Source, slug: str, tracked_from: date | None) -> None:
    if plan.source_sha256 != source.sha256:
        raise Refused(
            f"{slug} 已导入过另一份文件《{plan.title}》（校验值 {plan.source_sha256[:12]}…），不会覆盖。",
            f"如果这是同年的第二份文件，请另给网址名，例如 --slug {slug}b。",
        )
    if plan.slug != slug:
        raise Refused(f"这份文件已以 {plan.slug} 导入。")
    if tracked_from not in (None, plan.tracked_from):
        raise Refused(f"{slug} 已导入，开始跟踪日期为 {plan.tracked_from or '空'}；再次导入不改这个日期。")


def known_units() -> set[str]:
    return set(Department.objects.values_list("short_name", flat=True))


def unknown_units(draft: PlanDraft, known: set[str]) -> list[Problem]:
    """Names that no row of the units' table bears; nobody is invented to fill them."""
    lines: dict[str, int] = {}
    for task in draft.tasks:
        for unit in task.responsibilities:
            lines.setdefault(unit.name, unit.line)
    return [Problem(line, f"单位表中没有“{name}”") for name, line in lines.items() if name not in known]


def new_plan(draft: PlanDraft, source: Source, slug: str, tracked_from: date | None, today: date) -> Plan:
    if not SLUG.fullmatch(slug):
        raise Refused(f"网址名“{slug}”只能用小写字母、数字和连字符，以字母开头。")
    ends_on = date(draft.year, 12, 31)
    # A plan that ended untracked is history: no quarter of it is ever asked for.
    history = tracked_from is None and ends_on < today
    return Plan(
        slug=slug,
        kind=draft.kind,
        title=draft.title,
        starts_on=date(draft.year, 1, 1),
        ends_on=ends_on,
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
        state=PlanState.ARCHIVED if history else PlanState.PUBLISHED,
        tracked_from=tracked_from,
    )
