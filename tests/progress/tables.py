"""What stands in the tables of a page, row by row, and where its counts lead."""

import re
from html.parser import HTMLParser

BLANK = re.compile(r"\s+")


class Tables(HTMLParser):
    """{caption: rows of cells}, each cell its words; `links` are (words, address) inside the tables and paragraphs."""

    def __init__(self, page: str):
        super().__init__()
        self.tables, self.links = {}, []
        self._caption, self._row, self._inside, self._href = None, None, "", None
        self.feed(page.split("<main", 1)[1].split("</main>")[0])

    def handle_starttag(self, tag, attrs):
        self._inside = tag if tag in ("caption", "th", "td") else self._inside
        if tag == "caption":
            self._caption = ""
        elif tag == "tr":
            self._row = []
        elif tag in ("th", "td"):
            self._row.append("")
        elif tag == "br" and self._inside:
            self._row[-1] += " "
        elif tag == "a":
            self._href, self._words = dict(attrs).get("href", ""), ""

    def handle_endtag(self, tag):
        if tag == "caption":
            self._caption = self._caption.strip()
            self.tables[self._caption] = []
        elif tag == "tr":
            self.tables[self._caption].append([BLANK.sub(" ", cell).strip() for cell in self._row])
        elif tag == "a":
            self.links.append((self._words.strip(), self._href))
            self._href = None
        self._inside = "" if tag in ("caption", "th", "td") else self._inside

    def handle_data(self, data):
        if self._inside == "caption":
            self._caption += data
        elif self._inside:
            self._row[-1] += data
        if self._href is not None:
            self._words += data


def tables(response) -> dict[str, list[list[str]]]:
    return Tables(response.content.decode()).tables


def starting(response, caption: str) -> list[list[str]]:
    """The rows of all tables whose caption starts so, without their heads, as one table."""
    return [row for each, rows in tables(response).items() if each.startswith(caption) for row in rows[1:]]


def leads(response) -> list[tuple[int, str]]:
    """(figure, address) of every number that leads to a list of tasks."""
    found = Tables(response.content.decode()).links
    return [(int(words.split()[-1]), href) for words, href in found if href.startswith("/tasks/?")]


def listed(client, address: str) -> int:
    """How many tasks the list at this address says it has found."""
    return int(re.search(r"共找到 <b>(\d+)</b> 项", client.get(address).content.decode())[1])
