"""The portfolio (分管) of a leader: the units and sections whose tasks come to them first."""

from dataclasses import dataclass

from departments.models import User
from departments.permissions import is_leader
from tasks.models import Section, Task


@dataclass(frozen=True)
class Portfolio:
    """Ids of the units and sections of a portfolio, and the names to show for them."""

    units: set[int]
    sections: set[int]
    names: list[str]

    def covers(self, task: Task, units: set[int]) -> bool:
        """Whether the task belongs to it; `units` are the ids of the task's responsible units."""
        return task.section_id in self.sections or bool(self.units & units)


def scope_of(user: User) -> Portfolio | None:
    """The portfolio of a leader, in two queries; None for a leader without one and for others."""
    if not is_leader(user):
        return None
    units = {unit.pk: unit.short_name for unit in user.portfolio_units()}
    sections = {section.pk: section.title for section in Section.objects.in_portfolio_of(user)}
    names = [*units.values(), *sections.values()]
    return Portfolio(set(units), set(sections), names) if names else None
