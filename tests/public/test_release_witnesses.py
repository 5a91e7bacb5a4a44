"""With each release its entry of the record leaves the house, in words that can be compared."""

import re
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from ledger.models import Entry
from ledger.witnesses import read_witnesses, witness_of

BULLETIN, PAPER = "/quarters/2013-2/", "/staff/quarters/2013-2/circular.docx"


@pytest.fixture
def told(office) -> str:
    """The words of the entry that recorded the release."""
    office.verify(office.submit())
    office.publish()
    return str(witness_of(Entry.objects.get(verb="release")))


def on_the_page(_office) -> str:
    html = Client().get(BULLETIN).content.decode()
    return " ".join(re.sub("<[^>]*>", "", html).split())


def in_word(office) -> str:
    client = Client()
    client.force_login(office.people.supervisor)
    word = Document(BytesIO(b"".join(client.get(PAPER).streaming_content)))
    return "\n".join(line.text for line in word.paragraphs)


def in_the_workbook(_office) -> str:
    file = b"".join(Client().get(f"{BULLETIN}circular.xlsx").streaming_content)
    rows = (row for sheet in load_workbook(BytesIO(file)) for row in sheet.values)
    return "\n".join(str(cell) for row in rows for cell in row if cell)


@pytest.mark.parametrize("read", [on_the_page, in_word, in_the_workbook])
def test_what_is_told_of_a_release_names_its_entry_and_is_a_witness_later(
    office, told, read, tmp_path
):
    file = tmp_path / "told.txt"
    file.write_text(read(office), "utf-8")
    assert [str(witness) for _, witness in read_witnesses(file)] == [told]
    out = StringIO()
    call_command("verify_ledger", against=[file], stdout=out)
    assert "逐条相符" in out.getvalue()
