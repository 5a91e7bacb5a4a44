"""A person with a browser who follows every link: what is met is kept, address by address."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urldefrag, urljoin, urlsplit
from zipfile import ZipFile

from django.test import Client

CARRIES = {"a": "href", "link": "href", "img": "src", "script": "src", "use": "href"}
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Visit:
    address: str
    status: int
    headers: dict[str, str]
    text: str
    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


class Reader(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.links, self.anchors = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {given["id"]} if given.get("id") else set()
        self.links |= {given[CARRIES[tag]]} if given.get(CARRIES.get(tag)) else set()


def visit(client: Client, address: str) -> Visit:
    response = client.get(address)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    headers, text = dict(response.headers), words_of(data)
    if "Location" in headers:
        return Visit(address, response.status_code, headers, text, {urljoin(address, headers["Location"])})
    if not headers.get("Content-Type", "").startswith("text/html"):
        return Visit(address, response.status_code, headers, text)
    read = Reader(text)
    links = {urljoin(address, link) for link in read.links}
    return Visit(address, response.status_code, headers, text, links, read.anchors)


def words_of(data: bytes) -> str:
    """What a person would read of it; a table is a parcel of files, its letters written as numbers by some writers."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with ZipFile(BytesIO(data)) as parcel:
        # Writers differ in whether they spell out a character or give its number.
        return unescape("".join(parcel.read(name).decode("utf-8", "replace") for name in parcel.namelist()))


def crawl(client: Client, *starts: str, avoiding: re.Pattern = NOTHING) -> dict[str, Visit]:
    """Every address in the same part of the house; what a filter leads to is read but not followed further."""
    met: dict[str, Visit] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address in met:
            continue
        met[address] = visit(client, address)
        found = {urldefrag(link).url for link in met[address].links}
        followed = (link for link in found - met.keys() if is_followed(link, address, starts))
        waiting += sorted(link for link in followed if not avoiding.match(link))
    return met


def is_followed(link: str, address: str, starts: tuple[str, ...]) -> bool:
    """A visitor meets no door of the staff's; the size of the text is a switch on every page and no page."""
    filtered = "?" in link and ("?" in address or link.startswith("/admin/"))
    if urlsplit(link).netloc or link.startswith("/text-size/") or filtered:
        return False
    return link.startswith("/staff/") == starts[0].startswith("/staff/") or link.startswith("/static/")
