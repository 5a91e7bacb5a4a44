"""Why a report needs a closer look, as sentences for the supervisor; without any of them one key agrees with it."""

from collections import Counter

from progress.choices import FLAGGED, Pace, Trajectory
from progress.requirements.report import ReportRequirements


def review_flags(requirements: ReportRequirements) -> list[str]:
    """Facts of the report alone: the supervisor's own knowledge is asked for beside them."""
    return [
        *_of_its_past(requirements),
        *_of_its_parts(requirements),
        *_of_its_words(requirements),
        *_of_its_numbers(requirements),
    ]


def _of_its_past(requirements: ReportRequirements) -> list[str]:
    report, flagged = requirements.report, sum(question.flagged for question in requirements.questions)
    found = ["退回修改后重新报送的，请核对是否改到位。"] if report and report.returned_at else []
    if requirements.judged_before in FLAGGED:
        found.append(f"上次督查核定为{Pace(requirements.judged_before).label}，请核对这次有没有跟上。")
    return found + ([f"有 {flagged} 条上次没有完成，这次继续跟进。"] if flagged else [])


def _of_its_parts(requirements: ReportRequirements) -> list[str]:
    silent = "、".join(row.department.short_name for row in requirements.silent)
    return [missing_item.sentence for missing_item in requirements.own_missing_items()] + (
        [f"{silent}没有交本单位部分。"] if silent else []
    )


def _of_its_words(requirements: ReportRequirements) -> list[str]:
    report = requirements.report
    if report is None:
        return []
    counted = Counter(finding.pace for finding in requirements.findings.values() if finding.pace in FLAGGED)
    single = "、".join(f"{Pace(pace).label} {count} 条" for pace, count in counted.items())
    found = [f"逐条自评中有{single}。"] if single else []
    if report.pace in FLAGGED:
        found.append(f"总体自评为{report.get_pace_display()}。")
    if requirements.suggested_pace and report.pace != requirements.suggested_pace:
        found.append(f"总体进展与逐条自评得出的“{Pace(requirements.suggested_pace).label}”不同。")
    return found + (["单位提出了需协调事项。"] if report.help_needed else [])


def _of_its_numbers(requirements: ReportRequirements) -> list[str]:
    stands = [(number.indicator.name, requirements.trajectory_of(number)) for number in requirements.numbers]
    slow = [(name, word) for name, word in stands if word in {Trajectory.WATCH, Trajectory.BEHIND}]
    found = [f"数据“{name}”低于文件公布的目标（{Trajectory(word).label}）。" for name, word in slow]
    return found + [f"{words}。" for words in requirements.contradictions()]
