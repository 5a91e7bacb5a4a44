"""What a reply repeats of the mail it answers, and the query codes that may stand in it."""

import re

from common.security.crypto import ALPHABET, CODE_LENGTH

# Characters of a line that are looked at.
MOST_LINE = 300
SEPARATOR = re.compile(
    r"[\s>]{0,99}[-_=—─]{2,99}\s{0,9}"
    r"(原始(邮件|信息|郵件|訊息)|(回复的|)原邮件|邮件原[件文]|转发(的|)邮件"
    r"|original( message)?|forwarded message)"
    r"\s{0,9}[-_=—─]{2}",
    re.IGNORECASE,
)
# It names a day or an address, unlike a sentence of the writer that ends in the same word.
WROTE = re.compile(
    r"(?=.*[\d@])[\s>]*(.{0,250}(写道|寫道)|(on|at)\b.{0,250}\bwrote)\s*[:：]?\s*", re.IGNORECASE
)
# Some programs break the line.
WROTE_ON_TWO_LINES = re.compile(rf"(?=on |at |在|于){WROTE.pattern}", re.IGNORECASE)
# A block of heads, as Outlook sets it on top of what it quotes.
FROM = re.compile(r"[\s>]*\**(发件人|寄件者|from)\**\s*[:：]", re.IGNORECASE)
OTHER_HEAD = re.compile(
    r"[\s>]*\**(发送时间|发送日期|日期|时间|收件人|主题|主旨|sent|date|to|subject)\**\s*[:：]",
    re.IGNORECASE,
)
RULE = re.compile(r"\n[ \t]*[-_]{5,}$")
HIDDEN = "（查询码已隐去）"
# Full-width signs, one for one, so that positions stay.
HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
FOUR = f"[{ALPHABET}]{{4}}"
BETWEEN = r"[\s>*_\-–—·.]{0,4}"
CODE = re.compile(
    rf"(?<![A-Z0-9]){FOUR}(?:{BETWEEN}{FOUR}){{{CODE_LENGTH // 4 - 1}}}(?![A-Z0-9])", re.IGNORECASE
)


def without_quotes(text: str) -> str:
    """The words of a reply without the mail they answer; the whole text if nothing would stay."""
    lines = text.split("\n")
    own = lines[: _quoted_from(lines)]
    kept = "\n".join(line for line in own if not line.lstrip().startswith(">"))
    return RULE.sub("", kept.rstrip()).strip() or text


def _quoted_from(lines: list[str]) -> int:
    """The line on which the quotation begins; behind the last one where there is none."""
    begins = (index for index in range(len(lines)) if _begins_quotation(lines, index))
    return next(begins, len(lines))


def _begins_quotation(lines: list[str], index: int) -> bool:
    line, two = lines[index][:MOST_LINE], " ".join(lines[index : index + 2])[: 2 * MOST_LINE]
    return bool(
        SEPARATOR.match(line)
        or WROTE.fullmatch(line)
        or WROTE_ON_TWO_LINES.fullmatch(two)
        or _is_block_of_heads(lines, index)
    )


def _is_block_of_heads(lines: list[str], index: int) -> bool:
    following = lines[index + 1 : index + 5]
    return bool(FROM.match(lines[index])) and any(map(OTHER_HEAD.match, following))


def without_codes(text: str, *codes: str) -> str:
    """The text with everything hidden that is one of the query codes or is written like one."""
    plain = text.translate(HALF_WIDTH)
    known = {code.upper() for code in codes}
    pieces, end = [], 0
    for match in CODE.finditer(plain):
        if _is_code(match[0], known):
            pieces += [text[end : match.start()], HIDDEN]
            end = match.end()
    return "".join([*pieces, text[end:]])


def _is_code(written: str, known: set[str]) -> bool:
    """Whether it is a code rather than four English words of four letters."""
    bare = re.sub(r"[\W_]", "", written)
    like_one = bare.isupper() or re.search(r"\d|-", written) is not None
    return like_one or bare.upper() in known
