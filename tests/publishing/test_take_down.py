"""What a law forbids to go on showing is shown nowhere any more,
and that it was there is not hidden.
"""

import json
from urllib.parse import unquote

import pytest
from django.test import Client

from common.errors import Refused
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.models import Evidence, ProgressReport
from public.read_models.publications import take_down_preview
from publishing.actions.revisions import publish_revision
from publishing.actions.withholding import take_down_publication
from publishing.models import Publication
from tests.fixtures.crawl import crawl
from tests.fixtures.evidence import attach
from tests.fixtures.quarter import JULY_2, moment
from tests.fixtures.site import PUBLIC

LAW, WHY = "《个人信息保护法》第四十七条", "文字中有个人信息。"
AUGUST = moment("2013-08-20T10:00:00")
R = "/tasks/wp2013-18/quarters/2013-2/r{}"
# Words, numbers and names that stand nowhere but in what was published; the number is too long for
# a digest to hold it.
SECRETS = ["张某某", "李某某", "王某某", "赵某某", "432109876543", "签到表"]


@pytest.fixture
def published(office) -> Publication:
    """Two revisions full of names, and a paper."""
    first = office.white_paper.commitments[1].pk
    said = {
        "narrative": "张某某参加培训。",
        "readings": {office.white_paper.indicator.pk: (432109876543, "李某某漏签")},
    }
    filing = type(office.filing)(**vars(office.filing) | said)
    report = office.save(filing)
    attach(office, report, at=JULY_2)
    report = office.submit(filing, version=report.version)
    office.verify(report, "slow", note="王某某未到场。", findings={first: ("partly", "赵某某缺席")})
    office.publish()
    return office.correct(narrative="张某某、李某某参加培训。", reason="漏了李某某")


@pytest.fixture
def taken_down(office, published) -> Publication:
    return take_down(office, published)


def take_down(office, row, **said) -> Publication:
    given = {"legal_basis": LAW, "reason": WHY} | said
    return take_down_publication(publication=row, **given, by=office.people.publisher, at=AUGUST)


def everything_public() -> dict[str, str]:
    """Address -> words: all that links lead to, every revision's own addresses, and its paper."""
    known = [R.format(n) + end for n in (1, 2, 3) for end in ("/", ".json")]
    known += [f"/evidence/{pk}/" for pk in Evidence.objects.values_list("pk", flat=True)]
    known += [f"/search/?q={word}" for word in SECRETS] + [
        f"/api/v1/tasks/?q={word}" for word in SECRETS
    ]
    return {
        address: met.text for address, met in crawl(Client(), *PUBLIC, "/ledger/", *known).items()
    }


def found_in(pages: dict[str, str]) -> dict[str, list[str]]:
    """Address -> secrets met there; a page of results may repeat what was asked for."""
    found = {
        at: [w for w in SECRETS if w in text and w not in unquote(at)] for at, text in pages.items()
    }
    return {address: words for address, words in found.items() if words}


def test_words_to_be_taken_down_stand_in_many_public_places_before(published):
    assert {R.format(1) + "/", R.format(2) + ".json", "/tasks/wp2013-18/"} <= found_in(
        everything_public()
    ).keys()


def test_words_taken_down_stand_nowhere_in_public(taken_down):
    pages = everything_public()
    assert len(pages) > 30
    assert found_in(pages) == {}


@pytest.mark.parametrize("revision", [1, 2])
def test_each_revision_is_a_tombstone_with_law_day_and_digest(taken_down, client, revision):
    row = Publication.objects.get(revision=revision)
    response = client.get(R.format(revision) + "/")
    html = response.content.decode()
    assert response.status_code == 410
    assert all(words in html for words in (LAW, "2013年8月20日", row.sha256, R.format(3)))
    file = client.get(R.format(revision) + ".json")
    assert file.status_code == 410
    assert json.loads(file.content)["legal_basis"] == LAW
    assert json.loads(file.content)["sha256"] == row.sha256


