"""督查通报 as somebody reads it who has the files and nothing else."""

import re
from decimal import Decimal
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

PAGE, SHEET, PAPER = "/quarters/2013-2/", "/quarters/2013-2/circular.xlsx", "/staff/quarters/2013-2/circular.docx"


def word_of(client):
    """Only for somebody who is signed in."""
    return Document(BytesIO(b"".join(client.get(PAPER).streaming_content)))


def book_of(client, address: str = SHEET, **asked):
    return load_workbook(BytesIO(b"".join(client.get(address, asked).streaming_content)))


def records(book, title: str) -> list[dict]:
    head, *lines = book[title].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def chapters(word) -> dict[str, list[str]]:
    """Head without numeral and count -> what stands under it."""
    found, under = {}, []
    for paragraph in word.paragraphs:
        if head := re.match(r"[一二三四五六七八九十]、([^（]+)", paragraph.text):
            under = found.setdefault(head[1], [paragraph.text])
        under.append(paragraph.text)
    return found


def codes_in(lines: list[str]) -> set[str]:
    return set(re.findall(r"wp2013-\d+", "".join(lines)))


def lines_of(table) -> list[dict[str, str]]:
    head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    return [dict(zip(head, row, strict=True)) for row in rows]


def table_headed(word, *heads: str):
    """The table that begins with these heads; None where the paper has none."""
    first = [([cell.text for cell in each.rows[0].cells][: len(heads)], each) for each in word.tables]
    return next((each for head, each in first if head == [*heads]), None)


def pictured(word) -> list[tuple]:
    """(caption, picture, table) of each picture: the parts of the paper before and behind it."""
    parts = list(word.element.body)
    at = [place for place, part in enumerate(parts) if part.findall(f".//{qn('wp:inline')}")]
    return [(parts[place - 1], parts[place], parts[place + 1]) for place in at]


def cells_of(table) -> list[list[str]]:
    return [[words_of(cell) for cell in row.findall(qn("w:tc"))] for row in table.findall(qn("w:tr"))]


def words_of(part) -> str:
    return "".join(text.text for text in part.iter(qn("w:t")))


def drawn_numbers(word) -> dict[str, tuple]:
    """Code -> (value, target, its upper end, gap) of the second quarter, read off the tables under the pictures."""
    found = {}
    for caption, _, table in pictured(word):
        code = "wp2013-" + re.search(r"第(\d+)项", words_of(caption))[1]
        plan, actual, gap = (row[2] for row in cells_of(table)[1:])
        low, _, high = plan.partition("至")
        signs = {"多": 1, "少": -1}
        far = Decimal(0) if gap == "相符" else signs[gap[0]] * Decimal(gap[2:]) if gap[0] in signs else None
        found[code] = (_number(actual), _number(low), _number(high), far)
    return found


def _number(words: str) -> Decimal | None:
    return Decimal(words) if words and words[0].isdigit() else None
