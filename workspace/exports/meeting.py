"""会议材料 as a Word file of one page, in smaller sizes than the other Word files."""

from io import BytesIO

from docx.shared import Pt

from common.office.word import BODY, CENTRED, HEADING, TITLE, add_run, new_document, paragraph, save
from workspace.read_models.meeting import Meeting

SIZE_TITLE, SIZE, LINE, LINE_TITLE = Pt(18), Pt(11), Pt(16), Pt(26)


def meeting_file(meeting: Meeting) -> BytesIO:
    """The Word file of the sentences the page shows."""
    paper = new_document(demonstration=meeting.demonstration)
    add_run(paragraph(paper, align=CENTRED, line=LINE_TITLE), meeting.title, TITLE, SIZE_TITLE)
    add_run(paragraph(paper, align=CENTRED, line=LINE), meeting.between, BODY, SIZE)
    add_run(paragraph(paper, line=LINE), meeting.in_words, BODY, SIZE)
    for part in meeting.parts:
        add_run(paragraph(paper, line=LINE), part.heading, HEADING, SIZE)
        numbered = [f"{number}. {words}" for number, words in enumerate(part.lines, 1)]
        for words in [*numbered, *filter(None, [part.left])]:
            add_run(paragraph(paper, line=LINE), words, BODY, SIZE)
    return save(paper, meeting.title)
