"""The examples of timers start commands that exist, each service at its own time."""

import re

import pytest
from django.core.management import call_command, get_commands, load_command_class

from tests.rules import ROOT

UNITS = ROOT / "deploy" / "systemd"
# The web process runs all the time, and the other is called where one has failed.
WITHOUT_TIMER = {UNITS / "portal-web.service", UNITS / "portal-failed@.service"}
SERVICES = sorted(set(UNITS.glob("*.service")) - WITHOUT_TIMER)


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_a_service_runs_a_command_and_has_a_timer(service):
    command, *options = re.search(r"manage\.py (.+)", service.read_text("utf-8"))[1].split()
    load_command_class(get_commands()[command], command).create_parser(
        "manage.py", command
    ).parse_args(options)
    assert "OnCalendar=" in service.with_suffix(".timer").read_text("utf-8")


def test_the_example_timers_run_every_daily_command():
    started = {re.search(r"manage\.py (\w+)", path.read_text("utf-8"))[1] for path in SERVICES}
    assert started == {
        "remind",
        "send_notices",
        "verify_ledger",
        "tend_tickets",
        "fetch_mail",
        "answer_mail",
        "tend_sign_ins",
        "backup",
        "verify_files",
    }


def lines_of(unit) -> list[str]:
    return unit.read_text("utf-8").splitlines()


HARDENED = lines_of(UNITS / "portal-failed@.service")[9:]


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda path: path.stem)
def test_every_service_is_fenced_in_alike_and_tells_when_it_fails(unit):
    assert HARDENED[0].startswith("# Nothing but what it needs")
    assert len(HARDENED) > 20
    assert [line for line in HARDENED if line not in lines_of(unit)] == []
    told = "OnFailure=portal-failed@%n.service" in lines_of(unit)
    assert told is not unit.name.startswith("portal-failed")
    assert "EnvironmentFile=/etc/portal.env" in lines_of(unit)


def test_a_failed_service_is_told_to_the_log(caplog):
    call_command("tell_failure", "portal-backup.service", verbosity=0)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "portal-backup.service has failed; see journalctl -u portal-backup.service")
    ]
