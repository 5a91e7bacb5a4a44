"""The command that checks the record finds what somebody with the database in hand could do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, models, transaction

from common.text.canonical import canonical, digest
from feedback.models import Ticket
from feedback.read_models.verification import letter_faults
from ledger import safeguards, triggers
from ledger.models import Entry
from ledger.verification import last_verification, verify
from ledger.witnesses import head
from publishing.models import Publication, PublishedFinding, PublishedReading, Release, YearEnd
from publishing.read_models.verification import published_faults
from tests.fixtures.published import everything_published
from tests.fixtures.tampering import tamper

pytestmark = pytest.mark.both


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything_published()
        transaction.set_rollback(True)


@contextmanager
def lifted() -> Iterator[None]:
    """The triggers are away meanwhile, and all that was done is taken back in the end."""
    with transaction.atomic():
        triggers.drop(connection)
        yield
        transaction.set_rollback(True)


def faults() -> list[str]:
    return verify(published_faults(), letter_faults()).faults


def chain_faults() -> list[str]:
    """What the chain alone tells, without the safeguards, which the test has lifted."""
    return [fault for fault in verify().faults if "触发器" not in fault and "尝试" not in fault]


def make_hashes_anew(first: int) -> None:
    """As somebody would do who changes the past: every hash from this entry on fits again."""
    previous = Entry.objects.filter(seq__lt=first).order_by("-seq").first()
    for entry in Entry.objects.filter(seq__gte=first).order_by("seq"):
        entry.previous_hash = previous.hash if previous else "0" * 64
        entry.hash = entry.expected_hash()
        entry.save()
        previous = entry


def run(*args, **options) -> str:
    out = StringIO()
    call_command("verify_ledger", *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def failed(*args, **options) -> tuple[int, str]:
    """Exit status and all the words of a check that does not end well."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_ledger", *args, stdout=out, stderr=out, **options)
    return error.value.returncode, f"{out.getvalue()}{error.value}"


def test_a_record_nobody_touched_holds_with_all_that_was_published(site):
    assert faults() == []
    assert "逐条相符，公布内容与记录一致" in run()


# What is hashed of an entry; its row number in the table is told nowhere.
COLUMNS = [field for field in Entry._meta.concrete_fields if not field.primary_key]


def other_value(row: models.Model, field: models.Field):
    value = getattr(row, field.attname)
    if field.choices:
        return next(choice for choice, _ in field.choices if choice not in {value, ""})
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, (models.DateTimeField, models.DateField)):
        return value + timedelta(days=1) if value else None
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return value + 1000 if value is not None else None
    return f"{value}"[:-1] + ("y" if f"{value}".endswith("x") else "x")


@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.attname)
def test_any_column_of_any_entry_changed_is_refused_or_named(site, field):
    for entry in Entry.objects.order_by("seq"):
        with lifted():
            try:
                with transaction.atomic():
                    changed = {field.attname: other_value(entry, field)}
                    Entry.objects.filter(pk=entry.pk).update(**changed)
            except DatabaseError:
                continue
            seq = changed.get("seq", entry.seq)
            assert any(fault.startswith(f"第 {seq} 条：") for fault in chain_faults())


def test_any_entry_deleted_but_the_last_is_noticed_at_the_next_one(site):
    for seq in range(1, head().number):
        with lifted():
            Entry.objects.filter(seq=seq).delete()
            assert any(fault.startswith(f"第 {seq + 1} 条：序号不连续") for fault in chain_faults())


def test_two_neighbours_that_change_places_are_named(site):
    for seq in range(1, head().number):
        with lifted():
            for old, new in [(seq, 10**6), (seq + 1, seq), (10**6, seq + 1)]:
                Entry.objects.filter(seq=old).update(seq=new)
            assert chain_faults()[0].startswith(f"第 {seq} 条：")


def test_an_entry_put_in_between_is_named(site):
    for seq in range(2, head().number):
        with lifted():
            for entry in Entry.objects.filter(seq__gte=seq).order_by("-seq"):
                Entry.objects.filter(pk=entry.pk).update(seq=entry.seq + 1)
            extra = Entry.objects.get(seq=seq - 1)
            extra.pk, extra.seq, extra.previous_hash = None, seq, extra.hash
            extra.hash = extra.expected_hash()
            extra.save(force_insert=True)
            assert any(fault.startswith(f"第 {seq + 1} 条：") for fault in chain_faults())


def test_the_last_entries_deleted_are_missed_by_a_witness_alone(site, tmp_path):
    file = tmp_path / "witnesses.txt"
    for entry in Entry.objects.order_by("seq"):
        with file.open("a") as lines:
            lines.write(f"2026-12-01 记录第 {entry.seq} 条，校验值 {entry.hash}\n")
    last = head().number
    with lifted():
        Entry.objects.filter(seq__gt=last - 3).delete()
        triggers.install(connection)
        status, words = failed(against=[file])
        assert status == 1
        assert f"第 {last - 2} 条已不是见证过的那一条" in words
        assert "现在没有这一条" in words
        assert "共有 3 行" in words


