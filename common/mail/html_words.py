"""The words of an HTML page, in time that grows only with its length."""

import html
import re

TAG = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})|<[!?]")
# What is hidden, and what ends it.
CLOSED_BY = {
    name: re.compile(rf"</{name}[^>]{{0,20}}>", re.IGNORECASE)
    for name in ("script", "style", "head", "title")
} | {"<!--": re.compile("-->")}
LINE_BREAK_TAGS = {
    *("br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
CELL_TAGS = {"td", "th"}
# Behind the end of a block a line begins, but for words only: the next block begins its own.
BLOCK_END = "\v"
CLOSED_BLOCK = re.compile(r"\v[\v ]*+\n?")
# Python refuses to read a number of thousands of digits.
ENDLESS_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")


def words_of_html(page: str) -> str:
    """The words of a page, with a line for each paragraph; what its tags hide is left out.

    A tag that never ends is no tag; where a comment or something hidden never ends, what follows it
    is kept as words.
    """
    pieces: list[str] = []
    position = 0
    endless: set[str] = set()
    while tag := TAG.search(page, position):
        end = _end_of(page, tag, endless)
        if not end:
            break
        pieces += [_characters(page[position : tag.start()]), _as_space(tag)]
        position = end
    pieces.append(_characters(page[position:]))
    said = CLOSED_BLOCK.sub("\n", "".join(pieces))
    return "\n".join(line.strip() for line in said.split("\n"))


def _end_of(page: str, tag: re.Match[str], endless: set[str]) -> int:
    """Where the page goes on after a tag, with what the tag hides; 0 if the tag never ends.

    `endless`: what was looked for before and has no end, so that it is looked for once.
    """
    name = _name(tag)
    end = page.find(">", tag.end()) + 1
    if name in endless or tag[1] or name not in CLOSED_BY:
        return end
    closing = CLOSED_BY[name].search(page, tag.end())
    if closing is None:
        endless.add(name)
        return end
    return closing.end()


def _name(tag: re.Match[str]) -> str:
    """The name of a tag; the sign itself where it has none."""
    return (tag[2] or tag[0]).lower()


def _as_space(tag: re.Match[str]) -> str:
    name = _name(tag)
    if name in LINE_BREAK_TAGS:
        return BLOCK_END if tag[1] else "\n"
    return " " if name in CELL_TAGS and not tag[1] else ""


def _characters(source: str) -> str:
    """Plain characters between two tags; the lines of the source mean nothing."""
    line = " ".join(source.split())
    before = " " if source[:1].isspace() and line else ""
    after = " " if source[-1:].isspace() else ""
    return html.unescape(ENDLESS_NUMBER.sub("\ufffd", f"{before}{line}{after}"))
