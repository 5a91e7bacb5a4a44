"""Starting a site again changes nothing, and a demonstration never reaches a real one."""

import inspect
import socket
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, ProgrammingError, connection

from common.commands import WritingCommand, database_in_words
from demo.management.commands import bootstrap as bootstrap_command
from departments import actions
from departments.models import CalendarDay, Department, User
from departments.passwords import first_password
from departments.rules.holidays import built_in
from ledger.models import Entry, RecordCheck
from tests.fixtures.people import NOW, PORTAL
from tests.fixtures.site import everything

UNITS = settings.FIXTURES / "departments.csv"
# They make databases of their own, which they throw away.
BENCHES = {"bench_dashboard", "bench_quarter", "bench_serving"}


@pytest.fixture
def bootstrap(real_site, db, monkeypatch):
    """Starts the site again; its tables are there."""
    real = bootstrap_command.call_command
    skipped = {"migrate", "createcachetable"}
    monkeypatch.setattr(
        bootstrap_command,
        "call_command",
        lambda name, *args, **options: name in skipped or real(name, *args, **options),
    )

    def run() -> str:
        call_command("bootstrap", stdout=(out := StringIO()), stderr=StringIO())
        return out.getvalue()

    return run


def test_a_fresh_site_has_its_record_checked_once(bootstrap):
    RecordCheck.objects.all().delete()
    assert "逐条相符" in bootstrap()
    assert RecordCheck.objects.get().outcome == RecordCheck.Outcome.HOLDS
    assert "逐条相符" not in bootstrap()
    assert RecordCheck.objects.count() == 1


def rename_unit():
    unit = Department.objects.get(slug="jiaoyuju")
    unit.short_name, unit.full_name = "教体局", "盐田区教育和体育局"
    actions.save_department(department=unit, by=PORTAL, at=NOW)


def dissolve_unit():
    unit = Department.objects.get(slug="minzhengju")
    unit.valid_to, unit.successor = date(2026, 6, 30), Department.objects.get(slug="jiaoyuju")
    actions.save_department(department=unit, by=PORTAL, at=NOW)


def add_unit():
    unit = Department(
        slug="xinju", short_name="新局", full_name="盐田区新局", level="district",
        name_basis="documented",
    )  # fmt: skip
    actions.save_department(department=unit, by=PORTAL, at=NOW)


def correct_calendar():
    days = [(day, work and day != date(2026, 9, 3), note) for day, work, note in built_in(2026)]
    actions.load_calendar(year=2026, days=days, source="国办通知", by=PORTAL, at=NOW)


def add_person() -> User:
    unit = Department.objects.get(slug="jiaoyuju")
    return actions.create_person(
        username="feng", name="冯管理", password=first_password(),
        memberships=[(unit, "administrator"), (unit, "reporter")], by=PORTAL, at=NOW,
    )  # fmt: skip


def change_person():
    user = User.objects.get(username="feng")
    actions.rename_person(user=user, name="冯某", by=PORTAL, at=NOW)
    actions.set_email(user=user, email="feng@example.org", by=PORTAL, at=NOW)
    actions.reset_password(user=user, password=first_password(), by=PORTAL, at=NOW)


def test_what_administrators_entered_stands_after_two_more_starts(bootstrap):
    """Whatever may be done to units, calendar and people."""
    for act in (rename_unit, dissolve_unit, add_unit, correct_calendar, add_person, change_person):
        act()
    before = everything()
    first, second = bootstrap(), bootstrap()
    assert [table for table, rows in everything().items() if rows != before[table]] == []
    assert first == second
    assert Department.objects.get(slug="jiaoyuju").short_name == "教体局"
    assert not CalendarDay.objects.get(date=date(2026, 9, 3)).is_workday
    assert "已有单位，不再载入单位表" in first
    assert "2026 年已有工作日历，与内置的有 1 天不同，未动" in first


def loaded(*options: str, table=UNITS) -> str:
    call_command("import_departments", table, *options, stdout=(out := StringIO()), verbosity=0)
    return out.getvalue()


def test_a_list_of_units_loaded_again_only_tells_what_differs(real_site, db, tmp_path):
    rename_unit()
    entries, table = Entry.objects.count(), tmp_path / "units.csv"
    row = "xinju,新局,盐田区新局,区属,,,documented,"
    table.write_text(f"{UNITS.read_text('utf-8')}{row}\n", "utf-8")
    said = loaded(table=table)
    assert "增加了 1 个单位" in said
    assert "教体局（jiaoyuju）简称：教体局 → 教育局" in said
    assert "教体局（jiaoyuju）全称：盐田区教育和体育局 → 盐田区教育局" in said
    assert "这些都没有改动" in said
    assert Entry.objects.count() == entries + 1
    assert Department.objects.get(slug="jiaoyuju").short_name == "教体局"


