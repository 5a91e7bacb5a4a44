"""The work items of a person that come from reports, releases, requests and supervision."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.urls import reverse

from common.text.wording import cn_date, stamp
from common.time.days import local_day
from departments.models import CalendarDay, User
from departments.querysets import Span
from departments.roles import Role
from departments.rules.working_days import Counting
from progress.choices import PeriodState, ReportStatus, State
from progress.models import EarlyClosing, ProgressReport, ReportingPeriod
from progress.permissions import can_confirm_early_closing, can_open_periods
from progress.read_models.breakdowns import breakdown_work_items
from progress.read_models.partners import silent_partners
from progress.read_models.work_item import WorkItem
from progress.requirements.deadlines import Deadline
from progress.requirements.report import ReportRequirements
from progress.transitions import TRANSITIONS
from publishing.choices import ReleaseState
from publishing.models import Clearance, Publication, Release
from publishing.permissions import can_handle_release, can_publish
from publishing.read_models.public_status import WITHOUT_WORDS
from supervision.read_models.coordination import coordination_work_items
from supervision.read_models.slips import slip_work_items
from tasks.querysets import source_document_fields
from workspace.addresses import period_address, task_address
from workspace.read_models.corrections import correction_work_items
from workspace.read_models.imports import import_work_items
from workspace.read_models.outcomes import objection_work_items
from workspace.read_models.queues import (
    ReviewQueue,
    is_published_without,
    lapsed,
    published_of_returned,
    review_queue,
    to_sign,
    with_news,
    writable_requirements,
)
from workspace.read_models.release import withheld_due_for_review
from workspace.read_models.report_words import state_in_words, term_in_words
from workspace.read_models.requests import request_work_items

MANY = 3


def work_items_for(user: User, today: date, queue: ReviewQueue | None = None) -> list[WorkItem]:
    """What a person has to do, unsorted; empty for those who only read.

    `queue` is the person's review queue if the caller has read it already.
    """
    reviews = _to_review(queue or review_queue(user))
    own = [*_to_file(user, today), *_to_sign(user, today)]
    releases = [
        *_active_releases(user),
        *_news_after_release(user, today),
        *_withheld_to_review(user, today),
    ]
    periods = [*_due_periods(user, today), *_early_closings(user, today)]
    work_items = [*own, *reviews, *periods, *releases]
    countings = CalendarDay.objects.countings(item.span for item in work_items if item.span)
    return (
        [_with_counting(item, countings) for item in work_items]
        + request_work_items(user, today)
        + objection_work_items(user, today)
        + correction_work_items(user, today)
        + breakdown_work_items(user)
        + slip_work_items(user)
        + coordination_work_items(user, today)
        + import_work_items(user)
    )


def _with_counting(work_item: WorkItem, countings: dict[Span, Counting]) -> WorkItem:
    if work_item.span is None:
        return work_item
    return replace(work_item, counting=countings.get(work_item.span))


def _to_file(user: User, today: date) -> list[WorkItem]:
    units = user.department_ids(Role.REPORTER)
    owed = [
        requirements
        for requirements in writable_requirements(user, today)
        if _has_to_write(requirements, units) and not is_published_without(requirements, today)
    ]
    published = published_of_returned(owed)
    return [
        _after_release(
            _filing_work_item(requirements, units, today),
            published.get((requirements.task.pk, requirements.period.pk)),
        )
        for requirements in owed
    ]


def _after_release(work_item: WorkItem, published: Publication | None) -> WorkItem:
    """Of a returned report of a public quarter: what the public reads, and that no day binds."""
    if published is None:
        return work_item
    state = State(published.headline)
    words = f"已公布为{state.label}；" if state in WITHOUT_WORDS else "已公布；"
    missing = f"{words}重新报送后经核查，补充公布为下一版。{work_item.missing}"
    return replace(work_item, missing=missing, open_ended=True, span=None)


def are_many(work_items: Iterable[WorkItem]) -> bool:
    """Whether one unit owes so many reports that a workbook for all of them is less work."""
    owed = Counter(unit for work_item in work_items for unit in work_item.units)
    return max(owed.values(), default=0) >= MANY


def _has_to_write(requirements: ReportRequirements, units: set[int]) -> bool:
    """The lead until the report is submitted, the other units until their part is there."""
    own = {row.department_id for row in requirements.responsibilities} & units
    leads = requirements.lead is None or requirements.lead.department_id in own
    return leads or any(row.department_id in own for row in requirements.silent)


def _filing_work_item(requirements: ReportRequirements, units: set[int], today: date) -> WorkItem:
    task, period, deadline = requirements.task, requirements.period, requirements.deadline
    due_on, span = _term(deadline, today)
    work_item = WorkItem(
        due_on=due_on,
        title=task.title,
        missing=state_in_words(requirements, units, today),
        url=task_address("report", task, period),
        verb=TRANSITIONS["submit"].owed_as,
        note=" · ".join([task.code, period.label, *term_in_words(deadline, today)]),
        demonstration=period.demonstration,
        units=frozenset(units & requirements.units),
        span=span,
        extension=None if deadline.is_unlocked(today) else deadline.extension,
    )
    return _sent_back(_joint(work_item, requirements, units, today), requirements.report)


def _joint(
    work_item: WorkItem, requirements: ReportRequirements, units: set[int], today: date
) -> WorkItem:
    """Of a joint item: for its lead the partners to nudge, for a partner that it was nudged."""
    lead = requirements.lead
    if lead is None:
        return work_item
    if lead.department_id in units:
        if requirements.report is None:
            return work_item
        partners = silent_partners(requirements, today)
        nudge_url = task_address("report-nudge", requirements.task, requirements.period)
        return replace(work_item, partners=partners, nudge_url=nudge_url)
    nudges = [nudge for unit, nudge in requirements.nudges.items() if unit in units]
    if not nudges:
        return work_item
    last = max(nudges, key=lambda nudge: nudge.nudged_at)
    words = (
        f"{last.lead.short_name}{cn_date(last.nudged_on)}催交{last.department.short_name}的部分。"
        f"报送时仍未收到的，公布时写明未收到{last.department.short_name}部分。"
    )
    return replace(work_item, returned=words, sent_back="牵头单位催交")


def _term(deadline: Deadline, today: date) -> tuple[date, Span]:
    """The last day to file, and the days it was counted over; an unlock has its own."""
    if unlock := deadline.running_unlock(today):
        return unlock.expires_on, (local_day(unlock.opened_at), unlock.expires_on)
    return deadline.due_on, (deadline.period.opens_on, deadline.period.due_on)


def _sent_back(work_item: WorkItem, report: ProgressReport | None) -> WorkItem:
    """Says who sent the report back and why, if anybody did; a signer's reason is the later one."""
    again = TRANSITIONS["submit"].owed_again_as
    if report and report.hand_back_reason:
        reason = report.hand_back_reason
        return replace(work_item, verb=again, returned=reason, sent_back="审签人退回")
    if report and report.status == ReportStatus.RETURNED:
        return replace(work_item, verb=again, returned=report.return_reason)
    return work_item


