"""Whether what was published is still what the ledger says was published.

Every published row is compared with the digest in its ledger entry and with the columns that pages
show; a row without its entry and an entry without its row are named. Rows are read in batches, so
that the memory needed does not grow with them, and each row is read once.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from common.batches import batches
from common.text.canonical import canonical, digest
from ledger.models import Entry
from ledger.verification import Told, told_by
from progress.actions.locks import period_subject
from progress.models import ReportingPeriod
from publishing.actions.year_ends import year_end_digest
from publishing.choices import ReleaseState
from publishing.content import PublicationDraft, content_of
from publishing.drafts import join_narratives
from publishing.models import Publication, PublishedFinding, PublishedReading, Release, YearEnd
from tasks.models import Plan, Task

TASKS_AT_ONCE = 100
PUBLISHING = ("publish", "revise")
TAKING_DOWN = "take_down_publication"
# What the parts of a content are called where they do not agree.
PARTS = {
    "plan": "文件",
    "task": "任务",
    "period": "填报期",
    "units": "责任单位",
    "narratives": "进展情况",
    "silent_units": "未交本单位部分的单位",
    "findings": "逐条状态",
    "readings": "数据",
}
Key = tuple[str, str, Any]


def published_faults() -> Iterator[str]:
    """All that does not agree, as Chinese sentences that name the row and the entry."""
    yield from _publication_faults()
    yield from _release_faults()
    yield from _year_end_faults()


def _publication_faults() -> Iterator[str]:
    tasks = Task.objects.order_by("pk").values_list("pk", "code").iterator(chunk_size=2000)
    for batch in batches(tasks, TASKS_AT_ONCE):
        codes = dict(batch)
        recorded = _Recorded(codes.values())
        yield from recorded.twice
        yield from _row_faults(list(codes), recorded)
        yield from recorded.without_rows()
    gone = Entry.objects.filter(subject_type="task", verb__in=PUBLISHING)
    gone = gone.exclude(subject_id__in=Task.objects.values("code"))
    for entry in gone.order_by("seq").iterator(chunk_size=2000):
        yield f"公开记录第 {entry.seq} 条公布的任务 {entry.subject_id} 已经不在"


class _Recorded:
    """What the ledger says was published of these tasks, and taken down."""

    def __init__(self, codes: Iterable[str]):
        self.published: dict[Key, Told] = {}
        self.taken_down: dict[tuple[str, str], list[datetime]] = {}
        self.twice: list[str] = []
        about = Entry.objects.about("task", *codes).filter(verb__in=(*PUBLISHING, TAKING_DOWN))
        for entry in about.order_by("seq").iterator(chunk_size=2000):
            self._add(entry, told_by(entry))

    def _add(self, entry: Entry, told: Told) -> None:
        period = str(told.facts.get("period"))
        if entry.verb == TAKING_DOWN:
            moments = self.taken_down.setdefault((entry.subject_id, period), [])
            moments += [told.at] * told.facts.get("revisions", 0)
            return
        key = (entry.subject_id, period, told.facts.get("revision"))
        if key in self.published:
            self.twice.append(f"公开记录第 {entry.seq} 条把{_named(key)}又公布了一次")
        self.published[key] = told

    def removals(self, key: Key) -> list[datetime]:
        """The moment of removal of each revision of the quarter that was removed."""
        return self.taken_down.get((key[0], key[1]), [])

    def without_rows(self) -> Iterator[str]:
        """The publications that no row was asked for."""
        for key, told in self.published.items():
            yield f"公开记录第 {told.seq} 条公布了{_named(key)}，公布内容里没有这一版"
        for (code, period), moments in self.taken_down.items():
            if moments:
                yield f"{code}（{period}）依法撤下过，还有 {len(moments)} 版没有撤下"


def _named(key: Key) -> str:
    code, period, revision = key
    return f"{code}（{period} 第 {revision} 版）"


def _row_faults(task_ids: list[int], recorded: _Recorded) -> Iterator[str]:
    """Compares the rows of these tasks, of each quarter from the newest revision to the first."""
    rows = (
        Publication.objects.filter(task__in=task_ids)
        .select_related("task", "period__plan")
        .defer("task__search_text")
        .prefetch_related(
            Prefetch("findings", PublishedFinding.objects.select_related("commitment")),
            Prefetch("readings", PublishedReading.objects.select_related("indicator")),
        )
        .order_by("task_id", "period_id", "-revision")
    )
    for row, newer in _with_newer(rows.iterator(chunk_size=200)):
        key = (row.task.code, period_subject(row.period), row.revision)
        reasons = [
            *_content_faults(row, recorded.published.pop(key, None)),
            *_standing_faults(row, newer, recorded.removals(key)),
        ]
        yield from (f"公布内容{_named(key)}：{reason}" for reason in reasons)


def _with_newer(rows: Iterable[Publication]) -> Iterator[tuple[Publication, dict[datetime, str]]]:
    """Each row with the moments of its newer revisions and the laws by which they withhold it."""
    place = (0, 0)
    newer: dict[datetime, str] = {}
    for row in rows:
        if place != (row.task_id, row.period_id):
            place, newer = (row.task_id, row.period_id), {}
        yield row, newer
        newer[row.published_at] = row.withheld_basis


def _standing_faults(
    row: Publication, newer: dict[datetime, str], removed: list[datetime]
) -> Iterator[str]:
    """Whether the row is current and taken down as the ledger says.

    `removed` holds a moment for each revision of the quarter that was removed, and loses that of
    the row. The law of a removal is published with the revision that follows it.
    """
    if row.is_current == bool(newer):
        yield "是不是现行的一版，标得不对"
    if row.taken_down_at is None:
        return
    if row.taken_down_at in removed:
        removed.remove(row.taken_down_at)
    else:
        yield "标为依法撤下，公开记录没有这次撤下"
    if row.taken_down_basis != newer.get(row.taken_down_at):
        yield "撤下依据与公布时不同"


def _content_faults(row: Publication, told: Told | None) -> Iterator[str]:
    found = digest(row.content)
    if told is None:
        yield "公开记录里没有公布这一版"
    elif told.facts.get("sha256") != found:
        yield f"公布内容与公开记录第 {told.seq} 条的校验值不符"
    if row.sha256 != found:
        yield "公布内容与自己的校验值不符"
    yield from _shown_faults(row)


def _shown_faults(row: Publication) -> list[str]:
    try:
        different = _different_parts(row, json.loads(row.content))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["公布内容读不出来"]
    return [f"页面上的“{_word(name)}”与公布时不同" for name in different]


def _different_parts(row: Publication, stored: dict[str, Any]) -> list[str]:
    """The parts of the content that pages show otherwise."""
    shown = _shown(row, stored)
    different = [name for name, value in shown.items() if not _same_part(stored, name, value)]
    is_told = row.narrative == join_narratives(stored["narratives"])
    return different if is_told else [*different, "narratives"]


def _same_part(stored: dict[str, Any], name: str, shown: Any) -> bool:
    """A content from before there was such a part has none of it, and the row must have none."""
    return stored[name] == shown if name in stored else not shown


def _shown(row: Publication, stored: dict[str, Any]) -> dict[str, Any]:
    """The content as it follows from the columns and rows that pages show."""
    draft = PublicationDraft(row, row.verdicts, row.numbers, stored["narratives"], stored["units"])
    return json.loads(canonical(content_of(draft)))


def _word(name: str) -> str:
    return PARTS.get(name) or str(getattr(Publication._meta.get_field(name), "verbose_name", name))


def _release_faults() -> Iterator[str]:
    """Compares the digest of each release, which is made of those of its publications."""
    entries = Entry.objects.filter(subject_type="period", verb="release").order_by("seq")
    recorded = {entry.subject_id: told_by(entry) for entry in entries.iterator(chunk_size=2000)}
    releases = Release.objects.filter(state=ReleaseState.PUBLISHED)
    for release in releases.select_related("period__plan").order_by("pk").iterator():
        subject = period_subject(release.period)
        for reason in _faults_of_release(release, recorded.pop(subject, None)):
            yield f"发布 {subject}：{reason}"
    for subject, told in recorded.items():
        yield f"公开记录第 {told.seq} 条发布了 {subject}，现在没有这次发布"
    without = ReportingPeriod.objects.released().exclude(pk__in=releases.values("period"))
    subjects = map(period_subject, without.with_plan())
    yield from map("填报期 {}：标为已公布，没有发布".format, subjects)


def _faults_of_release(release: Release, told: Told | None) -> Iterator[str]:
    digests = Publication.objects.filter(release=release, revision=1).order_by("pk")
    found = digest("\n".join(digests.values_list("sha256", flat=True)))
    if release.sha256 != found:
        yield "校验值与各项公布内容不符"
    if told is None:
        yield "公开记录里没有这次发布"
        return
    if told.facts.get("sha256") != release.sha256:
        yield f"校验值与公开记录第 {told.seq} 条不符"
    if not told.at == release.published_at == release.period.released_at:
        yield f"公布时间与公开记录第 {told.seq} 条不符"


def _year_end_faults() -> Iterator[str]:
    """Compares the published verdicts of each plan and year with their digest in the ledger."""
    recorded: dict[tuple[str, Any], Told] = {}
    entries = Entry.objects.filter(subject_type="plan", verb="publish_year_end").order_by("seq")
    for entry in entries.iterator(chunk_size=2000):
        told = told_by(entry)
        recorded[entry.subject_id, told.facts.get("year")] = told
    published = YearEnd.objects.filter(published_at__isnull=False)
    groups = published.order_by("task__plan", "year").values_list("task__plan", "year").distinct()
    for plan_id, year in groups:
        plan = Plan.objects.get(pk=plan_id)
        for reason in _faults_of_year(plan, year, recorded.pop((plan.slug, year), None)):
            yield f"{plan.slug} {year}年年终结论：{reason}"
    for (slug, lost_year), told in recorded.items():
        yield f"公开记录第 {told.seq} 条公布了 {slug} {lost_year}年年终结论，现在没有"


def _faults_of_year(plan: Plan, year: int, told: Told | None) -> Iterator[str]:
    if told is None:
        yield "公开记录里没有公布"
        return
    rows = YearEnd.objects.filter(task__plan=plan, year=year, published_at__isnull=False)
    rows = rows.select_related("task").defer("task__search_text").order_by("task__number")
    if year_end_digest(plan, year, rows) != told.facts.get("sha256"):
        yield f"与公开记录第 {told.seq} 条的校验值不符"
    yield from _verdict_faults(rows, _recorded_verdicts(plan, year))
    yield from (
        f"{row.task.code} 的公布时间与公开记录不同" for row in rows if row.published_at != told.at
    )


def _verdict_faults(rows: Iterable[YearEnd], recorded: dict[str, str]) -> Iterator[str]:
    """`recorded` loses what the rows say."""
    for row in rows:
        if recorded.pop(row.task.code, None) != row.verdict:
            yield f"{row.task.code} 的结论与公开记录不同"
    yield from (f"{code} 的结论公布过，现在没有" for code in recorded)


def _recorded_verdicts(plan: Plan, year: int) -> dict[str, str]:
    """Task code -> the verdict that the ledger says was published."""
    entries = Entry.objects.filter(
        subject_type="task", verb="publish_year_end", subject_id__in=plan.tasks.values("code")
    )
    facts = (
        (entry.subject_id, told_by(entry).facts) for entry in entries.iterator(chunk_size=2000)
    )
    return {code: said.get("verdict", "") for code, said in facts if said.get("year") == year}
