"""Readers while something is published and removed: two web services of two processes each."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from tests.fixtures.published import LAW, take_down
from tests.fixtures.web_service import web_service

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TASK, QUARTER = "/tasks/wp2013-18/", "/quarters/2013-2/"
# Seconds after which nobody may be shown what was removed.
GONE_WITHIN = 2.0
# What the page says from the release to the removal.
WORDS = "完成培训 4000 人次"


def read(port: int, path: str) -> str:
    """What the page says; of a quarter that is not published yet, that there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as answer:
        answer.close()
        if answer.code != 404:
            raise
        return ""


@dataclass
class Readers:
    """They read until told to stop; `seen`: (when it was asked for, address, what it said)."""

    ports: list[int]
    seen: list[tuple[float, str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, number: int) -> None:
        while not self.stop.is_set():
            path, asked = (TASK, QUARTER)[number % 2], time.monotonic()
            self.seen.append((asked, path, read(self.ports[number % len(self.ports)], path)))
            time.sleep(0.02)


@contextmanager
def reading(ports: list[int]):
    readers = Readers(ports)
    threads = [threading.Thread(target=readers.run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        readers.stop.set()
        for thread in threads:
            thread.join(30)


def test_a_release_and_a_removal_are_seen_by_every_reader_within_two_seconds(office, tmp_path):
    office.verify(office.submit())
    with ExitStack() as services:
        both = [web_service(tmp_path, WEB_CONCURRENCY="2") for _ in range(2)]
        ports = [services.enter_context(one) for one in both]
        with reading(ports) as readers:
            time.sleep(1)
            office.publish()
            released = time.monotonic()
            time.sleep(GONE_WITHIN + 1)
            take_down(office, office.white_paper.task.publications.get(is_current=True))
            removed = time.monotonic()
            time.sleep(GONE_WITHIN + 1)
    pages = {path: [seen for seen in readers.seen if seen[1] == path] for path in (TASK, QUARTER)}
    for path, seen in pages.items():
        late = [text for asked, _, text in seen if asked > removed + GONE_WITHIN]
        between = [text for at, _, text in seen if released + GONE_WITHIN < at < removed - 0.5]
        assert min(len(late), len(between)) > 10, path
        assert [text for text in between if LAW in text] == []
        assert [text for text in late if LAW not in text] == []
    told = [
        text for asked, _, text in pages[TASK] if released + GONE_WITHIN < asked < removed - 0.5
    ]
    assert [text for text in told if WORDS not in text] == []
    # Nobody saw the words and their removal on one page.
    assert [text for _, _, text in readers.seen if LAW in text and WORDS in text] == []
    # Three states of each page, and nothing in between.
    for seen in pages.values():
        assert len({text for _, _, text in seen}) <= 3
