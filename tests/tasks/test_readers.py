"""The same document out of every format is the same reading; what is not read is refused."""

import re

import pytest

from common.files.text_files import ImportProblem
from tasks.importing.blocks import Paragraph
from tasks.importing.parse import parse
from tasks.importing.preview import as_json
from tasks.importing.readers import document_from_bytes
from tests.fixtures.plan_files import as_docx, as_html, as_xlsx
from tests.fixtures.sources import BOTH, PAPER, PLAN, blocks_of, draft_of, source_of

LIST = [
    ["序号", "工作任务", "责任分工", "<", "完成时限"],
    ["^", "^", "牵头单位", "配合单位", "^"],
    ["一、民生", "<", "<", "<", "<"],
    ["1", "新建学校2所。", "教育局", "住建局\n财政局", "2024年12月"],
    ["^", "新增学位3000个。", "^", "人社局", "2024年9月"],
    ["2", "改造公园3座。", "城管局", "水务局", "全年"],
]


def read(draft) -> dict:
    """The reading without the lines of its doubts, which each format counts for itself."""
    shown = as_json(draft, ())
    return {key: value for key, value in shown.items() if key not in ("problems", "questions")}


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize(
    "make",
    [as_docx, as_html, lambda blocks: as_html(blocks, "gb18030")],
    ids=["docx", "html", "gb"],
)
def test_both_documents_are_read_alike_out_of_word_and_pages(make, path):
    draft = parse(document_from_bytes(make(blocks_of(path)), "made-up"))
    assert draft.blocking == []
    assert read(draft) == read(draft_of(path))


def test_the_tasks_of_the_white_paper_are_read_alike_out_of_a_workbook():
    rows = next(block for block in blocks_of(PAPER) if not isinstance(block, str))
    title = [["深圳市盐田区人民政府2013年度公共服务白皮书", "<", "<", "<"]]
    draft = parse(document_from_bytes(as_xlsx(title + rows), "made-up.xlsx"))
    assert draft.blocking == []
    assert read(draft)["sections"] == read(draft_of(PAPER))["sections"]
    assert draft.title == draft_of(PAPER).title


def test_labels_that_word_computes_are_read():
    numbered = [
        re.sub(r"^\d+\.", "#2", re.sub(r"^\([一二三四五六七八九十]+\)", "#1", line))
        for line in (re.sub(r"^[一二三]、", "#0", text) for text in blocks_of(PLAN))
    ]
    draft = parse(document_from_bytes(as_docx(numbered), "made-up.docx"))
    assert draft.blocking == []
    assert [len(section.tasks) for section in draft.sections] == [7, 7, 7, 5, 9, 6, 4]
    assert [task.title.text for task in draft.tasks] == [
        task.title.text for task in draft_of(PLAN).tasks
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda: as_docx(["某区2024年任务清单", LIST]),
        lambda: as_html(["某区2024年任务清单", LIST]),
        lambda: as_xlsx([["某区2024年任务清单", *["<"] * 4], *LIST]),
    ],
    ids=["docx", "html", "xlsx"],
)
def test_merged_cells_heads_of_two_rows_and_section_rows_are_read(make):
    draft = parse(document_from_bytes(make(), "made-up"))
    assert draft.blocking == []
    assert (draft.title, draft.year) == ("某区2024年任务清单", 2024)
    assert [section.title.text for section in draft.sections] == ["一、民生"]
    first, second = draft.tasks
    assert [(unit.name, unit.kind) for unit in first.responsibilities] == [
        ("教育局", "lead"),
        ("住建局", "supporting"),
        ("财政局", "supporting"),
        ("人社局", "supporting"),
    ]
    assert [words.text for words in first.sub_tasks] == ["新增学位3000个。"]
    assert (second.title.text, second.due) == ("改造公园3座", "全年")


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("make", [as_docx, as_html])
def test_offsets_point_to_the_words_and_no_word_is_lost(make, path):
    document = document_from_bytes(make(blocks_of(path)), "made-up")
    for block in document.blocks:
        cells = [block] if isinstance(block, Paragraph) else block.cells
        for each in cells:
            assert document.text[each.start : each.end] == each.text
    kept = re.sub(r"[\s|]", "", document.text)
    wanted = [block for block in blocks_of(path) if isinstance(block, str)]
    assert [line for line in wanted if re.sub(r"\s", "", line) not in kept] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_text_is_read_alike_in_every_usual_encoding(encoding):
    data = source_of(PLAN).text.encode(encoding)
    assert read(parse(document_from_bytes(data, "made-up.txt"))) == read(draft_of(PLAN))


def test_a_text_in_big5_is_read():
    text = "某區2024年工作計劃\n一、重點工作\n1.修路。修路1公里。（工務局負責）\n2024年1月1日"
    draft = parse(document_from_bytes(text.encode("big5"), "made-up.txt"))
    assert [task.title.text for task in draft.tasks] == ["修路"]


def test_signs_that_nobody_sees_part_no_number_from_its_words():
    text = source_of(PLAN).text.replace("\n1.", "\n\u200b1\ufeff.")
    assert len(parse(document_from_bytes(text.encode(), "made-up.txt")).tasks) == 45


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "是 PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx"),
        (b"\x89PNG\r\n", "是图片"),
        (b"Rar!\x1a\x07", "是压缩包"),
        (b"PK\x03\x04broken", "打不开"),
        (b"{\\rtf1", "另存为 .docx"),
        (b"<html><body></body></html>", "没有文字"),
    ],
)
def test_what_is_not_read_is_refused_with_the_way_out(data, words):
    with pytest.raises(ImportProblem, match=words):
        document_from_bytes(data, "made-up")


def test_tracked_changes_are_read_as_accepted_and_asked_about():
    document = document_from_bytes(tracked(), "made-up.docx")
    assert "新词" in document.text
    assert "旧词" not in document.text
    assert [doubt.kind for doubt in document.doubts] == ["tracked_changes"]


def tracked() -> bytes:
    """A Word file in which a word is replaced and nobody accepted it yet."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_docx(["甲词"]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                change = (
                    "<w:del><w:r><w:delText>旧词</w:delText></w:r></w:del>"
                    "<w:ins><w:r><w:t>新词</w:t></w:r></w:ins></w:p>"
                )
                content = content.replace(b"</w:p>", change.encode(), 1)
            new.writestr(name, content)
    return out.getvalue()


def test_two_thousand_rows_are_read_without_a_square():
    rows = [["序号", "工作任务", "责任单位"]]
    rows += [[str(n), f"完成第{n}件实事。", "教育局"] for n in range(1, 2001)]
    draft = parse(document_from_bytes(as_xlsx(rows), "made-up.xlsx"))
    assert len(draft.tasks) == 2000
