"""What a revision changed can be read off its page, word by word,
and the revision before it stays as it was.
"""

import re

import pytest

from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tests.fixtures.quarter import JULY_30

pytestmark = pytest.mark.both

R = "/tasks/wp2013-18/quarters/2013-2/r{}/"


@pytest.fixture
def published(office) -> Publication:
    office.verify(office.submit(), "slow", note="抽查两处，记录不全。")
    office.publish()
    return Publication.objects.get()


@pytest.fixture
def correct(office, published):
    def action(**right) -> Publication:
        return office.correct(published, reason="漏字", **right)

    return action


def changed_part(client, revision: int) -> str:
    page = client.get(R.format(revision)).content.decode()
    changed = page.split("这一版改了什么")[1]
    return re.split(r"</section>\s*<section>\s*<h2>公布的内容", changed)[0]


def test_corrected_words_are_marked_in_their_text(client, correct, published):
    correct(narrative=published.narrative.replace("演练 1 次", "演练 1 次、座谈 1 次"))
    changed = changed_part(client, 2)
    assert "<h3>进展情况</h3>" in changed
    assert "<ins>" in changed
    assert "座谈" in changed.split("<ins>")[1].split("</ins>")[0]
    assert "<del>" not in changed
    assert "核查意见" not in changed


def test_a_corrected_note_of_the_supervisor_is_marked_too(client, correct):
    correct(assessment_note="抽查三处，记录不全。")
    changed = changed_part(client, 2)
    assert "<h3>核查意见</h3>" in changed
    assert "抽查<del>" in changed
    assert "进展情况" not in changed


def test_notes_on_single_promises_that_changed_are_marked(client, correct, published):
    correct(assessment_note="抽查三处。")
    finding = Publication.objects.current().get().findings.first()
    finding.note = "签到表齐全"
    finding.save()
    changed = changed_part(client, 2)
    assert f"<h3>单位说明：{finding.commitment.text}</h3>" in changed
    assert "签到表齐全" in changed


def test_the_revision_before_keeps_its_address_and_its_words_under_a_banner(
    client, correct, published
):
    correct(narrative="全部重写。")
    old = client.get(R.format(1)).content.decode()
    assert "这是旧版" in old
    assert published.narrative in old
    assert "全部重写" not in old
    assert "<del>" not in old


def test_what_only_one_of_two_revisions_says_is_no_change_of_words(client, office):
    office.publish()
    publish_revision(report=office.submit(at=JULY_30), by=office.people.publisher, at=JULY_30)
    changed = changed_part(client, 2)
    assert "未报送 → <b>正常推进</b>" in changed
    assert "<ins>" not in changed
