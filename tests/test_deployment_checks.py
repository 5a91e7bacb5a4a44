"""`check --deploy` names what a site forgot, and is silent where nothing was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import checks

from departments.models import Membership
from public import checks as deployment
from public import health
from subscriptions.outbox import note_run

NOW = datetime(2026, 9, 1, 2, 30, tzinfo=UTC)


@pytest.fixture
def site(db, people, settings, tmp_path, monkeypatch, time_machine):
    """A site that forgot nothing."""
    time_machine.move_to(NOW, tick=False)
    settings.TRIAL, settings.TRUSTED_PROXY_HOPS = False, 1
    settings.MEDIA_ROOT, settings.NOTICE_CHANNEL = tmp_path, "x"
    settings.SITE_URL, settings.ADMINS = "https://portal.example", [("", "it@example.org")]
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.LEDGER_WITNESS_FILE = settings.BACKUP_DIR = "/backup"
    monkeypatch.setattr(deployment.CalendarDay.objects, "missing_years", lambda _today: [])
    for command in deployment.NIGHTLY:
        note_run(command, "", at=NOW)
    return settings


def found() -> dict[str, str]:
    return {message.id: message.msg for message in deployment.check_what_is_forgotten()}


def test_a_site_that_forgot_nothing_is_told_nothing(site):
    assert found() == {}


def uncollected(monkeypatch):
    def missing(_name):
        raise ValueError("no entry")

    monkeypatch.setattr(health.staticfiles_storage, "url", missing)


def no_next_year(monkeypatch):
    monkeypatch.setattr(deployment.CalendarDay.objects, "missing_years", lambda _today: [2027])


FORGETTING = {
    "portal.W101": lambda site, _: setattr(site, "TRUSTED_PROXY_HOPS", 0),
    "portal.W102": lambda site, _: setattr(site, "MEDIA_ROOT", site.BASE_DIR / "var" / "media"),
    "portal.W103": lambda site, _: setattr(site, "NOTICE_CHANNEL", ""),
    "portal.W104": lambda site, _: setattr(site, "SITE_URL", ""),
    "portal.W105": lambda site, _: setattr(site, "ADMINS", []),
    "portal.W106": lambda site, _: setattr(site, "ALLOWED_HOSTS", ["*"]),
    "portal.W107": lambda site, _: setattr(site, "LEDGER_WITNESS_FILE", ""),
    "portal.W108": lambda site, _: setattr(site, "BACKUP_DIR", ""),
    "portal.W109": lambda _, patch: uncollected(patch),
    "portal.W110": lambda _, __: note_run("backup", "", at=NOW - timedelta(days=2)),
    "portal.W111": lambda _, patch: no_next_year(patch),
    "portal.W112": lambda _, __: Membership.objects.filter(role="publisher").delete(),
}


@pytest.mark.parametrize("number", [row.id for row in deployment.FORGOTTEN])
def test_each_thing_that_was_forgotten_is_named_alone(number, site, monkeypatch):
    FORGETTING[number](site, monkeypatch)
    assert list(found()) == [number]


def test_a_trial_is_asked_for_nothing_and_a_site_by_the_usual_command(site):
    site.SITE_URL = ""
    asked = [message.id for message in checks.run_checks(include_deployment_checks=True)]
    assert "portal.W104" in asked
    assert "portal.W104" not in [message.id for message in checks.run_checks()]
    site.TRIAL = True
    assert found() == {}
