"""分管: what comes first to a leader, by unit and by whole 行动 or 总体目标."""

from dataclasses import dataclass

from departments.models import User
from departments.permissions import is_leader
from tasks.models import Section, Task


@dataclass(frozen=True)
class Portfolio:
    """Ids of the units and sections looked after, and how they are called."""

    units: set[int]
    sections: set[int]
    names: list[str]

    def covers(self, task: Task, units: set[int]) -> bool:
        """`units`: ids of those that answer for the task."""
        return task.section_id in self.sections or bool(self.units & units)


def scope_of(user: User) -> Portfolio | None:
    """None for whoever looks after nothing in particular. Two queries for a leader."""
    if not is_leader(user):
        return None
    units, sections = user.portfolio_units(), list(Section.objects.in_portfolio_of(user))
    names = [unit.short_name for unit in units] + [section.title for section in sections]
    return Portfolio({unit.pk for unit in units}, {section.pk for section in sections}, names) if names else None
