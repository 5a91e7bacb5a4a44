"""Internal entries: a stranger checks the whole chain and learns their number and day alone."""

import json
import re
import sys
from contextlib import redirect_stdout
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.conf import settings

from common.text.canonical import CHINA, china_day, digest
from ledger.actions import Actor, LedgerEvent, append
from ledger.models import OPEN, SEALED, Entry
from ledger.verification import verify
from public.ledger_words import VERBS
from public.read_models.ledger import export_lines, export_row
from tests.fixtures.crawl import words_of
from tests.fixtures.people import NOW
from tests.fixtures.routes import plain, routes
from tests.fixtures.tampering import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]
BY = Actor(id="7", unit="督查室", post="督查员")
PROGRAM = compile((Path(settings.BASE_DIR) / "templates/ledger/check.txt").read_text(), "", "exec")


def write(verb: str = "verify", *, public: bool = False) -> Entry:
    event = LedgerEvent(verb, "report", "wp2013-18:2013-2", {"pace": "slow"}, public=public)
    return append([event], by=BY, at=NOW)[0]


def write_old() -> Entry:
    """An internal entry as it was written before there were seals."""
    last = Entry.objects.order_by("-seq").first()
    entry = Entry(
        seq=last.seq + 1,
        recorded_at=last.recorded_at,
        happened_at=last.happened_at,
        verb="return",
        subject_type="report",
        subject_id="wp2013-18:2013-2",
        actor_id=last.actor_id,
        actor_unit=last.actor_unit,
        actor_post=last.actor_post,
        visibility="internal",
        payload=last.payload,
        previous_hash=last.hash,
    )
    entry.hash = entry.expected_hash()
    entry.save()
    return entry


@pytest.fixture
def chain():
    return [write("publish", public=True), write_old(), write(), write("publish", public=True)]


