"""Canonical JSON and digests: the same facts always give the same text and the same hash."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

# What is hashed may not depend on the settings of a site.
CHINA = timezone(timedelta(hours=8))


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks; dates, decimals and enums as their text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(text: str) -> str:
    """SHA-256 of UTF-8 text as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def instant(moment: datetime) -> str:
    """A moment in UTC with microseconds, which both databases store without loss."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def china_day(moment: datetime) -> str:
    """The calendar day of a moment in China: 2013-07-31."""
    return moment.astimezone(CHINA).date().isoformat()
