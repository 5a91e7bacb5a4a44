"""Joins the lines that a mail program broke only to keep them short (RFC 3676)."""

# The line above a signature ends in a blank and is no broken one.
SIGNATURE = "-- "


def unbroken(text: str, *, without_blanks: bool) -> str:
    """The text in the lines that its writer typed.

    `without_blanks`: the blank at the end of a broken line is not part of the text, as programs say
    that write languages without blanks.
    """
    typed: list[str] = []
    # The marks of quotation before a line that goes on; None where none does.
    open_marks: str | None = None
    for line in text.split("\n"):
        marks, words = _parted(line)
        goes_on = words.endswith(" ") and words != SIGNATURE
        kept = words[:-1] if goes_on and without_blanks else words
        _add(typed, kept, marks, continues=marks == open_marks)
        open_marks = marks if goes_on else None
    return "\n".join(typed)


def _parted(line: str) -> tuple[str, str]:
    """The marks of quotation before a line, and its words without the blank set before them."""
    words = line.lstrip(">")
    return line[: len(line) - len(words)], words.removeprefix(" ")


def _add(typed: list[str], words: str, marks: str, *, continues: bool) -> None:
    if continues:
        typed[-1] += words
    else:
        typed.append(f"{marks} {words}" if marks else words)
