"""Deeds that fail, by refusal or by a database that fails at a chosen write: nothing of them may stay."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction

from common.errors import Refused
from tests.house import everything

WRITES = ("INSERT", "UPDATE", "DELETE")


class Failing:
    """Counts the writes that reach the database; the one with the number `at` fails, none if it is 0."""

    def __init__(self, at: int = 0):
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES):
            self.count += 1
            if self.count == self.at:
                raise OperationalError("the disk is full")
        return execute(sql, params, many, context)


def writes_of(action: Callable[[], object]) -> int:
    """How many writes the deed takes; they are taken back again."""
    with transaction.atomic(), connection.execute_wrapper(counted := Failing()):
        action()
        transaction.set_rollback(True)
    return counted.count


def fails_as_a_whole(action: Callable[[], object]) -> int:
    """Lets each write of the deed fail in turn: every time every table is as it was, and at the end the deed works."""
    before, count = everything(), writes_of(action)
    assert everything() == before
    for number in range(1, count + 1):
        with connection.execute_wrapper(Failing(number)), pytest.raises(OperationalError, match="the disk is full"):
            action()
        assert everything() == before, f"write {number} of {count}"
    action()
    assert everything() != before
    return count


def tried(action: Callable[[], object]) -> bool:
    """Whether the deed was done; refused it must say why and leave every row of every table as it was."""
    before, reasons = everything(), []
    try:
        action()
    except Refused as refusal:
        reasons = refusal.reasons
    assert (everything() == before) == bool(reasons)
    assert all(reason.endswith("。") for reason in reasons)
    return not reasons
