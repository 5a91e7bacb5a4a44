"""Actions on year-end verdicts (年终结论): prepare them task by task, publish those of a plan at
once.

Once published they are not changed any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from common.errors import Refused
from common.text.canonical import canonical, digest
from common.time.days import local_day
from departments.models import User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.choices import PeriodState
from publishing.choices import WITH_DOCUMENT, Outcome
from publishing.models import YearEnd
from tasks.models import Plan, Task
from tasks.recusal import check_not_recused


@dataclass(frozen=True)
class Closing:
    """The year-end verdict on one task: an `Outcome`, its reason and the document it rests on."""

    verdict: str
    reason: str = ""
    document: str = ""

    def missing(self) -> dict[str, str]:
        """Maps each field that is still to be filled in to a sentence; empty when complete."""
        sentences = {}
        if self.verdict != Outcome.DONE and not self.reason:
            sentences["reason"] = f"结论为“{Outcome(self.verdict).label}”，请写明说明。"
        if self.verdict in WITH_DOCUMENT and not self.document:
            sentences["document"] = f"结论为“{Outcome(self.verdict).label}”，请写明依据文件。"
        return sentences


def has_ended(plan: Plan, year: int, today: date) -> bool:
    """Whether the year, or the plan within that year, was over before `today`."""
    return today > min(plan.ends_on, date(year, 12, 31))


@transaction.atomic
def prepare_year_end(
    *,
    plan: Plan,
    year: int,
    closings: dict[Task, Closing],
    by: User,
    at: datetime,
    demonstration: bool = False,
) -> list[YearEnd]:
    """Saves the verdicts on these tasks and leaves the others as they are; nothing is public yet.

    `at` is the moment of saving. `demonstration` marks verdicts that are made up.

    Raises Refused when the year is not over or its verdicts are published already, without any
    verdict, for a task from which the person is recused, and for an incomplete verdict.
    """
    _lock_plan(plan)
    if not has_ended(plan, year, local_day(at)):
        raise Refused(f"{year}年还没有结束，结束以后再作年终结论。")
    if not closings:
        raise Refused("没有改动任何内容，请先选择结论。")
    _check_unpublished(plan, year)
    _check_closings(closings, by)
    rows = [
        YearEnd.objects.update_or_create(
            task=task,
            year=year,
            defaults={
                "verdict": closing.verdict,
                "reason": closing.reason,
                "document": closing.document,
                "prepared_by": by,
                "prepared_at": at,
                "demonstration": demonstration,
            },
        )[0]
        for task, closing in closings.items()
    ]
    facts = {"year": year, "tasks": len(rows)}
    append(
        [LedgerEvent("prepare_year_end", "plan", plan.slug, facts, public=False)],
        by=by.actor(Role.SUPERVISOR),
        at=at,
    )
    return rows


def _check_closings(closings: dict[Task, Closing], by: User) -> None:
    """Refused for a task from which the person is recused, and for an incomplete verdict."""
    for task, closing in closings.items():
        check_not_recused(task, by, "拟定")
        if missing := closing.missing():
            raise Refused(*(f"{task.code} {sentence}" for sentence in missing.values()))


@transaction.atomic
def publish_year_end(*, plan: Plan, year: int, seen: str, by: User, at: datetime) -> list[YearEnd]:
    """Publishes all verdicts on the plan's tasks for the year at once.

    `seen` is the digest of the verdicts as the person has read them. `at` is the moment of
    publication.

    Raises Refused when they are published already, when a task has no verdict or a period of the
    year is not released, when a verdict was changed after it was read, and for the person who
    prepared one of them where two persons are required.
    """
    _lock_plan(plan)
    _check_unpublished(plan, year)
    rows = list(year_ends_of(plan, year).select_for_update(of=("self",)))
    _check_complete(plan, year, rows)
    if year_end_digest(plan, year, rows) != seen:
        raise Refused("您打开之后，年终结论又有改动，什么都没有公布。请再核对一次后公布。")
    _check_two_persons(rows, by)
    for row in rows:
        row.published_by, row.published_at, row.two_persons = by, at, settings.TWO_PERSON_RELEASE
    YearEnd.objects.bulk_update(rows, ["published_by", "published_at", "two_persons"])
    shared = {"year": year, "demonstration": any(row.demonstration for row in rows)}
    events = [
        LedgerEvent("publish_year_end", "task", row.task.code, shared | {"verdict": row.verdict})
        for row in rows
    ]
    facts = shared | {"tasks": len(rows), "sha256": seen}
    append(
        [*events, LedgerEvent("publish_year_end", "plan", plan.slug, facts)],
        by=by.actor(Role.PUBLISHER),
        at=at,
    )
    return rows


def _check_two_persons(rows: list[YearEnd], by: User) -> None:
    if settings.TWO_PERSON_RELEASE and any(row.prepared_by_id == by.pk for row in rows):
        raise Refused("拟定和公布须由两个人完成，请由另一位发布员公布。")


def year_ends_of(plan: Plan, year: int) -> QuerySet[YearEnd]:
    """The verdicts on the plan's tasks for the year, published or not, in the order of the plan."""
    rows = YearEnd.objects.filter(task__plan=plan, year=year).select_related("task__section")
    return rows.defer("task__search_text").order_by("task__number")


def year_end_content(plan: Plan, year: int, rows: Iterable[YearEnd]) -> str:
    """The verdicts as canonical JSON for download and digest, without the people involved."""
    names = ("verdict", "reason", "document", "demonstration")
    tasks = [
        {"code": row.task.code, "title": row.task.title}
        | {name: getattr(row, name) for name in names}
        for row in rows
    ]
    return canonical(
        {"plan": {"slug": plan.slug, "title": plan.title}, "year": year, "tasks": tasks}
    )


def year_end_digest(plan: Plan, year: int, rows: Iterable[YearEnd]) -> str:
    """The digest of the verdicts as they are downloaded."""
    return digest(year_end_content(plan, year, rows))


def _lock_plan(plan: Plan) -> None:
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)


def _check_unpublished(plan: Plan, year: int) -> None:
    if YearEnd.objects.filter(task__plan=plan, year=year, published_at__isnull=False).exists():
        raise Refused(f"{year}年的年终结论已经公布，不再改动。")


def _check_complete(plan: Plan, year: int, rows: list[YearEnd]) -> None:
    """Refused when a task has no verdict, or a period of the year is not released yet."""
    without = plan.tasks.exclude(pk__in=[row.task_id for row in rows]).order_by("number")
    if codes := list(without.values_list("code", flat=True)):
        raise Refused(f"还有 {len(codes)} 项没有结论：{'、'.join(codes)}。")
    if plan.periods.filter(year=year).exclude(state=PeriodState.RELEASED).exists():
        raise Refused(f"{year}年还有填报期没有公布，先公布各季进展，再公布年终结论。")
