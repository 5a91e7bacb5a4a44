"""Whose desk a letter lies on, so that none lies without an owner.

Complaints are the supervisors', the rest is the clerks'. Where everybody of that desk sits in the unit meant, or nobody
sits there at all, the other desk has it.
"""

from collections import defaultdict
from dataclasses import dataclass

from departments.models import Department, Membership, User
from departments.querysets import merger_closure
from feedback.choices import TicketKind
from feedback.roles import COMPLAINT_DESK, DESK, LAST_RESORT, NOTIFIED_ROLES


@dataclass(frozen=True)
class Desks:
    """Role -> person id -> the units the person belongs to, with all their kin."""

    seats: dict[str, dict[int, set[int]]]

    @classmethod
    def today(cls, mergers: list[set[int]] | None = None) -> "Desks":
        """One query, and one more where the mergers are not known yet."""
        current = Membership.objects.current()
        holders = current.of_role(*NOTIFIED_ROLES).values("user")
        posts = list(current.filter(user__in=holders).order_by("pk").values_list("user", "department", "role"))
        mergers = Department.objects.mergers() if mergers is None else mergers
        units, seats = defaultdict(set), defaultdict(dict)
        for person, unit, _ in posts:
            units[person].add(unit)
        related_units = {person: merger_closure(own, mergers) for person, own in units.items()}
        for person, _, role in posts:
            seats[role][person] = related_units[person]
        return cls(dict(seats))

    def free(self, role: str, about: int | None) -> list[int]:
        """Ids of those who hold the role and do not belong to that unit."""
        return [person for person, related_units in self.seats.get(role, {}).items() if about not in related_units]

    def barred(self, role: str) -> set[int] | None:
        """Ids of the units of which everybody who holds the role is one; None where nobody holds it: all of them."""
        related_sets = list(self.seats.get(role, {}).values())
        return set.intersection(*related_sets) if related_sets else None

    def role_for(self, kind: str, about: int | None) -> str:
        first, other = _in_turn(kind)
        return first if self.free(first, about) or not self.free(other, about) else other

    def told_of(self, kind: str, about: int | None) -> list[int]:
        """Ids of those on whose desk it lies; where neither desk may look, the leaders."""
        return next(filter(None, (self.free(role, about) for role in (*_in_turn(kind), *LAST_RESORT))), [])


def _in_turn(kind: str) -> tuple[str, str]:
    return COMPLAINT_DESK if kind == TicketKind.COMPLAINT else DESK


def usual(kind: str) -> str:
    return _in_turn(kind)[0]


def desks_of(user: User) -> Desks:
    """As of this request, kept with the person like the posts."""
    if not hasattr(user, "_desks"):
        user._desks = Desks.today(user._mergers)
    return user._desks
