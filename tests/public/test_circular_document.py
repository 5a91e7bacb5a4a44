"""The paper: laid out as the standard has it, honest about what it is,
and printed only where that can be done.
"""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from common.office.word import BODY, FOOT, HEADING, SUBHEADING, TIGHTER, TITLE
from progress.models import ReportingPeriod
from public.management.commands import circular_pdf
from tests.fixtures.seeded_tasks import seeded_quarter

PAGE, SHEET, PAPER = (
    "/quarters/2013-2/",
    "/quarters/2013-2/circular.xlsx",
    "/staff/quarters/2013-2/circular.docx",
)


@pytest.fixture
def release(office):
    return seeded_quarter(office)


@pytest.fixture
def word(client, office, release):
    client.force_login(office.people.supervisor)
    return Document(BytesIO(b"".join(client.get(PAPER).streaming_content)))


def face(run) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_the_circular_is_laid_out_as_the_standard_requires(word):
    page = word.sections[0]
    edges = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
    )
    assert [round(edge.mm) for edge in (*edges, page.right_margin)] == [210, 297, 37, 35, 28, 26]
    assert Mm(297 - 37 - 35) // Pt(28) == 22
    assert Mm(210 - 28 - 26) // (Pt(16) + Pt(float(TIGHTER) / 20)) == 28
    faces = {
        (face(run), run.font.size) for line in word.paragraphs for run in line.runs if run.text
    }
    assert {
        ("方正小标宋简体", Pt(22)),
        ("仿宋_GB2312", Pt(16)),
        ("黑体", Pt(16)),
        ("楷体_GB2312", Pt(16)),
    } <= faces


def test_page_numbers_of_the_circular_stand_at_the_outer_edge(word):
    page = word.sections[0]
    assert word.settings.odd_and_even_pages_header_footer
    for foot, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        line = foot.paragraphs[0]
        assert (line.text, line._p.pPr.jc.get(qn("w:val"))) == ("—  —", side)
        assert "PAGE" in line._p.xml
        assert {(face(run), run.font.size) for run in line.runs} == {("宋体", Pt(14))}


def words(client) -> str:
    word = Document(BytesIO(b"".join(client.get(PAPER).streaming_content)))
    tops = [word.sections[0].header, word.sections[0].even_page_header]
    return "\n".join(line.text for part in (*tops, word) for line in part.paragraphs)


def test_the_circular_of_a_real_site_has_a_head_and_places_for_number_and_day(
    client, office, release, settings
):
    settings.SITE = settings.SITE | {"supervisor": "示例区督查室"}
    client.force_login(office.people.supervisor)
    told = words(client)
    assert told.count("示例区督查室") == 2
    assert re.search(r"〔\d{4}〕　　号", told)
    assert "　　年　　月　　日" in told
    assert release.sha256 in told
    assert "演示" not in told


def test_the_circular_of_a_demonstration_has_no_head_number_or_seal_and_says_so(
    client, office, release
):
    ReportingPeriod.objects.update(demonstration=True)
    client.force_login(office.people.supervisor)
    told = words(client)
    assert told.count("演示数据，不是真实情况") == 2
    assert "【演示】关于2013年第二季度" in told
    assert "不是公文" in told
    assert "〕　　号" not in told
    assert "attachment" in client.get(SHEET)["Content-Disposition"]


def test_a_quarter_that_was_not_released_has_no_files(client, office):
    assert client.get(SHEET).status_code == 404
    client.force_login(office.people.supervisor)
    assert client.get(PAPER).status_code == 404


def test_a_visitor_finds_the_table_of_the_circular_and_staff_the_document_besides(
    client, office, release
):
    assert SHEET in client.get(PAGE).content.decode()
    assert PAPER not in client.get(PAGE).content.decode()
    client.force_login(office.people.stranger)
    assert PAPER in client.get(PAGE).content.decode()


def test_without_an_office_program_there_is_no_pdf_and_the_command_says_what_to_do(
    release, tmp_path, monkeypatch
):
    monkeypatch.setattr(circular_pdf, "CONVERTERS", ("no-such-program",))
    with pytest.raises(CommandError, match="没有 LibreOffice"):
        call_command("circular_pdf", "2013-2", tmp_path)


def converter(tmp_path, monkeypatch, script: str) -> None:
    """A program that is called as an office program is: its last word is the file,
    the one before the folder.
    """
    program = tmp_path / "office"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(circular_pdf, "CONVERTERS", (str(program),))


def test_with_an_office_program_the_circular_becomes_a_pdf(release, tmp_path, monkeypatch, capsys):
    converter(tmp_path, monkeypatch, 'head -c 2 "$7" > "${7%.docx}.pdf"')
    call_command("circular_pdf", "2013-2", tmp_path)
    assert (tmp_path / "2013年第二季度督查通报.pdf").read_bytes() == b"PK"
    assert "已生成" in capsys.readouterr().out


def test_typefaces_missing_for_the_circular_are_replaced_by_similar_ones(
    release, tmp_path, monkeypatch
):
    converter(tmp_path, monkeypatch, 'cp "$FONTCONFIG_FILE" "${7%.docx}.pdf"')
    call_command("circular_pdf", "2013-2", tmp_path)
    told = (tmp_path / "2013年第二季度督查通报.pdf").read_text("utf-8")
    named = {part.text for part in ElementTree.fromstring(told).findall("alias/family")}
    assert named == {TITLE, BODY, HEADING, SUBHEADING, FOOT}


@pytest.mark.parametrize("script", ["exit 1", "exit 0"])
def test_a_failed_conversion_of_the_circular_leaves_no_file(release, tmp_path, monkeypatch, script):
    converter(tmp_path, monkeypatch, script)
    with pytest.raises(CommandError, match="转换没有成功"):
        call_command("circular_pdf", "2013-2", tmp_path)


@pytest.mark.parametrize("quarter", ["2013-3", "2013", "x-y"])
def test_only_a_released_quarter_can_be_printed(release, tmp_path, monkeypatch, quarter):
    converter(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(CommandError, match="没有已公布的公报"):
        call_command("circular_pdf", quarter, tmp_path)
