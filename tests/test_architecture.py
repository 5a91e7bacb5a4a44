"""The tree keeps the rules of the house, and each rule is shown to be able to fail."""

import pytest

from tests import rules

# Each rule with the smallest file that breaks it.
BREACHES = [
    (
        rules.every_room_imports_only_from_its_left,
        "departments/models.py",
        "from tasks.models import Plan",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "ledger/models.py",
        "owner = models.ForeignKey('departments.User')",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "ledger/chain.py",
        "def late():\n    import feedback.models",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "tasks/views/public.py",
        "from feedback.models import Ticket",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "tasks/admin.py",
        "from progress.models import ProgressReport",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "common/time/days.py",
        "import departments.models",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "tasks/views.py",
        "from yantian_portal import settings",
    ),
    (
        rules.every_room_imports_only_from_its_left,
        "tasks/management/commands/load.py",
        "from ....demo import stage",
    ),
    (rules.no_room_holds_more_than_a_quarter, "tasks/models.py", "x = 1\n" * 1001),
    (rules.imports_stand_at_the_top, "tasks/apps.py", "def ready():\n    from tasks import models"),
    (rules.core_never_imports_edge, "tasks/actions.py", "from tasks.forms import PlanForm"),
    (rules.core_never_imports_edge, "tasks/actions.py", "from .views import home"),
    (rules.core_never_imports_edge, "progress/querysets.py", "from tasks import read_models"),
    (
        rules.views_and_addresses_belong_to_their_room,
        "feedback/views/desk.py",
        "from tasks.views import changes",
    ),
    (
        rules.views_and_addresses_belong_to_their_room,
        "demo/stage.py",
        "from workspace.views import filing",
    ),
    (
        rules.no_view_imports_another_view,
        "tasks/views/plans.py",
        "from tasks.views.lists import CRUMBS",
    ),
    (rules.no_view_imports_another_view, "tasks/views/plans.py", "from . import lists"),
    (
        rules.no_test_module_is_imported,
        "tests/tasks/test_x.py",
        "from tests.tasks.test_plans import plan",
    ),
    (
        rules.no_test_module_is_imported,
        "tests/fixtures/plans.py",
        "from tests.tasks import test_plans",
    ),
    (rules.no_signals, "tasks/apps.py", "from django.db.models.signals import post_save"),
    (rules.no_signals, "tasks/apps.py", "from django.dispatch import receiver"),
    (rules.core_reads_no_clock, "progress/verdicts.py", "late = due < date.today()"),
    (
        rules.core_reads_no_clock,
        "tasks/models.py",
        "at = models.DateTimeField(default=timezone.now)",
    ),
    (rules.core_reads_no_clock, "tasks/models.py", "at = models.DateTimeField(auto_now_add=True)"),
    (rules.core_reads_no_clock, "tasks/actions.py", "from django.utils.timezone import now"),
    (rules.core_reads_no_clock, "tasks/actions.py", "late = due < timezone.localdate()"),
    (rules.core_reads_no_clock, "tasks/models.py", "on = models.DateField(default=localdate)"),
    (rules.views_write_no_status, "progress/views/staff.py", "report.status = 'verified'"),
    (rules.views_write_no_status, "progress/views/staff.py", "reports.update(status='verified')"),
    (rules.views_write_no_status, "tasks/views.py", "setattr(plan, 'state', 'archived')"),
    (rules.choices_are_compared_by_name, "tasks/actions.py", "if plan.state == 'draft': pass"),
    (rules.choices_are_compared_by_name, "tasks/actions.py", "if 'draft' != state: pass"),
    (rules.choices_are_compared_by_name, "tasks/actions.py", "ended = kind in ('end', 'merge')"),
    (rules.choices_are_compared_by_name, "tasks/querysets.py", "rows.exclude(plan__state='draft')"),
    (rules.choices_are_compared_by_name, "tasks/querysets.py", "rows.filter(status__in=['open'])"),
    (rules.choices_are_compared_by_name, "publishing/views.py", "rows.update(target_basis='x')"),
    (rules.choices_are_compared_by_name, "templates/home.html", '{% if plan.state == "draft" %}'),
    (rules.choices_are_compared_by_name, "templates/home.html", '{% if a and "x" != headline %}'),
    (rules.role_lists_are_named, "workspace/menu.py", "READERS = [Role.LEADER, Role.AUDITOR]"),
    (
        rules.role_lists_are_named,
        "tasks/querysets.py",
        "if post.role in {Role.LEADER, Role.AUDITOR}: pass",
    ),
    (rules.role_lists_are_named, "tasks/actions.py", "by = by.actor(Role.REPORTER, Role.SIGNER)"),
    (rules.role_lists_are_named, "tasks/actions.py", "by = by.actor(*UNIT_ROLES, Role.LEADER)"),
    (
        rules.no_list_of_roles_stands_twice,
        "tasks/roles.py",
        "DESK = (Role.CLERK, Role.LEADER)\nREADERS = [Role.LEADER, Role.CLERK]",
    ),
    (
        rules.only_predicates_and_querysets_ask_for_roles,
        "tasks/views.py",
        "user.has_role(Role.LEADER)",
    ),
    (
        rules.only_predicates_and_querysets_ask_for_roles,
        "tasks/actions.py",
        "has_role(by, Role.LEADER)",
    ),
    (rules.nothing_is_too_long, "tasks/models.py", "x = 1\n" * 401),
    (rules.nothing_is_too_long, "tests/test_x.py", "x = 1\n" * 401),
    (rules.nothing_is_too_long, "tasks/models.py", "def f():\n" + "    x = 1\n" * 50),
    (rules.nothing_is_too_long, "tasks/views/public.py", "def f():\n" + "    x = 1\n" * 40),
    (rules.nothing_is_too_long, "tests/test_x.py", "def f():\n" + "    x = 1\n" * 50),
    (rules.nothing_is_too_long, "templates/home.html", "<p>\n" * 201),
    (rules.no_template_line_is_too_long, "templates/home.html", "x" * 161),
    (rules.functions_are_simple, "tasks/rules.py", "def f():\n" + "    if x: y\n" * 10),
    (
        rules.functions_are_simple,
        "tasks/rules.py",
        "def f(): pass\n" * 18 + ("def f():\n" + "    if x: y\n" * 5) * 2,
    ),
    (rules.no_inline_style_or_script, "templates/home.html", '<p style="color:red">'),
    (rules.no_inline_style_or_script, "templates/home.html", "<script>alert(1)</script>"),
    (rules.no_inline_style_or_script, "templates/home.html", '<a onclick="go()">'),
    (
        rules.no_third_party_host,
        "templates/home.html",
        '<script src="https://cdn.example.org/a.js"></script>',
    ),
    (rules.no_third_party_host, "static/css/base.css", "@import '//fonts.example.org/a.css';"),
    (rules.no_site_is_named, "templates/home.html", "<h1>海边区政务公开</h1>"),
    (rules.no_site_is_named, "tasks/models.py", "TITLE = '海边的任务'"),
    (rules.nothing_points_outside_the_tree, "docs/install.md", "see ../share" + "d/notes"),
]
RULES = sorted({rule for rule, _, _ in BREACHES}, key=lambda rule: rule.__name__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_house_rule(rule):
    assert rule(rules.ROOT) == []


@pytest.fixture
def made_up(tmp_path):
    """A tree of one site and what a test writes into it."""

    def write(place, text):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return tmp_path

    write("fixtures/sites/somewhere/profile.toml", 'name = "海边区公开平台"\ndistrict = "海边区"\n')
    return write


@pytest.mark.parametrize(("rule", "place", "text"), BREACHES)
def test_the_house_rule_notices_a_breach(rule, place, text, made_up):
    assert len(rule(made_up(place, text))) == 1


ALLOWED = [
    (
        "departments/models.py",
        "from ledger.models import Entry\nfrom common.text.folding import fold",
    ),
    ("feedback/staff_urls.py", "from feedback.views import staff"),
    ("tasks/actions.py", "day = timezone.localdate(at)"),
    ("tasks/models.py", "unit = models.ForeignKey('departments.Department')"),
    (
        "feedback/views/public.py",
        "from progress import read_models\nnow = timezone.now()\nstatus = report.status",
    ),
    ("yantian_portal/urls.py", "from public.views import tasks"),
    ("ledger/actions.py", "def append():\n    now = timezone.now()\n    recorded_at = now"),
    ("tasks/querysets.py", "rows.filter(state=PlanState.DRAFT, basis='').exclude(name='kind')"),
    ("tasks/choices.py", "OPEN = kind == 'open'"),
    (
        "templates/home.html",
        '{% if plan.is_draft %}{% if a.state %}{% field x kind="b" %}{% endif %}',
    ),
    (
        "templates/home.html",
        '<script src="/static/a.js"></script><svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ),
    ("tasks/roles.py", "DESK = (Role.CLERK, Role.LEADER)\nREADERS = (*DESK, Role.AUDITOR)"),
    (
        "tasks/permissions.py",
        "def can_see(user):\n    return user.has_role(Role.CLERK, second(user))",
    ),
    ("tasks/querysets.py", "seen = user.has_role(Role.LEADER)"),
    ("tasks/actions.py", "role = Role.REPORTER if own else Role.SIGNER"),
    ("tests/test_y.py", "from tests.fixtures.plans import plan"),
    ("tests/test_x.py", "NAME = '海边区'"),
]


@pytest.mark.parametrize(("place", "text"), ALLOWED)
def test_no_house_rule_complains_about_what_is_allowed(place, text, made_up):
    root = made_up(place, text)
    assert [rule.__name__ for rule in RULES if rule(root)] == []
