"""Reasons why a report needs a closer look; without any the supervisor may agree in one step."""

from collections import Counter
from collections.abc import Iterable

from progress.choices import FLAGGED, EvidenceKind, Pace, Trajectory
from progress.models import Finding, ProgressReport, ReportingPeriod
from progress.requirements.report import ReportRequirements


def review_flags(requirements: ReportRequirements) -> list[str]:
    """Sentences for the supervisor, by what the report and its history hold; empty if none."""
    flags = [*_history_flags(requirements), *_completeness_flags(requirements)]
    if requirements.report:
        flags += _finding_flags(requirements)
        flags += _overall_flags(requirements.report, requirements.suggested_pace)
        flags += _evidence_flags(requirements, requirements.report)
    return flags + _number_flags(requirements)


def _history_flags(requirements: ReportRequirements) -> list[str]:
    report, previous = requirements.report, requirements.previous_assessment
    flags = ["退回修改后重新报送的，请核对是否改到位。"] if report and report.returned_at else []
    if previous in FLAGGED:
        flags.append(f"上次督查核定为{Pace(previous).label}，请核对这次有没有跟上。")
    return flags + _follow_up_flags(requirements)


def _follow_up_flags(requirements: ReportRequirements) -> list[str]:
    count = sum(required.flagged for required in requirements.required_commitments)
    return [f"有 {count} 条上次没有完成，这次继续跟进。"] if count else []


def _completeness_flags(requirements: ReportRequirements) -> list[str]:
    silent = "、".join(row.department.short_name for row in requirements.silent)
    missing = [item.sentence for item in requirements.own_missing_items()]
    return missing + ([f"{silent}没有交本单位部分。"] if silent else [])


def _finding_flags(requirements: ReportRequirements) -> list[str]:
    counted = Counter(
        finding.pace for finding in requirements.findings.values() if finding.pace in FLAGGED
    )
    single = "、".join(f"{Pace(pace).label} {count} 条" for pace, count in counted.items())
    return [f"逐条自评中有{single}。"] if single else []


def _overall_flags(report: ProgressReport, suggested_pace: str) -> list[str]:
    flags = [f"总体自评为{report.get_pace_display()}。"] if report.pace in FLAGGED else []
    if suggested_pace and report.pace != suggested_pace:
        flags.append(f"总体进展与逐条自评得出的“{Pace(suggested_pace).label}”不同。")
    return flags + (["单位提出了需协调事项。"] if report.help_needed else [])


def material_count(report: ProgressReport) -> int:
    """How many files stand behind a report; a signed form proves who said it, not that it is so.

    Makes no query where contributions and evidence were prefetched.
    """
    files = (file for part in report.contributions.all() for file in part.evidence.all())
    return sum(file.kind == EvidenceKind.MATERIAL for file in files)


def _evidence_flags(requirements: ReportRequirements, report: ProgressReport) -> list[str]:
    """What is called done for the first time, or to the end of a year, with nothing to show."""
    if material_count(report):
        return []
    before = [row for row in requirements.before if row.first_submitted_at]
    done = _done(requirements.pace, requirements.findings.values())
    earlier = [_done(row.pace, row.findings.all()) for row in before]
    if first := done.difference(*earlier):
        return [f"首次填“已完成”，没有佐证材料：{_in_words(first)}。"]
    if done and _ends_a_year_without_evidence(requirements.period, before):
        return [f"到年底填“已完成”，全年没有佐证材料：{_in_words(done)}。"]
    return []


def _ends_a_year_without_evidence(period: ReportingPeriod, before: list[ProgressReport]) -> bool:
    """`before`: the earlier reports of the task."""
    of_the_year = [row for row in before if row.period.year == period.year]
    return period.is_last_of_year and not any(map(material_count, of_the_year))


def _done(pace: str, findings: Iterable[Finding]) -> set[int | None]:
    """Ids of the commitments called done, and None for the task as a whole."""
    done: set[int | None] = {row.commitment_id for row in findings if row.pace == Pace.DONE}
    return done | {None} if pace == Pace.DONE else done


def _in_words(done: set[int | None]) -> str:
    single = len(done - {None})
    return "、".join([f"分解事项 {single} 条"] * bool(single) + ["总体进展"] * (None in done))


def _number_flags(requirements: ReportRequirements) -> list[str]:
    trajectories = [
        (number.indicator.name, requirements.trajectory_of(number))
        for number in requirements.numbers
    ]
    flags = [
        f"数据“{name}”低于文件公布的目标（{Trajectory(trajectory).label}）。"
        for name, trajectory in trajectories
        if trajectory in {Trajectory.WATCH, Trajectory.BEHIND}
    ]
    return flags + [f"{contradiction}。" for contradiction in requirements.contradictions()]