def test_the_current_revision_is_withheld_by_that_law_and_says_why(taken_down, client):
    assert (taken_down.revision, taken_down.headline, taken_down.withheld_basis) == (
        3,
        "withheld",
        LAW,
    )
    assert (taken_down.reason_class, taken_down.self_pace, taken_down.findings.count()) == (
        "taken_down",
        "",
        0,
    )
    html = client.get(R.format(3) + "/").content.decode()
    assert "依法撤下" in html
    assert WHY in html
    history = client.get("/tasks/wp2013-18/history/").content.decode()
    assert history.count(f"依法撤下，依据：{LAW}") == 2
    assert f'href="{R.format(1)}/"' not in history


def test_a_take_down_keeps_the_rows_and_has_a_public_ledger_entry(taken_down, published):
    assert Publication.objects.get(pk=published.pk).narrative == "张某某、李某某参加培训。"
    assert ProgressReport.objects.get().contributions.get().narrative == "张某某参加培训。"
    entry = Entry.objects.get(verb="take_down_publication")
    assert entry.visibility == "public"
    assert '"revisions":2' in entry.payload
    assert LAW not in entry.payload
    assert verify_ledger().sound


@pytest.mark.parametrize("said", [{"legal_basis": " "}, {"reason": ""}])
def test_no_publication_is_taken_down_without_a_law_and_a_reason(office, published, said):
    with pytest.raises(Refused, match="请写明法律依据和说明"):
        take_down(office, published, **said)
    assert not Publication.objects.exclude(taken_down_at=None).exists()


def test_a_publication_is_taken_down_once_and_only_from_its_current_revision(office, published):
    with pytest.raises(Refused, match="已被更新"):
        take_down(office, Publication.objects.get(revision=1))
    row = take_down(office, published)
    with pytest.raises(Refused, match="没有可以撤下的"):
        take_down(office, row)
    assert Publication.objects.count() == 3


def test_no_correction_or_assessment_brings_a_publication_taken_down_back(office, taken_down):
    with pytest.raises(Refused, match="没有可以更正的"):
        office.propose(taken_down, narrative="x")
    with pytest.raises(Refused, match="依法暂不公开"):
        publish_revision(report=ProgressReport.objects.get(), by=office.people.publisher, at=AUGUST)


def test_the_take_down_page_says_what_follows_and_keeps_what_was_typed(client, office, published):
    client.force_login(office.people.publisher)
    address = f"/staff/publications/{published.pk}/take-down/"
    assert "撤下以后不能恢复" in client.get(address).content.decode()
    html = client.post(address, {"legal_basis": LAW, "reason": ""}).content.decode()
    assert "请写明为什么撤下" in html
    assert f'value="{LAW}"' in html
    typed = {"legal_basis": LAW, "reason": WHY}
    html = client.post(f"{address}confirm/", typed, follow=True).content.decode()
    assert "已依法撤下，公开页面只写明依据和日期" in html
    assert client.get(address).status_code == 404


def test_the_take_down_page_first_lists_everything_that_will_vanish(client, office, published):
    client.force_login(office.people.publisher)
    address = f"/staff/publications/{published.pk}/take-down/"
    html = client.post(address, {"legal_basis": LAW, "reason": WHY}).content.decode()
    for words in (
        "这 2 版不再显示内容",
        "撤下以后不能恢复",
        "410",
        "签到表",
        LAW,
        WHY,
        f'{address}confirm/"',
    ):
        assert words in html
    for revision in (1, 2):
        assert R.format(revision) + "/" in html
        assert R.format(revision) + ".json" in html
    assert not Publication.objects.exclude(taken_down_at=None).exists()


def test_the_addresses_the_take_down_page_names_answer_410_afterwards(client, office, published):
    named = take_down_preview(published)
    take_down(office, published)
    gone = {row.get_absolute_url() for row in named.revisions}
    assert gone == {R.format(1) + "/", R.format(2) + "/"}
    assert {client.get(address).status_code for address in gone} == {410}
    assert {client.get(f"/evidence/{file.pk}/").status_code for file in named.evidence} == {404}
    assert take_down_preview(published).revisions == list(Publication.objects.filter(revision=3))


def test_going_back_from_the_check_of_a_take_down_keeps_the_words(client, office, published):
    client.force_login(office.people.publisher)
    typed = {"legal_basis": LAW, "reason": WHY, "edit": ""}
    html = client.post(f"/staff/publications/{published.pk}/take-down/", typed).content.decode()
    assert f'value="{LAW}"' in html
    assert "take-down/confirm/" not in html
