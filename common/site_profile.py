"""Reads the profile of a site, which holds everything that names one district.

The file is `fixtures/sites/<name>/profile.toml`.
"""

import tomllib
from pathlib import Path
from typing import Any

REQUIRED = {"name", "district", "owner", "ticket_prefix", "documents", "slips", "tickets"}


def load_profile(folder: Path) -> dict[str, Any]:
    """The profile in `folder` as a dict.

    Raises ValueError if keys are missing or contradict each other.
    """
    profile = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8"))
    if missing := REQUIRED - profile.keys():
        raise ValueError(f"{folder / 'profile.toml'} lacks {', '.join(sorted(missing))}")
    tickets = profile["tickets"]
    if any(days > tickets["ceilings"][kind] for kind, days in tickets["days"].items()):
        raise ValueError(f"{folder / 'profile.toml'}: a ticket's days exceed its ceiling")
    subjects = tickets.get("subjects", [])
    if len({row["key"] for row in subjects} - {"none"}) < len(subjects):
        raise ValueError(
            f"{folder / 'profile.toml'}: two subjects of one key, or one of the key none"
        )
    return profile
