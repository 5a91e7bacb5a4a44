"""Reasons why a report needs a closer look; without any the supervisor may agree in one step."""

from collections import Counter

from progress.choices import FLAGGED, Pace, Trajectory
from progress.models import ProgressReport
from progress.requirements.report import ReportRequirements


def review_flags(requirements: ReportRequirements) -> list[str]:
    """Sentences for the supervisor, by what the report and its history hold; empty if none."""
    flags = [*_history_flags(requirements), *_completeness_flags(requirements)]
    if requirements.report:
        flags += _finding_flags(requirements)
        flags += _overall_flags(requirements.report, requirements.suggested_pace)
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