def _to_sign(user: User, today: date) -> list[WorkItem]:
    return [
        WorkItem(
            due_on=deadline.due_on,
            title=report.task.title,
            missing=f"{report.sent_by} {stamp(report.sent_at)} 送审签",
            url=task_address("report", report.task, report.period),
            verb=TRANSITIONS["sign"].owed_as,
            note=f"{report.task.code} · {report.period.label}",
            demonstration=report.period.demonstration,
            span=(report.period.opens_on, report.period.due_on),
            extension=deadline.extension,
        )
        for report, deadline in to_sign(user, today)
    ]


def _to_review(queue: ReviewQueue) -> list[WorkItem]:
    """One work item for each period: the reports themselves are listed in the review queue."""
    waiting = Counter(report.period for report in queue.mine)
    return [
        WorkItem(
            due_on=period.review_due_on,
            title=f"核查{period.label}填报",
            missing=f"{count} 份待核查",
            url=reverse("workspace:review-queue"),
            verb=TRANSITIONS["verify"].owed_as,
            note=period.plan.name,
            demonstration=period.demonstration,
            span=(period.opens_on, period.review_due_on),
        )
        for period, count in waiting.items()
    ]


# State -> page, verb, the field of the day, and what is missing.
PERIOD_STEPS: dict[str, tuple[str, str, str, str]] = {
    PeriodState.SCHEDULED: ("open-period", "开放", "opens_on", "到开放日了，还没有开放"),
    PeriodState.OPEN: ("close-period", "截止", "due_on", "已过报送截止日，还没有截止"),
    PeriodState.CLOSED: ("release", "准备", "release_on", "已截止，还没有准备报审稿"),
}


