"""The paragraphs of a document: which are headings, and which are left when only some are shown."""

from common.ui.chips import Chip, Tone
from public.read_models.document import DocumentBlock, DocumentPiece, behind
from tasks.models import Passage

SLOW, FINE = Chip("推进缓慢", Tone.BEHIND), Chip("正常推进", Tone.COURSE)


def block(kind: str, text: str, *, task=None, chip=None) -> DocumentBlock:
    return DocumentBlock(kind, task, [DocumentPiece(text, 0, chip=chip)])


def test_a_name_that_its_text_follows_in_the_line_is_a_heading_of_its_own():
    row = DocumentBlock("label", 1)
    for kind, text in (("label", "1."), ("task_title", "建公厕。"), ("task_text", "建七座。")):
        row.add(Passage(kind=kind), DocumentPiece(text, 0))
    assert row.tag == "div"
    assert [piece.text for piece in row.name] == ["1.", "建公厕。"]
    assert [piece.text for piece in row.rest] == ["建七座。"]


def test_a_label_without_a_name_is_no_heading():
    row = DocumentBlock("label", 1)
    for kind, text in (("label", "目标:"), ("goal", "建七座。")):
        row.add(Passage(kind=kind), DocumentPiece(text, 0))
    assert (row.tag, row.name) == ("p", [])


def test_what_is_behind_keeps_the_headings_above_it_and_no_others():
    blocks = [
        block("heading", "一、要求"),
        block("heading", "二、任务"),
        block("heading", "(一)经济"),
        block("task_text", "好的", task=1, chip=FINE),
        block("heading", "(二)社会"),
        block("task_title", "慢的任务", task=2),
        block("task_text", "慢的", task=2, chip=SLOW),
        block("task_text", "也慢的", task=3, chip=SLOW),
        block("heading", "三、保障"),
    ]
    shown = [row.text for row in behind(blocks)]
    assert shown == ["二、任务", "(二)社会", "慢的任务", "慢的", "也慢的"]


def test_what_is_behind_includes_the_name_of_a_task_whose_conclusion_is():
    blocks = [
        block("task_title", "未完成的任务", task=1),
        block("task_text", "好的", task=1, chip=FINE),
        block("task_title", "完成的任务", task=2),
    ]
    blocks[0].conclusion = Chip("未完成", Tone.LATE, "年终结论")
    blocks[2].conclusion = Chip("完成", Tone.DONE, "年终结论")
    assert [row.text for row in behind(blocks)] == ["未完成的任务"]
