"""The paper that is signed says what the page says, in the layout of official documents,
and claims no more.
"""

import re
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from progress.actions.reviews import return_report
from progress.models import ReportingPeriod
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_5, JULY_30
from tests.fixtures.word_files import paragraph_after, paragraphs_of
from workspace.exports.release_draft import release_draft
from workspace.read_models.release import active_release, preview

RELEASE = "/staff/releases/wp2013/2013-2/"
LAW = "《政府信息公开条例》第十四条"


@pytest.fixture
def prepared(office):
    """One line assessed with another word, one sent back, one withheld, one never filed."""
    office.verify(office.submit(), "slow", note="记录不全。")
    back, held, _ = more_tasks(office.white_paper, office.units["jiaoyuju"], 3)
    filed_and_sent_back(office, back)
    return office.prepare(withheld={held.pk: LAW})


def filed_and_sent_back(office, task) -> None:
    report = office.white_paper.task.reports.get()
    report.pk, report.task, report.status = None, task, "submitted"
    report.save(force_insert=True)
    return_report(report=report, reason="请补", by=office.people.supervisor, at=JULY_5)


@pytest.fixture
def shown(office, prepared):
    return preview(office.period, prepared, at=JULY_30)


def paper_of(office, shown):
    period = ReportingPeriod.objects.get(pk=office.period.pk)
    return Document(release_draft(period, active_release(period), shown, at=JULY_30))


def downloaded(client):
    return Document(BytesIO(b"".join(client.get(f"{RELEASE}draft.docx").streaming_content)))


def test_the_table_of_the_release_draft_has_every_line_as_the_page_has_it(office, shown):
    rows = [[cell.text for cell in row.cells] for row in paper_of(office, shown).tables[0].rows]
    assert rows[0] == ["序号", "任务", "公开状态", "单位自评", "督查核定", "报送"]
    assert [row[0] for row in rows[1:]] == [str(line.task.number) for line in shown.lines]
    assert rows[1] == [
        "18",
        "全面落实安全生产责任制（wp2013-18）",
        "推进缓慢 督查核定",
        "正常推进",
        "推进缓慢",
        "按时报送",
    ]
    assert [row[2] for row in rows[2:]] == ["退回修改中", "依法暂不公开", "未报送"]


def test_no_number_of_the_release_draft_differs_from_the_page(client, office, shown):
    client.force_login(office.people.supervisor)
    page = re.sub(r"\s+", " ", client.get(RELEASE).content.decode())
    paper = downloaded(client)
    counted = next(words for words in paragraphs_of(paper) if "项承诺中" in words)
    assert (
        shown.counted
        == "4 项承诺中，公布进展 1 项，未报送 1 项，退回修改中 1 项，依法暂不公开 1 项。"
    )
    assert shown.counted in page
    assert counted == shown.counted
    for heading, line in [("未报送 1 项", shown.silent[0]), ("退回修改中 1 项", shown.returned[0])]:
        assert line.owner in page.split(f"<summary>{heading}")[1].split("</details>")[0]
        assert any(
            line.task.code in words and line.owner in words for words in paragraphs_of(paper)
        )


def test_the_release_draft_names_silent_units_and_the_law_of_a_withheld_line(office, shown):
    paper = paper_of(office, shown)
    assert paragraph_after(paper, "一、未报送的") == "第103项 第103项（wp2013-103）：教育局"
    assert (
        paragraph_after(paper, "三、退回修改中的")
        == "第101项 第101项（wp2013-101）：教育局，2013年7月2日首次报送"
    )
    assert (
        paragraph_after(paper, "四、依法暂不公开的")
        == f"第102项 第102项（wp2013-102）：依据{LAW}，2014年7月1日再审查"
    )


def test_the_release_draft_says_none_under_every_empty_heading(office):
    office.verify(office.submit())
    paper = paper_of(office, preview(office.period, office.prepare(), at=JULY_30))
    headings = ["一、未报送的", "二、经批准延期报送的", "三、退回修改中的", "四、依法暂不公开的"]
    assert [paragraph_after(paper, heading) for heading in headings] == ["没有。"] * 4


def test_the_release_draft_ends_with_lines_to_sign(office, shown):
    assert paragraphs_of(paper_of(office, shown))[-4:] == [
        "准备人：赵督查（2013年7月16日）",
        "签字：               年   月   日",
        "批准人：",
        "签字：               年   月   日",
    ]


def test_the_release_draft_is_laid_out_as_the_standard_requires(office, shown):
    paper = paper_of(office, shown)
    page = paper.sections[0]
    edges = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
    )
    assert [round(edge.mm) for edge in (*edges, page.right_margin)] == [210, 297, 37, 35, 28, 26]
    title, body = paper.paragraphs[0].runs[0], paper.paragraphs[3].runs[0]
    assert (face(title), title.font.size) == ("方正小标宋简体", Pt(22))
    assert (face(body), body.font.size) == ("仿宋_GB2312", Pt(16))
    assert {paragraph.paragraph_format.line_spacing for paragraph in paper.paragraphs} == {Pt(28)}
    assert "PAGE" in page.footer.paragraphs[0]._p.xml


def face(run) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


@pytest.mark.parametrize("demo", [True, False])
def test_the_release_draft_of_a_demonstration_says_so_in_head_and_title(office, prepared, demo):
    ReportingPeriod.objects.update(demonstration=demo)
    period = ReportingPeriod.objects.get(pk=office.period.pk)
    paper = paper_of(office, preview(period, prepared, at=JULY_30))
    assert ("演示" in paper.sections[0].header.paragraphs[0].text) is demo
    assert paper.paragraphs[0].text.startswith("【演示】") is demo


def test_the_page_names_the_units_to_be_urged_once_each(client, office, shown):
    assert shown.owing == [("未报送", ["教育局"]), ("退回修改中", ["教育局"])]
    client.force_login(office.people.supervisor)
    page = client.get(RELEASE).content.decode()
    assert "建议先催报" in page
    said = page.split("建议先催报")[1].split("</div>")[0]
    assert "未报送的：教育局\n" in said
    assert said.count("教育局") == 2


def test_the_page_shows_each_line_as_the_public_will_read_it(client, office, prepared):
    client.force_login(office.people.publisher)
    page = client.get(RELEASE).content.decode()
    assert "安监局说" in page
    assert "督查室核查后说" in page
    assert "逐条状态（3 条）" in page
    assert "第 1 版" not in page


def test_the_release_draft_says_that_it_is_a_preview_until_it_is_prepared(client, office):
    client.force_login(office.people.leader)
    paper = downloaded(client)
    assert "预览，尚未准备报审稿" in paragraphs_of(paper)[2]


def test_there_is_no_release_draft_once_the_quarter_is_public(client, office):
    office.publish()
    client.force_login(office.people.supervisor)
    assert client.get(f"{RELEASE}draft.docx").status_code == 404