def test_units_are_changed_by_a_list_only_when_asked_to_and_slugs_and_empty_cells_never(
    real_site, db, monkeypatch
):
    rename_unit()
    dissolve_unit()
    with pytest.raises(CommandError, match="没有修改"):
        loaded("--update")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    with pytest.raises(CommandError, match="没有修改"):
        loaded("--update")
    assert Department.objects.get(slug="jiaoyuju").short_name == "教体局"
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    assert "修改了 1 个单位" in loaded("--update")
    assert Department.objects.get(slug="jiaoyuju").short_name == "教育局"
    # The table has no word of a successor.
    assert Department.objects.get(slug="minzhengju").successor.slug == "jiaoyuju"
    assert Entry.objects.last().verb == "change_department"
    rename_unit()
    assert "修改了 1 个单位" in loaded("--update", "--yes")


def test_a_calendar_year_that_is_there_is_replaced_only_when_asked_to(real_site, db, capsys):
    correct_calendar()
    call_command("load_calendar", 2026)
    assert "未动" in capsys.readouterr().out
    call_command("load_calendar", 2026, "--replace")
    assert "已载入 2026 年工作日历" in capsys.readouterr().out


def test_a_demonstration_is_not_loaded_among_real_people_or_letters(real_site, db, settings):
    settings.DEMO = True
    add_person()
    for command in ("bootstrap", "load_demo"):
        with pytest.raises(CommandError, match="已有正式数据，不能再装演示数据"):
            call_command(command, verbosity=0)
    User.objects.update(email="feng@demo.example")
    call_command("load_demo", stdout=(out := StringIO()), verbosity=0)
    assert "已经在了" in out.getvalue()


def test_on_a_server_a_demonstration_needs_a_database_whose_name_says_so(db, settings, monkeypatch):
    settings.DEMO, settings.TRIAL = True, False
    with pytest.raises(CommandError, match="只能装进名称以 _demo 结尾的空库"):
        call_command("bootstrap", verbosity=0)
    monkeypatch.setitem(connection.settings_dict, "NAME", "/srv/portal/var/portal_demo.sqlite3")
    monkeypatch.setattr(bootstrap_command, "call_command", goes_on)
    with pytest.raises(LookupError, match="goes on"):
        call_command("bootstrap", verbosity=0)


def goes_on(*_given, **_options):
    raise LookupError("goes on")


def ours() -> list[str]:
    rooms = {
        config.name
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR
    }
    return sorted(name for name, room in get_commands().items() if room in rooms)


@pytest.mark.parametrize("name", sorted(set(ours()) - BENCHES))
def test_a_command_that_writes_says_where_to_and_knows_what_stops_it(name):
    command = load_command_class(get_commands()[name], name)
    assert isinstance(command, WritingCommand)
    assert "execute" not in vars(type(command))
    assert inspect.getmodule(type(command)).__doc__


TROUBLES = [
    (OperationalError("no such table: ledger_entry"), "请先运行 manage.py bootstrap"),
    (ProgrammingError('relation "ledger_entry" does not exist'), "请先运行 manage.py bootstrap"),
    (OperationalError("database is locked"), "正被别的程序占用"),
    (OperationalError("connection refused"), "连不上数据库"),
]


@pytest.mark.parametrize(("error", "words"), TROUBLES)
def test_trouble_with_the_database_is_a_sentence(error, words, monkeypatch, capsys):
    def handle(self, **_options):
        raise error

    monkeypatch.setattr("subscriptions.management.commands.remind.Command.handle", handle)
    with pytest.raises(CommandError, match=words):
        call_command("remind")
    said = capsys.readouterr().err
    assert said.startswith(f"站点：{settings.SITE['name']}；数据库：{database_in_words()}")


def test_a_fault_of_ours_is_not_called_trouble_with_the_database(monkeypatch):
    def handle(self, **_options):
        raise ProgrammingError("syntax error")

    monkeypatch.setattr("subscriptions.management.commands.remind.Command.handle", handle)
    with pytest.raises(ProgrammingError, match="syntax error"):
        call_command("remind", verbosity=0)


def test_the_name_of_a_database_is_told_without_its_password(monkeypatch):
    class Database:
        vendor = "postgresql"
        settings_dict = {"NAME": "portal", "HOST": "db", "USER": "web", "PASSWORD": "geheim"}

    assert database_in_words(Database()) == "PostgreSQL portal（db，账号 web）"


def test_a_port_that_is_taken_is_told_before_anything_is_set_up():
    script = settings.BASE_DIR / "deploy" / "scripts" / "port_is_free.py"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = asked(script, port)
        assert done.returncode == 1
        assert f"打不开 127.0.0.1:{port}" in done.stderr
    assert asked(script, port).returncode == 0
    steps = (settings.BASE_DIR / "Makefile").read_text("utf-8").split("\nrun:")[1]
    assert steps.index("port_is_free") < steps.index("bootstrap")


def asked(script, port: str) -> subprocess.CompletedProcess:
    environment = {"PORT": port, "HOST": "127.0.0.1"}
    return subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )
