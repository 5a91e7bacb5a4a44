"""Who is notified for a unit today, and who instead where it has nobody."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from departments.models import Department, Membership, User
from departments.roles import Role
from subscriptions.roles import REMINDED_ROLES

NOBODY = "责任单位待确认"


def same_words(people: Iterable[User], words: str) -> dict[int, str]:
    """Person id -> these words, the same for each of the people."""
    return dict.fromkeys((person.pk for person in people), words)


@dataclass(frozen=True)
class Leader:
    """A leader with the ids of the units and of the sections in their portfolio (分管)."""

    person: User
    units: set[int]
    sections: set[int]


@dataclass(frozen=True)
class Recipients:
    """Everybody with a role, by (unit id, role); at most five queries.

    `current_successor`: unit -> the unit it was merged into, or itself.
    """

    holders: dict[tuple[int, str], list[User]]
    leaders: list[Leader]
    current_successor: Callable[[Department], Department]

    @classmethod
    def today(cls) -> "Recipients":
        """The recipients of the current memberships."""
        holders = defaultdict(list)
        current = Membership.objects.current().select_related("user").order_by("pk")
        for membership in current.of_role(*REMINDED_ROLES):
            holders[membership.department_id, membership.role].append(membership.user)
        leading = current.of_role(Role.LEADER).prefetch_related("portfolio", "sections")
        leaders = [
            Leader(
                row.user,
                {unit.pk for unit in row.portfolio.all()},
                {section.pk for section in row.sections.all()},
            )
            for row in leading
        ]
        return cls(dict(holders), leaders, Department.objects.successor_lookup())

    def in_unit(self, unit: Department | None, role: str) -> list[User]:
        """Those who hold the role in the unit; nobody where there is no unit."""
        return self.holders.get((unit.pk, role), []) if unit else []

    def everywhere(self, role: str) -> list[User]:
        """Those who hold the role in any unit, each once."""
        people = {
            user.pk: user
            for (_, post), users in self.holders.items()
            if post == role
            for user in users
        }
        return list(people.values())

    def first_available(self, unit: Department, *roles: str) -> list[User]:
        """Those of the first role that somebody in the unit holds, else the supervisors."""
        people = next(filter(None, (self.in_unit(unit, role) for role in roles)), None)
        return people or self.everywhere(Role.SUPERVISOR)

    def notified_for(self, units: Iterable[Department], *roles: str) -> dict[int, str]:
        """Person id -> names of the units for which they are notified;
        the supervisors where no unit is given.
        """
        names = defaultdict(list)
        for unit in units:
            for person in self.first_available(unit, *roles):
                names[person.pk].append(self.unit_name(unit))
        texts = {pk: "、".join(unit_names) for pk, unit_names in names.items()}
        return texts or self.supervisors_with(NOBODY)

    def in_units(self, units: Iterable[Department]) -> dict[int, str]:
        """Person id -> names of the units, of the reporters of each, else its signers; nobody for
        a unit that has neither, because there is nothing to do in its place.
        """
        names = defaultdict(list)
        for unit in units:
            for person in self.in_unit(unit, Role.REPORTER) or self.in_unit(unit, Role.SIGNER):
                names[person.pk].append(unit.short_name)
        return {pk: "、".join(unit_names) for pk, unit_names in names.items()}

    def supervisors_with(self, words: str) -> dict[int, str]:
        """Every supervisor with these words."""
        return same_words(self.everywhere(Role.SUPERVISOR), words)

    def unit_name(self, unit: Department) -> str:
        """The unit's name, with a remark where it has no reporter."""
        return (
            unit.short_name
            if self.in_unit(unit, Role.REPORTER)
            else f"{unit.short_name}（该单位没有填报员）"
        )
