"""Brings workbooks of other programs into the one dialect that our reader knows.

Programs differ in the names of the parts, in vocabularies and encodings, and many write fonts,
fills, dates and rules that our reader refuses although nobody asked for them. So of a workbook only
that is handed on which tells what stands in its cells: rows, words, number formats, merged cells.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from openpyxl.xml.functions import fromstring

from common.files.packages import MAIN_TYPES, SHEET, TYPES_PART, part_key

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
# The vocabulary of the strict dialect, whose words are the same.
STRICT_MAIN = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
# What a relation names a part with cells.
SHEET_KIND = "worksheet"
USUAL_MAIN_PART = "xl/workbook.xml"
STYLES, WORDS = "xl/styles.xml", "xl/sharedStrings.xml"
# The number formats of cells stand between these; fonts and fills only have to be there.
STYLES_FRAME = (
    f'<styleSheet xmlns="{MAIN}">%s<fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>%s"
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
PREFIX = rb"((?:[\w.-]{1,40}:)?)"
ROOT = re.compile(rb"<%bworksheet(?:\s[^<>]*)?>" % PREFIX)
ROWS = re.compile(rb"<%bsheetData(?:[\s/][^<>]{0,200})?>" % PREFIX)
MERGED = re.compile(rb"""<%bmergeCell\s[^<>]{0,200}?ref=["']([A-Z0-9:]{3,30})["']""" % PREFIX)
LOOKS = re.compile(rb"<%brPr[\s>]" % PREFIX)
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")


@dataclass(frozen=True)
class _Relation:
    """What a part says of another: its kind, such as worksheet, and its key."""

    kind: str
    part: str


def in_known_dialect(data: bytes) -> bytes:
    """The workbook as our reader takes it: the sheets with their names, rows and number formats.

    `data`: a package that was checked and unfolds within bounds. Raises whatever a damaged one
    makes fail.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as known:
        for name, part in _known_parts(_Workbook(package)):
            known.writestr(name, part)
    return out.getvalue()


class _Workbook:
    """The parts of a package by their keys, and what its main part says of them."""

    def __init__(self, package: zipfile.ZipFile):
        self.package = package
        self.names = {part_key(name): name for name in package.namelist()}
        main = self._main_part()
        self.tree = self.parsed(main)
        folder, name = posixpath.split(main)
        related = self.parsed(f"{folder}/_rels/{name}.rels".lstrip("/"))
        self.relations = {
            one.get("Id", ""): _relation(one, folder) for one in related.iterfind("{*}Relationship")
        }

    def read(self, key: str) -> bytes:
        return _as_utf_8(self.package.read(self.names[key]))

    def parsed(self, key: str) -> Element:
        return fromstring(self.read(key))

    def _main_part(self) -> str:
        """The key of the part that names the sheets, which a program may call as it likes."""
        listed = self.parsed(part_key(TYPES_PART)).iterfind("{*}Override")
        keys = (part_key(one.get("PartName", "")) for one in filter(_is_of_a_book, listed))
        return next(filter(None, (key.lstrip("/") for key in keys)), USUAL_MAIN_PART)

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Title and key of each sheet with cells, in order."""
        for one in self.tree.iterfind("{*}sheets/{*}sheet"):
            relation = self.relations[_attribute(one, "id")]
            if relation.kind == SHEET_KIND:
                yield one.get("name", ""), relation.part

    def only(self, kind: str) -> str:
        """The key of the part of this kind; "" without one."""
        keys = (one.part for one in self.relations.values() if one.kind == kind)
        return next((key for key in keys if key in self.names), "")

    @property
    def begins_in_1904(self) -> bool:
        told = [one.get("date1904", "") for one in self.tree.iterfind("{*}workbookPr")]
        return bool({"1", "true", "on"} & set(told))


def _is_of_a_book(one: Element) -> bool:
    """Whether the list of types says that a part names the sheets."""
    kind = one.get("ContentType", "").encode()
    return any(name in kind for name, of in MAIN_TYPES.items() if of == SHEET)


def _relation(one: Element, folder: str) -> _Relation:
    target = part_key(one.get("Target", ""))
    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return _Relation(one.get("Type", "").rpartition("/")[2], path)


def _attribute(element: Element, name: str) -> str:
    """An attribute of another vocabulary than its element's."""
    named = (value for key, value in element.items() if key.endswith(f"}}{name}"))
    return next(named, "")


def _known_parts(book: _Workbook) -> Iterator[tuple[str, bytes | str]]:
    related, listed = [], []
    for number, (title, key) in enumerate(book.sheets(), 1):
        yield f"xl/worksheets/sheet{number}.xml", _rows_alone(book.read(key))
        related.append(_related(f"s{number}", SHEET_KIND, f"worksheets/sheet{number}.xml"))
        listed.append(f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="s{number}"/>')
    styles = book.only("styles")
    yield STYLES, _formats_alone(book.parsed(styles) if styles else Element("styleSheet"))
    typed = [_typed(f"/{USUAL_MAIN_PART}", "sheet.main")]
    if key := book.only("sharedStrings"):
        yield WORDS, _words_alone(book.read(key))
        typed.append(_typed(f"/{WORDS}", "sharedStrings"))
    day_one = '<workbookPr date1904="1"/>' if book.begins_in_1904 else ""
    yield (
        USUAL_MAIN_PART,
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{day_one}'
        f"<sheets>{''.join(listed)}</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{PACKAGE_RELATIONS}">{"".join(related)}</Relationships>',
    )
    yield TYPES_PART, f'<Types xmlns="{PACKAGE_TYPES}">{"".join(typed)}</Types>'


def _related(mark: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{mark}" Type="{RELATIONS}/{kind}" Target="{target}"/>'


def _typed(name: str, kind: str) -> str:
    of_sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return f'<Override PartName="{name}" ContentType="{of_sheets}.{kind}+xml"/>'


def _as_utf_8(part: bytes) -> bytes:
    """A part without the encoding that some programs choose, and without its mark."""
    if not part.startswith(UTF_16_MARKS):
        return part.removeprefix(b"\xef\xbb\xbf")
    return DECLARATION.sub("", part.decode("utf-16")).encode()


def _rows_alone(part: bytes) -> bytes:
    """A sheet without all but its rows and the ranges of its merged cells; whole where it is torn,
    so that the reader refuses it.
    """
    root, rows = ROOT.search(part), ROWS.search(part)
    if root is None or rows is None:
        return part
    begin, end = rows.start(), _end_of_rows(part, rows)
    closed = b"</%bworksheet>" % root[1]
    if part.find(closed, end) < 0:
        return part
    ranges = (b'<mergeCell ref="%b"/>' % ref for _, ref in MERGED.findall(part, end))
    return b"".join([_known_words(root[0]), _words_alone(part[begin:end]), *ranges, closed])


def _end_of_rows(part: bytes, rows: re.Match[bytes]) -> int:
    """Where the rows end that begin with this match; behind everything where they are torn."""
    if rows[0].endswith(b"/>"):
        return rows.end()
    closing = b"</%bsheetData>" % rows[1]
    end = part.rfind(closing, rows.end())
    return end + len(closing) if end >= 0 else len(part)


def _words_alone(part: bytes) -> bytes:
    """A part without what its words look like, which many programs write wrong."""
    kept, at = [], 0
    while begin := LOOKS.search(part, at):
        closing = b"</%brPr>" % begin[1]
        end = part.find(closing, begin.end())
        if end < 0:
            break
        kept.append(part[at : begin.start()])
        at = end + len(closing)
    return _known_words(b"".join([*kept, part[at:]]))


def _known_words(part: bytes) -> bytes:
    return part.replace(STRICT_MAIN, MAIN.encode())


def _formats_alone(styles: Element) -> str:
    """The styles without all but the number format of each cell."""
    named = [
        f'<numFmt numFmtId="{_number(one)}" formatCode={quoteattr(one.get("formatCode", ""))}/>'
        for one in styles.iterfind("{*}numFmts/{*}numFmt")
    ]
    used = [f'<xf numFmtId="{_number(one)}"/>' for one in styles.iterfind("{*}cellXfs/{*}xf")]
    formats = f"<numFmts>{''.join(named)}</numFmts>" if named else ""
    return STYLES_FRAME % (formats, f"<cellXfs>{''.join(used) or '<xf/>'}</cellXfs>")


def _number(one: Element) -> int:
    written = one.get("numFmtId", "")
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else 0
