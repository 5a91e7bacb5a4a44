"""The house rules, each a function from a tree to the sentences that say where it is broken.

The numbers are the last limits; `python -m tests.rules` lists what is worth a second look before
they are reached.
"""

from tests.rules.facts import (
    choices_are_compared_by_name,
    core_reads_no_clock,
    views_write_no_status,
)
from tests.rules.imports import (
    core_never_imports_edge,
    every_room_imports_only_from_its_left,
    imports_stand_at_the_top,
    no_room_holds_more_than_a_quarter,
    no_signals,
    no_test_module_is_imported,
    no_view_imports_another_view,
    views_and_addresses_belong_to_their_room,
)
from tests.rules.roles import (
    no_list_of_roles_stands_twice,
    only_predicates_and_querysets_ask_for_roles,
    role_lists_are_named,
)
from tests.rules.sizes import (
    functions_are_simple,
    no_template_line_is_too_long,
    nothing_is_too_long,
)
from tests.rules.text import (
    no_inline_style_or_script,
    no_site_is_named,
    no_third_party_host,
    nothing_points_outside_the_tree,
)
from tests.rules.tree import FRAME, NOT_OURS, ORDER, ROOT, files, modules

__all__ = [
    "FRAME",
    "NOT_OURS",
    "ORDER",
    "ROOT",
    "choices_are_compared_by_name",
    "core_never_imports_edge",
    "core_reads_no_clock",
    "every_room_imports_only_from_its_left",
    "files",
    "functions_are_simple",
    "imports_stand_at_the_top",
    "modules",
    "no_inline_style_or_script",
    "no_list_of_roles_stands_twice",
    "no_room_holds_more_than_a_quarter",
    "no_signals",
    "no_site_is_named",
    "no_template_line_is_too_long",
    "no_test_module_is_imported",
    "no_third_party_host",
    "no_view_imports_another_view",
    "nothing_is_too_long",
    "nothing_points_outside_the_tree",
    "only_predicates_and_querysets_ask_for_roles",
    "role_lists_are_named",
    "views_and_addresses_belong_to_their_room",
    "views_write_no_status",
]