def _due_periods(user: User, today: date) -> list[WorkItem]:
    """Periods whose day to be opened, closed or prepared for release has come."""
    if not can_open_periods(user):
        return []
    to_open = Q(state=PeriodState.SCHEDULED, opens_on__lte=today)
    to_close = Q(state=PeriodState.OPEN, due_on__lt=today)
    to_prepare = Q(state=PeriodState.CLOSED) & ~Q(releases__state=ReleaseState.PREPARED)
    rows = ReportingPeriod.objects.filter(to_open | to_close | to_prepare).quarters().with_plan()
    return [_period_work_item(period, *PERIOD_STEPS[period.state]) for period in rows]


def _early_closings(user: User, today: date) -> list[WorkItem]:
    """Periods proposed to be closed early: to be confirmed, or by the person's own proposal."""
    if not can_confirm_early_closing(user):
        return []
    rows = EarlyClosing.objects.waiting(today).with_related().order_by("period")
    return [
        _period_work_item(row.period, "early-closing", *_closing_step(row, user)) for row in rows
    ]


def _closing_step(row: EarlyClosing, user: User) -> tuple[str, str, str]:
    """The verb, the field of the day, and what the proposal waits for."""
    day = cn_date(row.proposed_at)
    if row.two_persons and row.proposed_by_id == user.pk:
        words = f"您{day}提出提前截止，等另一位督查员或区领导确认，可以撤回"
        return "查看", "due_on", words
    return "确认", "due_on", f"{row.proposed_by}{day}提出提前截止，等您确认或撤回"


def _period_work_item(
    period: ReportingPeriod, page: str, verb: str, day: str, missing: str
) -> WorkItem:
    return WorkItem(
        due_on=getattr(period, day),
        title=f"{period.label}填报期",
        missing=missing,
        url=period_address(page, period),
        verb=verb,
        note=period.plan.name,
        demonstration=period.demonstration,
        span=(period.opens_on, getattr(period, day)),
    )


def _active_releases(user: User) -> list[WorkItem]:
    """Prepared releases: to be approved, then published by somebody who did not prepare them."""
    if not can_handle_release(user):
        return []
    rows = Release.objects.filter(state=ReleaseState.PREPARED).select_related(
        "period__plan", "prepared_by"
    )
    steps = [
        (row, _next_step(row, user)) for row in rows.defer(*source_document_fields("period__plan"))
    ]
    return [_release_work_item(row.period, *step) for row, step in steps if step]


def _next_step(release: Release, user: User) -> tuple[str, str] | None:
    """The verb and why it is due; None where the release waits for another person."""
    if not release.approved_by:
        return "登记", f"{release.prepared_by}已准备好报审稿，还没有登记批准"
    needs_another = release.two_persons and release.prepared_by_id == user.pk
    if can_publish(user) and not needs_another:
        return "发布", "报审稿已批准，等您核对后发布"
    return None


def _release_work_item(period: ReportingPeriod, verb: str, missing: str) -> WorkItem:
    return _period_work_item(period, "release", verb, "release_on", missing)


def _news_after_release(user: User, today: date) -> list[WorkItem]:
    """What came in after a release, and what did not come in the time that was granted."""
    if not can_publish(user):
        return []
    late = Counter(report.period for report in with_news())
    over = Counter(publication.period for publication in lapsed(today))
    return [
        *_counted(late, "公布", "公布之后又有 {} 份报送或核查"),
        *_counted(over, "写明", "延期期满，还有 {} 项没有报送"),
    ]


def _counted(counts: Counter[ReportingPeriod], verb: str, missing: str) -> list[WorkItem]:
    return [
        _release_work_item(period, verb, missing.format(count)) for period, count in counts.items()
    ]


def _withheld_to_review(user: User, today: date) -> list[WorkItem]:
    """Withheld lines whose review day has come, for all who may extend or lift the withholding."""
    rows = withheld_due_for_review(today) if can_handle_release(user) else []
    return [_withheld_work_item(row, row.review_on) for row in rows if row.review_on]


def _withheld_work_item(row: Clearance, review_on: date) -> WorkItem:
    return WorkItem(
        due_on=review_on,
        title=f"保密审查到期：{row.task.title}",
        missing="再审查日期到了：解除暂不公开，或写明理由延长",
        url=reverse("workspace:withholding", args=[row.pk]),
        verb="审查",
        note=f"{row.task.code} · {row.release.period.label}",
        demonstration=row.release.period.demonstration,
    )
