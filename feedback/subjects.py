"""The subjects of letters, as the site profile lists them, and the unit proposed for each."""

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
    """The site's subjects by key, in the order of the profile; empty where the site lists none."""
    return {row["key"]: Subject(**row) for row in settings.SITE["tickets"].get("subjects", [])}


def subject_name(key: str) -> str:
    """The name of a subject; a key that the site no longer lists is shown as such."""
    subject = subjects().get(key)
    return subject.name if subject else key and f"{key}（已不用的主题）"


def unit_for(key: str) -> Department | None:
    """The unit that letters about this subject are proposed for."""
    subject = subjects().get(key)
    return Department.objects.filter(short_name=subject.unit).first() if subject else None
