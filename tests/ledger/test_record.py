import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from common.text.canonical import digest
from ledger import triggers
from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry
from ledger.verification import verify
from tests.fixtures.people import NOW
from tests.fixtures.tampering import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]
BY = Actor(id="7", unit="督查室", post="督查员")


def write(*subjects: str, public: bool = True) -> list[Entry]:
    return append(
        [LedgerEvent("try", "thing", s, {"n": 1}, public=public) for s in subjects], by=BY, at=NOW
    )


def test_entries_are_numbered_and_chained_in_order():
    first, second = write("a", "b")
    third = write("c")[0]
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert verify().sound


def test_the_time_of_recording_never_runs_backwards_and_the_time_of_action_is_apart():
    entries = [*write("a"), *write("b")]
    assert entries[0].recorded_at <= entries[1].recorded_at
    assert entries[0].happened_at == NOW < entries[0].recorded_at


def test_an_entry_is_not_recorded_before_the_last_one_when_the_servers_clock_goes_back():
    with time_machine.travel(NOW + timedelta(hours=1)):
        before = write("a")[0]
    with time_machine.travel(NOW):
        after = write("b")[0]
    assert after.recorded_at == before.recorded_at
    assert verify().sound


@pytest.mark.parametrize("verb", ["UPDATE ledger_entry SET verb = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_the_past(verb):
    write("a")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)
    assert Entry.objects.get().verb == "try"


@pytest.mark.parametrize("column", ["payload", "verb", "actor_unit", "subject_id", "hash"])
def test_the_verification_names_the_entry_in_which_one_character_was_changed(column):
    write("a", "b", "c")
    tamper(f"UPDATE ledger_entry SET {column} = 'x' || substr({column}, 2) WHERE seq = 2")
    assert any(fault.startswith("第 2 条") for fault in verify().faults)


def test_an_entry_rewritten_with_a_hash_that_fits_betrays_itself_at_the_next_one():
    second = write("a", "b", "c")[1]
    second.payload = second.payload.replace('"n":1', '"n":2')
    second.hash = second.expected_hash()
    assert verify().sound
    tamper(
        "UPDATE ledger_entry SET payload = %s, hash = %s WHERE seq = 2", second.payload, second.hash
    )
    assert verify().faults == ["第 3 条：与上一条接不上"]


def test_the_verification_notices_a_removed_entry():
    write("a", "b", "c")
    tamper("DELETE FROM ledger_entry WHERE seq = 2")
    assert any("序号不连续" in fault for fault in verify().faults)


def test_missing_triggers_are_a_fault_of_their_own():
    write("a")
    triggers.drop(connection)
    faults = verify().faults
    triggers.install(connection)
    missing = [fault for fault in faults if fault.startswith("缺少防改触发器")]
    assert len(missing) == len(triggers.NAMES[connection.vendor])


def test_the_command_verify_ledger_fails_and_names_the_entry(capsys):
    write("a")
    call_command("verify_ledger")
    tamper("UPDATE ledger_entry SET payload = payload || ' '")
    with pytest.raises(CommandError, match="有 1 处不符"):
        call_command("verify_ledger")
    assert "第 1 条" in capsys.readouterr().err


def test_two_equal_events_have_different_payload_digests():
    one, two = write("a", "a")
    assert json.loads(one.payload)["facts"] == json.loads(two.payload)["facts"]
    assert digest(one.payload) != digest(two.payload)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_the_transaction_of_its_action():
    with pytest.raises(transaction.TransactionManagementError):
        write("a")
    assert not Entry.objects.exists()
