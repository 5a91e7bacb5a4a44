"""From an empty database to an open site, as often as one likes."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from demo.management.commands import bootstrap as bootstrap_command
from departments.models import CalendarDay, Department, Membership, User
from departments.rules.holidays import built_in_years
from ledger.models import Entry
from ledger.verification import verify
from tasks.models import Plan, Responsibility


def test_an_administrator_gets_a_password_once_where_nobody_can_be_asked(units, capsys):
    call_command("create_administrator", "feng", name="冯管理", department="qufuban", generate=True)
    password = capsys.readouterr().out.strip().rpartition("：")[2]
    made = User.objects.get(username="feng")
    assert made.check_password(password)
    assert made.must_change_password
    assert Membership.objects.get().role == "administrator"


def test_a_typed_password_is_held_to_the_same_rules(units, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "short")
    with pytest.raises(CommandError, match="密码太短"):
        call_command("create_administrator", "feng", name="冯管理", department="qufuban")
    monkeypatch.setattr("getpass.getpass", lambda prompt: "lanterns-and-harbours")
    call_command("create_administrator", "feng", name="冯管理", department="qufuban")
    assert User.objects.get().check_password("lanterns-and-harbours")


@pytest.mark.parametrize(
    ("username", "unit", "sentence"),
    [("feng", "nowhere", "没有 nowhere"), ("clerk", "qufuban", "已经有用户名 clerk")],
)
def test_an_administrator_needs_a_known_unit_and_a_new_name(people, username, unit, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command(
            "create_administrator", username, name="冯管理", department=unit, generate=True
        )


def test_the_calendar_of_known_years_is_loaded_once(db, capsys):
    call_command("load_calendar", 2013, 2017)
    assert CalendarDay.objects.count() == 730
    assert not CalendarDay.objects.get(date=date(2017, 5, 30)).is_workday
    assert CalendarDay.objects.get(date=date(2017, 5, 27)).note == "端午调休上班"
    call_command("load_calendar", 2017)
    assert "没有变化：2017" in capsys.readouterr().out
    assert Entry.objects.count() == 2


def test_an_unknown_year_is_refused_with_a_way_out_and_nothing_is_loaded(db):
    with pytest.raises(CommandError, match="没有 2090 年"):
        call_command("load_calendar", 2017, 2090)
    assert not CalendarDay.objects.exists()


@pytest.fixture
def bootstrap(db, settings, monkeypatch, capsys, time_machine):
    """Runs the command without its table building, which the test database has behind it.

    On 2 March 2026, with official tables up to that year, unless the test moves the clock.
    """

    def run() -> str:
        call_command("bootstrap")
        return capsys.readouterr().out

    real = bootstrap_command.call_command
    skipped = {"migrate", "createcachetable"}

    def all_but_skipped(name, *args, **kwargs):
        return name in skipped or real(name, *args, **kwargs)

    time_machine.move_to("2026-03-02T10:00:00+08:00")
    monkeypatch.setattr(
        bootstrap_command, "built_in_years", lambda: range(built_in_years()[0], 2027)
    )
    monkeypatch.setattr(bootstrap_command, "call_command", all_but_skipped)
    return run


def test_a_real_site_begins_with_history_and_the_way_to_the_first_account(bootstrap, settings):
    settings.DEMO = False
    said = bootstrap()
    assert "create_administrator" in said
    assert [plan.tracked_from for plan in Plan.objects.filter(state="archived")] == [
        None
    ] * Plan.objects.count()
    assert Responsibility.objects.filter(basis="proposed").exists()
    assert Department.objects.exists()
    assert not User.objects.exists()
    before = Entry.objects.count()
    assert all(line.startswith("没有变化") for line in bootstrap().split("\n\n")[0].splitlines())
    assert Entry.objects.count() == before
    assert verify().sound


def test_a_site_with_an_administrator_is_not_told_how_to_make_one(bootstrap, settings, people):
    settings.DEMO = False
    assert "create_administrator" not in bootstrap()


@pytest.mark.parametrize(
    ("day", "missing"),
    [
        ("2026-09-30", []),
        ("2026-10-01", [2027]),
        ("2026-12-31", [2027]),
        ("2027-01-01", [2027]),
        ("2027-02-16", [2027]),
        ("2027-10-01", [2027, 2028]),
        ("2028-02-29", [2028]),
    ],
)
def test_from_october_on_the_table_of_the_next_year_is_missed(day, missing, db):
    call_command("load_calendar", 2026)
    assert CalendarDay.objects.missing_years(date.fromisoformat(day)) == missing


def test_bootstrap_says_which_table_is_missing_and_what_to_do(bootstrap, settings, time_machine):
    settings.DEMO = False
    assert "法定工作日历" not in bootstrap()
    time_machine.move_to("2026-10-01T00:10:00+08:00")
    said = bootstrap()
    assert "提示：还没有 2027 年的法定工作日历" in said
    assert "国务院办公厅每年10月底或11月公布下一年的放假通知" in said
    assert "参考数据 › 工作日历 › 增加" in said
