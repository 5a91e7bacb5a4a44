"""What stands around the rooms: whose address counts, what a site must say of itself,
what a start must check.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import checks
from django.db import connection
from django.http import HttpResponse

from common.site_profile import load_profile
from ledger import triggers
from ledger.apps import check_triggers
from yantian_portal.middleware import client_address

CALLER, PROXY = "203.0.113.7", "10.0.0.1"


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, CALLER, PROXY),
        (1, CALLER, CALLER),
        (1, f"198.51.100.1, {CALLER}", CALLER),
        (2, f"198.51.100.1, {CALLER}, 10.0.0.2", CALLER),
        (2, CALLER, PROXY),
        (1, "", PROXY),
        (1, f"{CALLER}, ", PROXY),
        (1, f"{CALLER}:5678", CALLER),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, '"[2001:db8::1]"', "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", PROXY),
        (1, "1.2.3.4.5", PROXY),
        (1, "'; --", PROXY),
    ],
)
def test_only_what_our_own_proxies_wrote_says_where_a_caller_is(
    hops, forwarded, seen, rf, settings
):
    settings.TRUSTED_PROXY_HOPS = hops
    asked = client_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
    request = rf.get("/", REMOTE_ADDR=PROXY, headers={"x-forwarded-for": forwarded})
    assert asked(request).content.decode() == seen


def test_only_the_browser_of_a_signed_in_person_keeps_the_page(client, people):
    assert "private" not in client.get("/tasks/").get("Cache-Control", "")
    client.force_login(people.reporter)
    assert client.get("/tasks/")["Cache-Control"] == "private"
    assert "private" in client.get("/feedback/feed/")["Cache-Control"]
    assert client.get("/staff/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("on", [True, False])
def test_the_list_of_parts_is_shown_in_the_demonstration_and_not_on_a_real_site(
    on, client, people, settings
):
    settings.DEMO = on
    client.force_login(people.reporter)
    assert client.get("/staff/components/").status_code == (200 if on else 404)


def test_a_site_that_does_not_say_who_it_is_does_not_start(tmp_path):
    (tmp_path / "profile.toml").write_text(
        'name = "示例区平台"\nowner = "示例区"\ndocuments = []\n', "utf-8"
    )
    with pytest.raises(ValueError, match="lacks district, slips, ticket_prefix, tickets"):
        load_profile(tmp_path)


@pytest.mark.django_db
def test_every_migration_looks_whether_the_record_is_still_guarded():
    assert check_triggers(databases=["default"]) == []
    triggers.drop(connection)
    found = check_triggers(databases=["default"])
    triggers.install(connection)
    assert {(type(problem), problem.id) for problem in found} == {(checks.Error, "ledger.E001")}
    assert len(found) >= 2


@pytest.mark.parametrize("missing", ["SECRET_KEY", "CONTACT_KEYS"])
def test_a_real_site_does_not_start_without_its_keys(missing):
    given = {
        "SECRET_KEY": "k" * 60,
        "CONTACT_KEYS": "c" * 60,
        "TRIAL": "0",
        "ALLOWED_HOSTS": "portal.example",
    }
    given |= {"DATABASE_URL": "sqlite://:memory:", "PATH": os.environ["PATH"]}
    del given[missing]
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"set {missing}" in done.stderr.decode()
