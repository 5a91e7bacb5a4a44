"""Joins the lines that a mail program broke only to keep them short (RFC 3676)."""

import re

# The line above a signature ends in a blank and is no broken one.
SIGNATURE = "-- "
QUOTED = re.compile(r">*")


def unbroken(text: str, *, without_blanks: bool) -> str:
    """The text in the lines that its writer typed.

    `without_blanks`: the blank at the end of a broken line is not part of the text, as programs say
    that write languages without blanks.
    """
    typed: list[str] = []
    # The marks of quotation before a line that goes on; None where none does.
    open_marks: str | None = None
    for line in text.split("\n"):
        marks = QUOTED.match(line)[0]  # type: ignore[index]
        words = line[len(marks) :].removeprefix(" ")
        goes_on = words.endswith(" ") and words != SIGNATURE
        kept = words[:-1] if goes_on and without_blanks else words
        if marks == open_marks:
            typed[-1] += kept
        else:
            typed.append(f"{marks} {kept}" if marks else kept)
        open_marks = marks if goes_on else None
    return "\n".join(typed)
