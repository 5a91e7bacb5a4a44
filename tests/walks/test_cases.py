"""Whatever changes the record has a case in the suite that runs it.

The guard of tests/fixtures/public_writes.py looks only at what runs: an action that no test runs
could leave old pages to readers, and nobody would hear of it. Actions, commands and admin forms are
read from the code. What no test names, because only a page or a command runs it, stands in
`THROUGH_A_PAGE` with its test.
"""

import ast
import re
from functools import cache

import pytest
from django.contrib import admin

from tests.rules import ROOT

ACTIONS = re.compile(r"[a-z]+/actions(/\w+)?\.py$")
# From an action to the test that runs it.
THROUGH_A_PAGE = {
    "tasks.actions.plans.describe_plan": (
        "tests/tasks/test_admin.py::test_only_what_changed_on_a_plan_is_done_and_recorded"
    ),
    "tasks.actions.plans.set_slips_public": (
        "tests/tasks/test_admin.py"
        "::test_whether_slips_are_public_is_set_plan_by_plan_and_recorded_in_public"
    ),
    "tasks.actions.imports.discard_import": (
        "tests/tasks/test_import_runs.py"
        "::test_a_discarded_file_leaves_who_and_when_and_nothing_public"
    ),
    "tasks.actions.imports.return_import": (
        "tests/tasks/test_import_runs.py"
        "::test_a_file_that_is_sent_back_keeps_its_answers_and_loses_its_draft"
    ),
    "feedback.actions.mail.see_original": (
        "tests/feedback/test_set_aside_mail.py"
        "::test_the_original_is_downloaded_as_it_came_and_the_look_is_on_record"
    ),
    "feedback.actions.key_rotation.reseal_contacts": (
        "tests/feedback/test_schedule.py"
        "::test_the_record_counts_what_was_sealed_anew_and_holds_no_contact"
    ),
    "feedback.actions.key_rotation.reseal_mails": (
        "tests/feedback/test_schedule.py"
        "::test_after_a_rotation_the_new_key_alone_opens_every_contact"
    ),
    "ledger.actions.record_verification": (
        "tests/public/test_verify_ledger.py"
        "::test_each_night_leaves_a_line_outside_and_compares_it_with_the_nights_before"
    ),
    "departments.actions.memberships.add_membership": (
        "tests/departments/test_admin.py::test_a_post_is_given_and_ended_and_given_again"
    ),
    "departments.actions.people.change_own_password": (
        "tests/departments/test_sign_in.py"
        "::test_after_changing_the_first_password_the_person_is_and_stays_signed_in"
    ),
    "departments.actions.people.create_people": (
        "tests/departments/test_admin.py"
        "::test_confirmed_accounts_come_with_first_passwords_that_work_and_must_be_changed"
    ),
}


def named_in(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def recording(source: str) -> dict[str, set[str]]:
    """The functions of a module that append events, themselves or through a helper beside them,
    each with what it names.
    """
    tree = ast.parse(source)
    functions = {
        node.name: named_in(node) for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    found = {"append"}
    while more := {name for name, named in functions.items() if named & found} - found:
        found |= more
    return {name: functions[name] for name in found & functions.keys()}


@cache
def actions() -> dict[str, set[str]]:
    """Every action of the portal that appends events, by its whole name."""
    found = {}
    for path in ROOT.glob("[a-z]*/**/*.py"):
        place = path.relative_to(ROOT)
        if ACTIONS.match(str(place)):
            module = ".".join(place.with_suffix("").parts)
            for name, named in recording(path.read_text("utf-8")).items():
                found[f"{module}.{name}"] = named
    return found


@cache
def trees() -> tuple[ast.AST, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("*.py"))


@cache
def run() -> frozenset[str]:
    """What tests name, and what actions they run call in turn."""
    found = {name for tree in trees() for name in named_in(tree)}
    found |= {name.rpartition(".")[2] for name in THROUGH_A_PAGE}
    before = -1
    while before != len(found):
        before = len(found)
        found |= {
            name
            for action, named in actions().items()
            if action.rpartition(".")[2] in found
            for name in named
        }
    return frozenset(found)


def without_a_case(names: set[str], ran: frozenset[str]) -> list[str]:
    return sorted(name for name in names if name.rpartition(".")[2] not in ran)


def test_every_action_that_appends_an_event_is_run_by_a_test():
    assert len(actions()) > 100
    assert without_a_case(set(actions()), run()) == []


def test_an_action_without_a_case_is_named():
    source = "def _note(x):\n    append([x])\n\n\ndef forgotten(x):\n    _note(x)\n"
    assert recording(source).keys() == {"_note", "forgotten"}
    assert without_a_case({"tasks.actions.plans.forgotten_by_all"}, run()) == [
        "tasks.actions.plans.forgotten_by_all"
    ]


@pytest.mark.parametrize("case", THROUGH_A_PAGE.values())
def test_a_case_that_is_named_by_hand_is_a_test_that_exists(case):
    place, _, name = case.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / place).read_text("utf-8"), re.MULTILINE)


def test_no_action_stands_by_hand_that_is_gone():
    assert THROUGH_A_PAGE.keys() - actions().keys() == set()


def test_every_command_is_run_by_a_test():
    words = {
        word
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in re.findall(r"\w+", node.value)
    }
    commands = {path.stem for path in ROOT.glob("[a-z]*/management/commands/[a-z]*.py")}
    assert len(commands) > 20
    assert commands - words == set()


def saving(source: str) -> list[ast.FunctionDef]:
    """What the admin forms of a module do when they are saved."""
    tree = ast.parse(source)
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "save_model"
    ]


def test_every_admin_form_saves_through_an_action_that_has_its_case():
    names = {name.rpartition(".")[2] for name in actions()}
    modules = {type(form).__module__ for form in admin.site._registry.values()}
    paths = [ROOT.joinpath(*module.split(".")).with_suffix(".py") for module in modules]
    saved = [function for path in paths for function in saving(path.read_text("utf-8"))]
    assert len(saved) > 5
    for function in saved:
        does_nothing = not any(isinstance(node, ast.Call) for node in ast.walk(function))
        assert does_nothing or named_in(function) & names, ast.unparse(function)
        assert not named_in(function) & {"save", "super"}, ast.unparse(function)
