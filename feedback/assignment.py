"""Which desk a letter lies on, so that none lies without an owner.

Complaints go to the supervisors, other letters to the clerks. Where everybody of that desk belongs
to the unit complained of, or nobody sits there, the other desk has the letter.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings

from departments.models import Department, Membership, User
from departments.querysets import merger_closure
from departments.roles import Role
from feedback.choices import TicketKind
from feedback.roles import COMPLAINT_DESK, DESK, LAST_RESORT, NOTIFIED_ROLES


@dataclass(frozen=True)
class Desks:
    """Who sits at the desks. `members`: role -> person id -> the units the person belongs to, with
    every unit related to them by a merger.
    """

    members: dict[str, dict[int, set[int]]]

    @classmethod
    def today(cls, mergers: list[set[int]] | None = None) -> "Desks":
        """As of today: one query, and one more where the mergers are not given."""
        current = Membership.objects.current()
        holders = current.of_role(*NOTIFIED_ROLES).values("user")
        memberships = list(
            current.filter(user__in=holders)
            .order_by("pk")
            .values_list("user", "department", "role")
        )
        mergers = Department.objects.mergers() if mergers is None else mergers
        units: dict[int, set[int]] = defaultdict(set)
        members: dict[str, dict[int, set[int]]] = defaultdict(dict)
        for person, unit, _ in memberships:
            units[person].add(unit)
        related_units = {person: merger_closure(own, mergers) for person, own in units.items()}
        for person, _, role in memberships:
            members[role][person] = related_units[person]
        return cls(dict(members))

    def eligible(self, role: str, about: int | None) -> list[int]:
        """Ids of those who hold the role and do not belong to the unit `about`."""
        return [
            person
            for person, related_units in self.members.get(role, {}).items()
            if about not in related_units
        ]

    def units_of_all(self, role: str) -> set[int] | None:
        """Ids of the units to which everybody who holds the role belongs;
        None where nobody holds it.
        """
        related_sets = list(self.members.get(role, {}).values())
        return set.intersection(*related_sets) if related_sets else None

    def role_for(self, kind: str, about: int | None) -> str:
        """The role at whose desk a letter of this kind about that unit lies."""
        first, other = _role_order(kind)
        return first if self.eligible(first, about) or not self.eligible(other, about) else other

    def people_at(self, kind: str, about: int | None) -> list[int]:
        """Ids of those at whose desk the letter lies; the leaders where neither desk may see it."""
        return next(
            filter(
                None, (self.eligible(role, about) for role in (*_role_order(kind), *LAST_RESORT))
            ),
            [],
        )


def _role_order(kind: str) -> tuple[str, str]:
    return COMPLAINT_DESK if kind == TicketKind.COMPLAINT else DESK


def lacking_to_take_letters() -> list[str]:
    """What the site lacks before it may take letters, each by its Chinese name; one query.

    Somebody at each desk, and a telephone for whoever gets no further. The letters of a
    demonstration go to nobody, so it needs no telephone.
    """
    held = set(Membership.objects.current().of_role(*DESK).values_list("role", flat=True))
    lacking = [Role(role).label for role in DESK if role not in held]
    return lacking if settings.SITE["telephone"] or settings.DEMO else [*lacking, "联系电话"]


def usual_role(kind: str) -> str:
    """The role that handles letters of this kind unless it is kept from it."""
    return _role_order(kind)[0]


def desks_of(user: User) -> Desks:
    """The desks as of this request, kept on the user object like a cached property."""
    kept = vars(user)
    if "desks" not in kept:
        kept["desks"] = Desks.today(user.mergers)
    desks: Desks = kept["desks"]
    return desks
