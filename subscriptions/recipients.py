"""Who answers for a unit today, and who is told when nobody does."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from departments.models import Department, Membership, Role, User
from subscriptions.roles import REMINDED_ROLES

NOBODY = "责任单位待确认"


@dataclass(frozen=True)
class Recipients:
    """Everybody who holds a post, by (unit id, role); at most five queries."""

    held: dict[tuple[int, str], list[User]]
    # Each leader with the ids of the units and of the sections looked after.
    leaders: list[tuple[User, set[int], set[int]]]
    # A unit -> what became of it.
    current_successor: Callable[[Department], Department]

    @classmethod
    def today(cls) -> "Recipients":
        held = defaultdict(list)
        current = Membership.objects.current().select_related("user").order_by("pk")
        for post in current.of_role(*REMINDED_ROLES):
            held[post.department_id, post.role].append(post.user)
        leading = current.of_role(Role.LEADER).prefetch_related("portfolio", "sections")
        leaders = [
            (post.user, {unit.pk for unit in post.portfolio.all()}, {row.pk for row in post.sections.all()})
            for post in leading
        ]
        return cls(dict(held), leaders, Department.objects.successor_lookup())

    def of(self, unit: Department, role: str) -> list[User]:
        return self.held.get((unit.pk, role), [])

    def everywhere(self, role: str) -> list[User]:
        """Each person once, in whatever unit."""
        found = {user.pk: user for (_, held), users in self.held.items() if held == role for user in users}
        return list(found.values())

    def first(self, unit: Department, *roles: str) -> list[User]:
        """Those of the first role that somebody of the unit holds, else the supervisors: never nobody by choice."""
        found = next(filter(None, (self.of(unit, role) for role in roles)), None)
        return found or self.everywhere(Role.SUPERVISOR)

    def told(self, units: Iterable[Department], *roles: str) -> dict[int, str]:
        """Person id -> for which units, in words; without any unit the supervisors."""
        words = defaultdict(list)
        for unit in units:
            for person in self.first(unit, *roles):
                words[person.pk].append(self.named(unit))
        found = {pk: "、".join(names) for pk, names in words.items()}
        return found or dict.fromkeys((person.pk for person in self.everywhere(Role.SUPERVISOR)), NOBODY)

    def named(self, unit: Department) -> str:
        return unit.short_name if self.of(unit, Role.REPORTER) else f"{unit.short_name}（该单位没有填报员）"
