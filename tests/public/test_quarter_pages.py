"""The public reads publications and nothing else: what was released, in whose voice,
and what was not.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from common.text.canonical import digest
from progress.models import Evidence, ReportingPeriod
from publishing.models import Publication
from publishing.read_models.commitment_status import commitment_chips
from publishing.read_models.public_status import STATE_WORDS, count_states
from tasks.actions.changes import Ground, change_target
from tasks.models import Plan, Task
from tests.fixtures.letters import published as published_letter
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_30, moment

TASK, QUARTER = "/tasks/wp2013-18/", "/quarters/2013-2/"
R1 = "/tasks/wp2013-18/quarters/2013-2/r1"


@pytest.fixture
def published(office) -> Publication:
    """Filed as on course, found to be slow, released."""
    office.verify(office.submit(), pace="slow", note="抽查两处，记录不全。")
    office.publish()
    return Publication.objects.get()


@pytest.fixture
def corrected(published, office) -> Publication:
    readings = {office.white_paper.indicator.pk: Decimal(4100)}
    return office.correct(
        published, readings=readings, reason="人次漏录。", at=moment("2013-08-05T10:00:00")
    )


def test_nothing_is_public_before_the_release(office, client):
    office.verify(office.submit())
    page = text_of(client.get(TASK))
    assert "进展尚未公布" in page
    assert "完成培训 4000 人次" not in page
    assert client.get(QUARTER).status_code == 404
    assert client.get(f"{R1}/").status_code == 404


def test_the_task_page_answers_in_plain_sentences_from_rows(published, client):
    page = text_of(client.get(TASK))
    assert (
        "承诺安全生产公共培训不少于15000人次，第二季度填报4000人次，还差11000人次。"
        "到2013年6月30日，安监局填报总体正常推进，督查室书面核查后认定推进缓慢。"
    ) in page


def test_a_published_number_stands_beside_its_target_with_the_direction(published, client):
    assert "4000 人次对照目标 不少于4000" in text_of(client.get(f"{R1}/"))


def test_both_voices_stand_side_by_side_and_their_difference_is_named(published, client):
    page = client.get(TASK).content.decode()
    assert "两者不一致" in page
    assert "完成培训 4000 人次，演练 1 次。" in page
    assert "抽查两处，记录不全。" in page
    assert "数据截至 <time" in page


def test_an_unassessed_word_is_marked_as_the_units_own(office, client):
    office.submit()
    office.publish()
    assert "正常推进" in text_of(client.get(TASK))
    assert "单位自评，待核查" in text_of(client.get(TASK))


def test_a_unit_that_did_not_report_is_named_and_counted(office, client):
    office.publish()
    assert "2013年第二季度没有报送进展" in text_of(client.get(TASK))
    bulletin = text_of(client.get(QUARTER))
    assert "1 项承诺中，0 项公布了进展" in bulletin
    assert "未报送的（1 项）" in bulletin
    assert "安监局" in bulletin.split("未报送的（1 项）")[1]


def test_a_withheld_line_gives_its_basis_and_no_content(office, client):
    office.verify(office.submit())
    office.publish(withheld={office.white_paper.task.pk: "《保守国家秘密法》第二十条"})
    page = text_of(client.get(TASK))
    assert "依法暂不公开" in page
    assert "《保守国家秘密法》第二十条" in page
    assert "4000 人次" not in page.replace("培训4000人次以上", "")
    assert "无法计算" not in page
    assert "依法暂不公开的（1 项）" in text_of(client.get(QUARTER))


def test_the_bulletin_lists_what_is_behind_first_and_prints_its_digest(published, client):
    page = client.get(QUARTER).content.decode()
    assert "落后的（1 项）" in page
    assert "已完成的" not in page
    assert published.release.sha256 in page
    assert "/quarters/2013-2/" in client.get("/quarters/").content.decode()


def test_the_download_of_a_publication_has_the_digest_that_the_page_prints(published, client):
    page, file = client.get(f"{R1}/"), client.get(f"{R1}.json")
    assert digest(file.content.decode()) == published.sha256
    assert published.sha256 in page.content.decode()


def test_a_superseded_revision_stays_and_points_to_the_current_one(corrected, client):
    old = client.get(f"{R1}/").content.decode()
    assert "这是旧版" in old
    assert corrected.get_absolute_url() in old
    assert "人次漏录。" in old
    new = client.get(corrected.get_absolute_url()).content.decode()
    assert "这是旧版" not in new
    assert "4000 人次 → 4100 人次" in text_of(client.get(corrected.get_absolute_url()))
    assert client.get(f"{R1[:-1]}3/").status_code == 404


def test_the_history_lists_every_revision_and_every_entry(corrected, client):
    page = client.get(f"{TASK}history/").content.decode()
    assert page.count("版</a>") == 2
    assert "更正：笔误 · 由安监局提出。人次漏录。" in page
    assert "更新已公布的进展" in page


def test_the_front_page_shows_what_a_quarter_changed(published, client):
    page = text_of(client.get("/"))
    assert "全面落实安全生产责任制" in page
    assert "推进缓慢" in page
    assert "1 项中 1 项公布了进展" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=slow", 1),
        ("state=done", 0),
        ("disagree=1", 1),
        ("reporting=on_time", 1),
        ("reporting=late", 0),
        ("trajectory=on_path", 1),
        ("timing=overdue", 0),
        ("year=2013&quarter=2&state=slow", 1),
        ("year=2013&quarter=1&state=slow", 0),
        ("year=2013&quarter=1&state=not_published", 1),
        ("year=2013&quarter=1", 1),
    ],
)
def test_filters_read_the_publication_that_is_shown(query, found, published, client):
    page = text_of(client.get(f"/tasks/?{query}"))
    assert ("没有符合条件的承诺" in page) == (found == 0)
    assert f"共找到 {found} 项承诺" in page


def test_the_counts_stay_whatever_state_is_chosen(published, white_paper, units, client):
    more_tasks(white_paper, units["jiaoyuju"], 2)
    page = client.get("/tasks/?plan=wp2013&state=slow").content.decode()
    assert re.search(r'href="\?plan=wp2013&amp;state=slow">推进缓慢 <b>1</b>', page)
    assert re.search(r'href="\?plan=wp2013&amp;state=not_published">尚未公布 <b>2</b>', page)


def test_a_quarter_before_tracking_began_reads_as_not_collected(published, client):
    Plan.objects.update(tracked_from=date(2013, 4, 1))
    assert "平台启用前，未采集" in text_of(client.get("/tasks/?year=2013&quarter=1"))
    assert "共找到 1 项承诺" in text_of(
        client.get("/tasks/?year=2013&quarter=1&state=not_collected")
    )
    assert "共找到 1 项承诺" in text_of(
        client.get("/tasks/?year=2013&quarter=1&reporting=not_collected")
    )


def test_a_promise_of_a_later_quarter_is_not_due_and_one_kept_stays_kept(published, white_paper):
    whole, trained, exercise = white_paper.commitments
    chips = commitment_chips(white_paper.plan, white_paper.commitments)
    assert [chips[each.pk].label for each in (whole, trained, exercise)] == [
        "正常推进",
        "已完成",
        "已完成",
    ]
    trained.quarter = 3
    Publication.objects.get().findings.filter(commitment=trained).delete()
    assert commitment_chips(white_paper.plan, [trained])[trained.pk].label == "未到期"


def test_the_document_can_show_only_what_is_behind(office, client):
    office.publish()
    page = client.get("/plans/wp2013/document/?show=behind").content.decode()
    assert "培训4000人次以上" in page
    Publication.objects.update(headline="on_course", self_pace="on_course")
    assert (
        "没有落后、没有报送或退回修改中的承诺"
        in client.get("/plans/wp2013/document/?show=behind").content.decode()
    )


def test_a_changed_target_is_said_together_with_what_was_first_promised(
    white_paper, people, client
):
    change_target(
        target=white_paper.indicator.targets.get(quarter=None),
        value=Decimal(12000),
        value_max=None,
        ground=Ground("口径调整", "会议纪要第3号", "区政府", date(2013, 6, 1)),
        by=people.supervisor.actor(),
        at=JULY_30,
    )
    page = text_of(client.get(TASK))
    assert "不少于12000人次（原为15000人次，经批准调整）" in page
    assert "会议纪要第3号" in page
    assert "2013年7月30日起不再适用" in page


def test_a_sum_of_quarters_is_marked_as_computed_by_the_portal(published, office, client):
    """One quarter is a number as filed; from the second on the sum is the portal's."""
    assert "由本平台合计" not in text_of(client.get(TASK))
    third = ReportingPeriod.objects.get()
    third.pk, third.index = None, 3
    third.save()
    row = replace_row(published, period=third)
    reading = published.readings.get()
    reading.pk, reading.publication = None, row
    reading.save()
    page = text_of(client.get(TASK))
    assert "8000" in page
    assert "两个季度的填报数由本平台合计" in page