def test_a_past_rewritten_with_all_later_hashes_is_named_by_a_witness_and_by_the_row(
    site, tmp_path
):
    file = tmp_path / "ledger.jsonl"
    rows = Entry.objects.order_by("seq").values("seq", "hash")
    file.write_text("".join(f"{canonical(row)}\n" for row in rows), "utf-8")
    assert "逐条相符" in run(against=[file])
    entry = Entry.objects.filter(verb="publish").order_by("seq").first()
    with lifted():
        sha256 = Publication.objects.get(task__code=entry.subject_id, revision=1).sha256
        payload = entry.payload.replace(sha256, "0" * 64)
        Entry.objects.filter(pk=entry.pk).update(payload=payload)
        make_hashes_anew(entry.seq)
        triggers.install(connection)
        assert verify().sound
        status, words = failed(against=[file])
        assert status == 1
        assert f"第 {entry.seq} 条已不是见证过的那一条" in words
        assert f"公布内容与公开记录第 {entry.seq} 条的校验值不符" in words


HARMLESS = {
    # Who looks after a row, and when it was worked on, is no part of what is published.
    Publication: {"id", "task_id", "period_id", "report_id", "release_id"},
    PublishedFinding: {"id", "publication_id", "commitment_id"},
    PublishedReading: {"id", "publication_id", "indicator_id"},
    YearEnd: {"id", "task_id", "prepared_by_id", "prepared_at", "published_by_id", "two_persons"},
    Release: {"id", "period_id", "state", "two_persons"},
}
SHOWN = [
    (model, field)
    for model in (Publication, PublishedFinding, PublishedReading, YearEnd)
    for field in model._meta.concrete_fields
    if field.attname not in HARMLESS[model]
]
PUBLIC_OF_A_LETTER = ("public_text", "public_reply", "published_at", "taken_down_at")
SHOWN += [(Release, Release._meta.get_field(name)) for name in ("sha256", "published_at")]
SHOWN += [(Ticket, Ticket._meta.get_field(name)) for name in PUBLIC_OF_A_LETTER]


@pytest.mark.parametrize(
    ("model", "field"), SHOWN, ids=lambda one: getattr(one, "attname", "") or one.__name__
)
def test_any_shown_column_of_any_published_row_changed_is_refused_or_found(site, model, field):
    tried = 0
    for row in model.objects.order_by("pk"):
        with transaction.atomic():
            try:
                with transaction.atomic():
                    if (value := other_value(row, field)) is None:
                        continue
                    model.objects.filter(pk=row.pk).update(**{field.attname: value})
            except DatabaseError:
                continue
            if model is Ticket and not (row.published_at or row.taken_down_at):
                continue
            tried += 1
            found = faults()
            transaction.set_rollback(True)
        assert found, (row, field.attname)
    assert tried or field.null or field.choices or field.attname == "is_current"


def test_a_headline_forged_in_column_and_content_and_digest_is_found_by_the_ledger(site):
    row = Publication.objects.current().get(task=site.white_paper.task)
    with transaction.atomic():
        content = row.content.replace(f'"headline":"{row.headline}"', '"headline":"done"')
        assert content != row.content
        Publication.objects.filter(pk=row.pk).update(
            headline="done", content=content, sha256=digest(content)
        )
        assert any(
            "wp2013-18（wp2013:2013-2 第 2 版）" in f and "校验值不符" in f for f in faults()
        )
        transaction.set_rollback(True)


def test_a_published_row_that_was_deleted_is_missed(site):
    for row in Publication.objects.order_by("pk"):
        with transaction.atomic():
            PublishedFinding.objects.filter(publication=row).delete()
            PublishedReading.objects.filter(publication=row).delete()
            row.corrections.all().delete()
            Publication.objects.filter(pk=row.pk).delete()
            words = f"第 {row.revision} 版），公布内容里没有这一版"
            assert any(row.task.code in fault and words in fault for fault in faults())
            transaction.set_rollback(True)


def test_a_row_that_was_never_published_is_found(site):
    row = Publication.objects.current().get(task=site.white_paper.task)
    with transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(is_current=False)
        row.pk, row.revision = None, 7
        row.save(force_insert=True)
        assert any("第 7 版）：公开记录里没有公布这一版" in fault for fault in faults())
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "model", [PublishedFinding, PublishedReading, YearEnd], ids=lambda model: model.__name__
)
def test_a_part_of_what_was_published_that_was_deleted_is_missed(site, model):
    for row in model.objects.order_by("pk"):
        with transaction.atomic():
            model.objects.filter(pk=row.pk).delete()
            assert faults()
            transaction.set_rollback(True)


