"""The examples of timers start commands that exist, each service at its own time."""

import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.rules import ROOT

# The web process runs all the time, and no timer starts it.
SERVICES = sorted(
    set((ROOT / "deploy" / "systemd").glob("*.service"))
    - {ROOT / "deploy" / "systemd" / "portal-web.service"}
)


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
