"""How a schema is read, so that two can be compared whatever their order."""

import pytest

from tests.upgrades import databases

pytestmark = pytest.mark.both


def test_a_table_is_read_clause_by_clause():
    table = """CREATE TABLE "x" ("a,b" integer NOT NULL,
        CONSTRAINT "c" CHECK (("a,b" IN (1, 2) OR "a,b" = '),')), UNIQUE ("a,b", "d"))"""
    assert databases.clauses(table) == [
        '"a,b" integer NOT NULL',
        """CONSTRAINT "c" CHECK (("a,b" IN (1, 2) OR "a,b" = '),'))""",
        'UNIQUE ("a,b", "d")',
    ]


def test_a_name_made_up_for_an_index_makes_no_difference():
    index = 'CREATE UNIQUE INDEX "x_a_0f1e_uniq" ON "x" ("a")'
    assert databases.without_index_name(index) == 'CREATE UNIQUE INDEX ON "x" ("a")'
