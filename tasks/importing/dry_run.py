"""Finds, before anything is written, what would keep a draft from being imported."""

from pathlib import Path

from django.db import DatabaseError

from common.errors import Refused
from common.files.csv_rows import read_csv_rows
from common.files.text_files import read
from tasks.importing import curated
from tasks.importing.apply import registered_units, unknown_units
from tasks.importing.draft import PlanDraft, Problem


def find_problems(draft: PlanDraft, *, indicators: Path, shipped_units: Path) -> list[Problem]:
    """The problems of the draft itself, its unknown units and its missing quotes.

    `indicators` is the folder of the curated numbers, `shipped_units` the site's own list of units.
    """
    return [
        *draft.problems,
        *unit_problems(draft, shipped_units),
        *quote_problems(draft, indicators),
    ]


def unit_problems(draft: PlanDraft, shipped_units: Path) -> list[Problem]:
    """Units that are not registered, or not in the shipped list where none are."""
    try:
        known = registered_units()
    except DatabaseError:
        # A preview is possible before there is any table.
        known = set()
    return unknown_units(draft, known or read_shipped_units(shipped_units))


def read_shipped_units(path: Path) -> set[str]:
    return {row["short_name"] for row in read_csv_rows(read(path), ("short_name",))}


def quote_problems(draft: PlanDraft, indicators: Path) -> list[Problem]:
    """Curated rows whose task or quoted words are not in the draft."""
    try:
        curated.load(indicators, draft)
    except Refused as refusal:
        return [Problem(None, reason) for reason in refusal.reasons]
    return []
