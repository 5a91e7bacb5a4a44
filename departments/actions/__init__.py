"""Actions on people, memberships, units and the working calendar; each writes ledger entries.

In every action `by` is the person or the portal who acts, and `at` the moment of the action.
"""

from departments.actions.memberships import (
    add_membership,
    end_membership,
    hand_over,
    set_portfolio,
)
from departments.actions.people import (
    NewPerson,
    change_own_password,
    create_people,
    create_person,
    disable_person,
    rename_person,
    reset_password,
    set_email,
)
from departments.actions.reference import load_calendar, save_department

__all__ = [
    "NewPerson",
    "add_membership",
    "change_own_password",
    "create_people",
    "create_person",
    "disable_person",
    "end_membership",
    "hand_over",
    "load_calendar",
    "rename_person",
    "reset_password",
    "save_department",
    "set_email",
    "set_portfolio",
]
