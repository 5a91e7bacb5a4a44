"""Actions on people, memberships, units and the working calendar; each writes ledger entries.

Without an entry are what is typed and not yet sent, which is no fact, and the sign-in log, which is
deleted after some years.

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
from departments.actions.second_factors import (
    begin_second_factor,
    check_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_passwords,
    reseal_second_factors,
    reset_second_factor,
)
from departments.actions.sign_ins import (
    begin_attempt,
    end_other_sessions,
    forget_attempt,
    forget_old_sign_ins,
    note_password_change,
    note_sign_out,
    password_was_right,
    succeed,
)
from departments.actions.unsent import (
    drop_unsent,
    forget_unsent,
    keep_unsent,
    keep_unsent_beside,
)

__all__ = [
    "NewPerson",
    "add_membership",
    "begin_attempt",
    "begin_second_factor",
    "change_own_password",
    "check_second_factor",
    "confirm_second_factor",
    "create_people",
    "create_person",
    "disable_person",
    "drop_unsent",
    "end_membership",
    "end_other_sessions",
    "forget_attempt",
    "forget_old_sign_ins",
    "forget_unsent",
    "hand_over",
    "keep_unsent",
    "keep_unsent_beside",
    "load_calendar",
    "note_password_change",
    "note_sign_out",
    "password_was_right",
    "remove_second_factor",
    "rename_person",
    "renew_recovery_passwords",
    "reseal_second_factors",
    "reset_password",
    "reset_second_factor",
    "save_department",
    "set_email",
    "set_portfolio",
    "succeed",
]
