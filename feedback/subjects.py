"""What a letter is about, in the site's own words, and to which unit letters about that go first."""

from dataclasses import dataclass

from django.conf import settings

from departments.models import Department


@dataclass(frozen=True)
class Subject:
    """`unit`: the short name of the unit proposed for it."""

    key: str
    name: str
    unit: str


def subjects() -> dict[str, Subject]:
    """By key, in the order of the site profile; none where the site sorts no letters."""
    return {row["key"]: Subject(**row) for row in settings.SITE["tickets"].get("subjects", [])}


def subject_name(key: str) -> str:
    """A letter keeps a key that the site has given up since: no other name stands for it."""
    known = subjects().get(key)
    return known.name if known else key and f"{key}（已不用的主题）"


def unit_for(key: str) -> Department | None:
    known = subjects().get(key)
    return Department.objects.filter(short_name=known.unit).first() if known else None
