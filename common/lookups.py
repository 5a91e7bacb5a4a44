"""What the database is asked in the portal's own way."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import In


class InKeptRange(In):
    """`in` for numbers: one that no column of the kind can hold stands in no row.

    Django says so of a single number; of a list it would ask the database, which fails. Rows are
    chosen by lists of numbers that anybody can type.
    """

    def process_rhs(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            least, most = connection.ops.integer_field_range(kind)
            self.rhs = [one for one in self.rhs if not _is_outside(one, least, most)]
        return super().process_rhs(compiler, connection)


def _is_outside(value: object, least: int | None, most: int | None) -> bool:
    if not isinstance(value, int):
        return False
    return (least is not None and value < least) or (most is not None and value > most)