def replace_row(row: Publication, **changes) -> Publication:
    copy = Publication.objects.get(pk=row.pk)
    copy.pk = None
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def test_only_evidence_marked_public_can_be_downloaded(office, client, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    report = office.submit()
    files = [evidence(report, name, public=name == "a.pdf") for name in ("a.pdf", "b.pdf")]
    assert [client.get(f"/evidence/{file.pk}/").status_code for file in files] == [404, 404]
    office.verify(report)
    office.publish()
    answers = [client.get(f"/evidence/{file.pk}/") for file in files]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert b"".join(answers[0].streaming_content) == PDF
    assert answers[0]["Content-Disposition"].startswith("attachment")
    page = text_of(client.get(TASK))
    assert "a.pdf" in page
    assert "b.pdf" not in page


def evidence(report, name: str, *, public: bool) -> Evidence:
    return Evidence.objects.create(
        contribution=report.contributions.get(),
        file=ContentFile(PDF, name),
        name=name,
        content_type="application/pdf",
        size=len(PDF),
        sha256=digest(name),
        is_public=public,
        added_at=JULY_30,
    )


def test_a_published_answer_is_on_its_task_and_in_the_search(people, units, white_paper, client):
    published_letter(people.clerk, units["anjianju"], people.reporter, task=white_paper.task)
    for address in (TASK, "/search/?q=电话"):
        page = text_of(client.get(address))
        assert "报名电话打不通。" in page
        assert "林一" not in page
    assert "问答（1）" in text_of(client.get(TASK))


def test_demonstration_figures_carry_the_word(office, client):
    ReportingPeriod.objects.update(demonstration=True)
    office.period.refresh_from_db()
    office.submit()
    office.publish()
    for address in (TASK, QUARTER, f"{R1}/", "/tasks/"):
        assert re.search(
            r'chip__word">正常推进</span>.*?chip__demo">演示', client.get(address).content.decode()
        ), address


@pytest.mark.parametrize("address", [TASK, QUARTER, f"{TASK}history/", "/", "/quarters/"])
def test_pages_ask_as_often_for_many_tasks_as_for_few(
    address, published, office, white_paper, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(23) as few:
        client.get(address)
    for task in more_tasks(white_paper, office.units["jiaoyuju"], 30):
        replace_row(published, task=task)
    with django_assert_max_num_queries(len(few)):
        assert client.get(address).status_code == 200


def test_states_are_counted_in_their_fixed_order():
    assert list(count_states(["not_done", "done", "done"]).items()) == [
        ("done", 2),
        ("not_done", 1),
    ]
    assert len(STATE_WORDS) == len(set(STATE_WORDS.values()))


def test_a_draft_plan_hides_its_publications(published, client):
    Plan.objects.update(state="draft")
    for address in (TASK, QUARTER, f"{R1}/", f"{R1}.json", f"{TASK}history/"):
        assert client.get(address).status_code == 404
    assert Task.objects.get().title not in text_of(client.get("/"))
