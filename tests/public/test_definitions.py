"""A word keeps the sense in which it was said: a changed meaning is a new version,
and the old one can be read.
"""

import json

import pytest

from common.text.canonical import digest
from progress.definitions import VERSION, VERSIONS
from progress.models import Assessment
from public import glossary
from publishing.models import Publication
from tests.fixtures.page_text import text_of

CHANGED = """A meaning in public/glossary.py is not the frozen one of version {version}.
If that version was in use, add a version to progress/definitions.py. Either way write this to
fixtures/definitions/<version>.json, and its SHA-256 {digest} beside the version:
{text}"""


def test_the_meanings_are_those_of_the_current_version():
    text = json.dumps(glossary.meanings(), ensure_ascii=False, indent=1) + "\n"
    assert text == glossary.frozen_text(VERSION), CHANGED.format(
        version=VERSION, digest=digest(text), text=text
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_frozen_version_is_never_changed(version):
    assert digest(glossary.frozen_text(version)) == VERSIONS[version]


def test_a_definition_changed_without_a_new_version_is_noticed(monkeypatch):
    monkeypatch.setattr(
        glossary, "AXES", [("进展状态", "由谁说。", glossary.AXES[0][2]), *glossary.AXES[1:]]
    )
    assert glossary.meanings() != glossary.frozen_meanings(VERSION)


def test_an_assessment_and_what_is_published_name_the_version(office):
    office.verify(office.submit())
    office.publish()
    row = Publication.objects.get()
    assert (Assessment.objects.get().definitions, row.definitions) == (VERSION, VERSION)
    assert json.loads(row.content)["definitions"] == VERSION


def test_the_version_is_on_the_page_of_words_and_every_publication_leads_to_its_own(client, office):
    office.publish()
    assert f"{VERSION} 版（现行）" in text_of(client.get("/about/"))
    address = f"/about/definitions/{VERSION}/"
    assert address in client.get(Publication.objects.get().get_absolute_url()).content.decode()
    assert "这是现行版" in text_of(client.get(address))
    assert "承诺内容已经全部做到。" in text_of(client.get(address))
    assert client.get("/about/definitions/1999-01/").status_code == 404


def test_an_earlier_version_stays_readable(client, db, monkeypatch, settings, tmp_path):
    (tmp_path / "definitions").mkdir()
    old = [{"title": "进展状态", "says": "由谁说。", "words": [["已完成", "差不多都做了。"]]}]
    (tmp_path / "definitions" / "2025-01.json").write_text(json.dumps(old), "utf-8")
    settings.FIXTURES = tmp_path
    monkeypatch.setattr("public.views.site.VERSIONS", {"2025-01": "", VERSION: ""})
    page = text_of(client.get("/about/definitions/2025-01/"))
    assert "这是旧版" in page
    assert "差不多都做了。" in page


def test_an_old_line_that_is_corrected_keeps_its_version_unknown(office):
    office.verify(office.submit())
    office.publish()
    Publication.objects.update(definitions="")
    row = office.correct(narrative="改", reason="笔误", at=office.period.released_at)
    assert row.definitions == ""
