"""What is stored of one unit's part of a report, by the names of the form's fields."""

from departments.models import Department
from progress.forms.report_fields import OVERALL_TEXTS
from progress.models import ProgressReport
from progress.requirements.report import ReportRequirements


def stored_values(requirements: ReportRequirements, department: Department) -> dict[str, object]:
    """The values of the form's fields as stored now."""
    report, words = requirements.report, _own_words(requirements, department)
    return {
        "version": report.version if report else 0,
        **words,
        "rest": _are_remaining_confirmed(requirements, words),
        **_answers(requirements),
        **(_overall_values(report, requirements.suggested_pace) if report else {}),
    }


def _own_words(requirements: ReportRequirements, department: Department) -> dict[str, str]:
    """The unit's narrative, and what it typed that is no answer yet."""
    contribution = requirements.contributions.get(department.pk)
    if contribution is None:
        return {"narrative": ""}
    unanswered = requirements.unparsed.keys()
    own = contribution.unparsed
    return {"narrative": contribution.narrative} | {
        name: typed for name, typed in own.items() if name in unanswered
    }


def _are_remaining_confirmed(requirements: ReportRequirements, words: dict[str, str]) -> bool:
    """Whether every remaining commitment has its answer, but those with a note of the unit's only.

    Without any that could have one they count as not confirmed.
    """
    confirmed = [
        c.pk in requirements.findings for c in requirements.remaining if f"n{c.pk}" not in words
    ]
    return bool(confirmed) and all(confirmed)


def _answers(requirements: ReportRequirements) -> dict[str, object]:
    values: dict[str, object] = {}
    for pk, finding in requirements.findings.items():
        values |= {f"c{pk}": "" if finding.by_default else finding.pace, f"n{pk}": finding.note}
    for pk, reading in requirements.readings.items():
        values |= {f"r{pk}": reading.value, f"t{pk}": reading.note}
    return values


def _overall_values(report: ProgressReport, suggested_pace: str) -> dict[str, object]:
    # Empty means by the rule: it follows the findings until the lead unit overrides it.
    pace = report.pace if report.pace != suggested_pace else ""
    return {name: getattr(report, name) for name in OVERALL_TEXTS} | {"pace": pace}
