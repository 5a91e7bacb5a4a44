"""会议材料 as a Word file of one page: the margins and faces of the other papers, set small enough to fit."""

from io import BytesIO

from docx.shared import Pt

from common.office.word import BODY, CENTRED, HEADING, TITLE, add_run, new_document, paragraph, save
from workspace.read_models.meeting import Meeting

SIZE_TITLE, SIZE, LINE, LINE_TITLE = Pt(18), Pt(11), Pt(16), Pt(26)


def meeting_file(shown: Meeting) -> BytesIO:
    """The file, from the very sentences the page shows."""
    paper = new_document(demonstration=shown.demonstration)
    add_run(paragraph(paper, align=CENTRED, line=LINE_TITLE), shown.title, TITLE, SIZE_TITLE)
    add_run(paragraph(paper, align=CENTRED, line=LINE), shown.between, BODY, SIZE)
    add_run(paragraph(paper, line=LINE), shown.in_words, BODY, SIZE)
    for part in shown.parts:
        add_run(paragraph(paper, line=LINE), part.heading, HEADING, SIZE)
        numbered = [f"{number}. {words}" for number, words in enumerate(part.lines, 1)]
        for words in [*numbered, *filter(None, [part.left])]:
            add_run(paragraph(paper, line=LINE), words, BODY, SIZE)
    return save(paper, shown.title)