def test_a_letter_that_vanished_and_a_tombstone_without_reason_are_found(site):
    public = Ticket.objects.get(published_at__isnull=False)
    with transaction.atomic():
        gone = {"published_at": None, "public_text": "", "public_reply": ""}
        Ticket.objects.filter(pk=public.pk).update(**gone)
        assert any(f"来信 {public.number}，现在没有公开也没有撤下" in fault for fault in faults())
        transaction.set_rollback(True)
    with transaction.atomic():
        gone |= {"taken_down_at": public.published_at, "taken_down_reason": "x"}
        Ticket.objects.filter(pk=public.pk).update(**gone)
        assert any("是否撤下、何时撤下，与公开记录不符" in fault for fault in faults())
        transaction.set_rollback(True)


ON_SQLITE = {
    "an empty body": [
        "DROP TRIGGER ledger_entry_no_delete",
        "CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT 1; END",
    ],
    "a condition that never holds": [
        "DROP TRIGGER ledger_entry_no_update",
        "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 0 "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ],
    "none against replacing": ["DROP TRIGGER ledger_entry_no_replace"],
}
REFUSE = "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {} $$"
ON_POSTGRESQL = {
    "a function that lets pass": [REFUSE.format("BEGIN RETURN OLD; END")],
    "a trigger for replicas": [
        "ALTER TABLE ledger_entry ENABLE REPLICA TRIGGER ledger_entry_no_change"
    ],
    "a trigger switched off": ["ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_truncate"],
    "a trigger with a condition": [
        "DROP TRIGGER ledger_entry_no_change ON ledger_entry",
        "CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_refuse()",
    ],
    "a rule": ["CREATE RULE quiet AS ON DELETE TO ledger_entry DO ALSO NOTHING"],
}


def test_a_safeguard_with_the_right_name_that_does_nothing_is_found(site):
    tricks = {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}[connection.vendor]
    for how, statements in tricks.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            assert list(safeguards.faults(connection)), how
            transaction.set_rollback(True)
    assert list(safeguards.faults(connection)) == []


def test_the_attempts_leave_every_entry_as_it_was(site):
    before = list(Entry.objects.order_by("seq").values())
    with lifted():
        assert len(list(safeguards.faults(connection))) >= 4
        assert list(Entry.objects.order_by("seq").values()) == before


def test_an_attempt_that_could_not_be_made_is_no_refusal(site, monkeypatch):
    monkeypatch.setitem(safeguards.ATTEMPTS[connection.vendor], "改动", "SELECT %d")
    assert any("没有拒绝改动" in fault for fault in safeguards.faults(connection))

    def busy(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(safeguards, "_is_refused", busy)
    status, words = failed(record=True)
    assert (status, "没有核对成" in words) == (2, True)
    assert last_verification().outcome == "unchecked"
    assert not last_verification().holds


def test_a_file_without_any_witness_and_a_missing_file_were_no_check(site, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("通报全文\n", "utf-8")
    for file in (empty, tmp_path / "missing.txt"):
        status, words = failed(against=[file])
        assert (status, "没有核对成" in words) == (2, True)


def test_each_night_leaves_a_line_outside_and_compares_it_with_the_nights_before(
    site, tmp_path, settings, mailoutbox
):
    settings.LEDGER_WITNESS_FILE = str(tmp_path / "kept" / "witnesses.txt")
    settings.NOTICE_CHANNEL = "subscriptions.channels.MailChannel"
    site.people.auditor.email = "auditor@example.org"
    site.people.auditor.save()
    with transaction.atomic():
        assert "已告知 1 位审计员" in run(record=True)
        run(record=True)
        lines = (tmp_path / "kept" / "witnesses.txt").read_text("utf-8").splitlines()
        assert len(lines) == 2
        assert lines[-1] == head().line
        assert str(head()) in mailoutbox[-1].body
        assert mailoutbox[-1].to == ["auditor@example.org"]
        row = last_verification()
        assert (row.holds, row.entries, row.faults) == (True, head().number - 1, 0)
        tamper("DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) FROM ledger_entry)")
        status, words = failed(record=True)
        assert status == 1
        assert "现在没有这一条" in words
        assert last_verification().is_broken
        assert "有 1 处不符" in mailoutbox[-1].body
        assert len((tmp_path / "kept" / "witnesses.txt").read_text("utf-8").splitlines()) == 2
        transaction.set_rollback(True)


def test_a_great_many_faults_are_counted_and_not_all_listed(site, monkeypatch):
    monkeypatch.setattr("ledger.verification.MOST_FAULTS", 2)
    with lifted():
        Entry.objects.update(verb="x")
        status, words = failed()
        assert status == 1
        assert "没有逐条列出" in words
        assert "第 1 条" not in words.splitlines()[-1]
