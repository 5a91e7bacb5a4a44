"""Which roles may what is written down once, and asked by predicates and querysets alone."""

import ast
from pathlib import Path

from tests.rules.tree import last_name, modules, part

# Here a list of roles may be written, and nowhere else.
ROLE_LISTS = {"roles", "permissions"}
# Only what answers who may, or who sees what, asks for a person's posts by role.
ROLE_QUESTIONS = {"has_role"}


def role_lists_are_named(root: Path) -> list[str]:
    """Which roles may what stands in `roles.py` or `permissions.py`; elsewhere it has a name."""
    return [
        f"{name}:{node.lineno} lists roles"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if part(name) not in ROLE_LISTS and roles_listed(node)
    ]


def no_list_of_roles_stands_twice(root: Path) -> list[str]:
    """The same roles in another order, or for another purpose,
    refer to the first list by its name.
    """
    places: dict[frozenset, list[str]] = {}
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if roles := roles_listed(node):
                places.setdefault(roles, []).append(f"{name}:{node.lineno}")
    return [
        f"{' and '.join(same)} list the same roles" for same in places.values() if len(same) > 1
    ]


def roles_listed(node: ast.AST) -> frozenset[str]:
    """The roles and named groups of a list, or of the arguments of a call;
    empty for one role alone.
    """
    is_list = isinstance(node, ast.List | ast.Tuple | ast.Set)
    items = node.elts if is_list else node.args if isinstance(node, ast.Call) else []
    roles = {item.attr for item in items if is_role(item)}
    groups = {ast.unparse(item) for item in items if isinstance(item, ast.Starred)}
    return frozenset(roles | groups if roles and len(roles | groups) > 1 else ())


def is_role(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and last_name(node.value) == "Role"


def only_predicates_and_querysets_ask_for_roles(root: Path) -> list[str]:
    """Pages, read models and actions ask `can_...`;
    the person answers about the own posts in departments/models.
    """
    return [
        f"{name}:{node.lineno} asks for a role"
        for name, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and last_name(node.func) in ROLE_QUESTIONS
        and not may_ask_for_roles(name)
    ]


def may_ask_for_roles(name: str) -> bool:
    return part(name) in {"permissions", "querysets"} or name.startswith("departments.models")