def checked(folder: Path, rows: list[dict]) -> str:
    """What the program for strangers says to the file."""
    (folder / "ledger.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    said = StringIO()
    with mock.patch.object(sys, "argv", ["", str(folder / "ledger.jsonl")]), redirect_stdout(said):
        try:
            exec(PROGRAM, {})
        except SystemExit as refusal:
            return str(refusal)
    return said.getvalue().strip()


def exported() -> list[dict]:
    return [json.loads(line) for line in export_lines()]


def test_an_internal_entry_is_sealed_and_a_public_one_open():
    assert (write(public=True).alg, write().alg) == (OPEN, SEALED)


def test_a_stranger_can_check_an_internal_entry_by_its_number_its_day_and_its_seal():
    entry = write()
    noon = datetime.combine(date.fromisoformat(china_day(entry.recorded_at)), time(12), CHINA)
    told = Entry(
        seq=entry.seq,
        recorded_at=noon,
        visibility="internal",
        alg=SEALED,
        previous_hash=entry.previous_hash,
    )
    assert told.expected_hash(entry.content_digest) == entry.hash


def test_the_seal_cannot_be_guessed_from_anything_that_is_published():
    one, two = write(), write()
    assert one.content_digest != two.content_digest
    assert digest(one.payload) not in "".join(export_lines())


def test_a_chain_of_old_and_sealed_entries_verifies(chain):
    assert [entry.alg for entry in chain] == [OPEN, OPEN, SEALED, OPEN]
    assert verify().faults == []


@pytest.mark.parametrize(
    "column", ["payload", "verb", "subject_type", "subject_id", "actor_unit", "hash"]
)
def test_the_verification_names_a_sealed_entry_in_which_one_character_was_changed(chain, column):
    tamper(f"UPDATE ledger_entry SET {column} = 'x' || substr({column}, 2) WHERE seq = 3")
    assert any(fault.startswith("第 3 条") for fault in verify().faults)


@pytest.mark.parametrize("change", ["alg = 'sha256'", "recorded_at = '2013-01-01 00:00:00+00:00'"])
def test_the_verification_names_a_sealed_entry_with_another_formula_or_moment(chain, change):
    tamper(f"UPDATE ledger_entry SET {change} WHERE seq = 3")
    assert any(fault.startswith("第 3 条") for fault in verify().faults)


@pytest.mark.parametrize("internal", [False, True])
def test_the_program_says_yes_to_the_copy_of_a_stranger_and_to_that_of_an_auditor(
    chain, internal, tmp_path
):
    rows = [export_row(entry, internal=internal) for entry in chain]
    assert checked(tmp_path, rows) == f"相符: 4 {chain[-1].hash}"


@pytest.mark.parametrize("internal", [False, True])
def test_the_program_names_the_entry_in_which_one_value_was_changed(chain, internal, tmp_path):
    """A day that an auditor's copy adds to the moment is compared with the hash like the rest."""
    for number, entry in enumerate(chain, 1):
        row = export_row(entry, internal=internal)
        # An auditor's copy gives the seal as well as what it is made of.
        for name in row.keys() - ({"seal"} if "payload" in row else set()):
            rows = [export_row(one, internal=internal) for one in chain]
            rows[number - 1][name] = 9 if name == "seq" else "x" + str(row[name])[1:]
            assert checked(tmp_path, rows) == f"不符: {number}", name


def test_an_old_internal_entry_is_exported_as_it_was_so_that_its_hash_can_be_checked(chain):
    """A hash nobody can recompute would let everything before it be written anew unnoticed."""
    old = exported()[1]
    assert old.keys() == {
        *("seq", "verb", "subject_type", "subject_id", "recorded_at", "visibility", "alg"),
        *("previous_hash", "hash", "payload_digest"),
    }


def test_no_verb_subject_or_moment_of_any_internal_entry_leaves_the_house(client):
    """Each verb of the tree is written as an internal entry and looked for on all that is open."""
    names = sorted(VERBS)
    events = [LedgerEvent(verb, "ticket", f"YT-9-{verb}", public=False) for verb in names]
    entries = append(events, by=BY, at=NOW)
    rows = exported()
    assert {frozenset(row) for row in rows} == {
        frozenset(["seq", "day", "visibility", "alg", "seal", "previous_hash", "hash"])
    }
    pages = "".join(
        client.get(address).content.decode()
        for address in ("/ledger/", f"/ledger/{entries[0].seq}/", f"/ledger/{entries[-1].seq}/")
    ) + "".join(map(str, rows))
    moment = entries[0].recorded_at.astimezone(CHINA)
    hidden = ["YT-9-", f"{moment:%H:%M}", "诉求 YT", *(VERBS[verb] + "</h1>" for verb in names)]
    assert [word for word in hidden if word in pages] == []


# The record itself, and the page of downloads, which says how many entries it has.
TELLS_THE_NUMBER = {"/ledger/", "/ledger/export.jsonl", "/data/"}


def test_an_internal_entry_changes_no_open_page_but_those_that_count_entries(white_paper, client):
    """Neither news, histories, files nor the interface for programs hint at what happened inside.

    Its subjects are those of public entries, so that a list that forgot to ask would show them.
    """
    subjects = {"task": "wp2013-18", "plan": "wp2013", "report": "wp2013-18:2013-2"}
    append([LedgerEvent("publish", kind, of) for kind, of in subjects.items()], by=BY, at=NOW)
    addresses = [at for at in plain(routes()) if not at.startswith(("/staff/", "/admin/"))]
    addresses += ["/tasks/wp2013-18/", "/tasks/wp2013-18/history/", "/plans/wp2013/"]
    addresses += ["/departments/anjianju/", "/api/v1/tasks/wp2013-18/", "/ledger/1/"]
    with time_machine.travel(NOW, tick=False):
        before = {address: answer(client, address) for address in addresses}
        events = [
            LedgerEvent(verb, kind, of, public=False)
            for verb in sorted(VERBS)
            for kind, of in subjects.items()
        ]
        append(events, by=BY, at=NOW)
        changed = {one for one in addresses if answer(client, one) != before[one]}
    assert changed == TELLS_THE_NUMBER


def answer(client, address: str) -> tuple:
    """What leaves the house: status, body and headers, without what is drawn anew each time.

    Of a workbook its parts: the parcel around them bears the moment it was packed.
    """
    response = client.get(address)
    body = words_of(response.getvalue())
    own = {"Content-Length", "X-Request-ID"}
    headers = {name: value for name, value in response.items() if name not in own}
    return response.status_code, re.sub(r'value="[-:\w]{22,}"', "", body), headers
