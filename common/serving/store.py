"""Answers that are kept until what they show changes, in memory that is bounded in bytes."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache, InvalidCacheBackendError

from common.serving.packing import PackedBytes
from common.text.canonical import digest

T = TypeVar("T")
logger = logging.getLogger(__name__)
# The name in CACHES of the store that several processes share; a site on one machine needs none.
SHARED = "pages"
# Seconds an answer stays in the shared store: its key holds the day, so longer is of no use.
A_DAY = 26 * 3600
# Seconds the others wait for whoever makes an answer, before they make it themselves.
PATIENCE = 5.0
# What an answer weighs besides its bodies: its headers, its key and the objects that hold them.
OVERHEAD = 4000


@dataclass(frozen=True)
class KeptAnswer:
    """A whole answer: its headers but for those of the encoding, and its body in each of them."""

    headers: dict[str, str]
    body: PackedBytes


class AnswerStore:
    """The answers one process keeps, the least recently asked for dropped first.

    `capacity`: bytes; 0 keeps nothing.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._lock = Lock()
        # Not one for each key, which would grow; two keys that share one only wait longer.
        self._turns = [Lock() for _ in range(64)]

    def get(self, key: str) -> KeptAnswer | None:
        """The answer under this key; from the shared store it is taken into this process's own."""
        with self._lock:
            if answer := self._answers.get(key):
                self._answers.move_to_end(key)
                return answer
        answer = _shared(lambda cache: cache.get(digest(key)))
        if answer is not None:
            self._take_in(key, answer)
        return answer

    def put(self, key: str, answer: KeptAnswer) -> None:
        """Keeps an answer here and for the other processes."""
        self._take_in(key, answer)
        _shared(lambda cache: cache.set(digest(key), answer, A_DAY))

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """One at a time makes the answer of a key: the others wait, and find it when they look."""
        turn = self._turns[hash(key) % len(self._turns)]
        has_turn = turn.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if has_turn:
                turn.release()

    def is_made_elsewhere(self, key: str) -> bool:
        """Whether another process makes this answer; waited for, so look again afterwards."""
        if _shared(lambda cache: cache.add(digest(f"making {key}"), 1, PATIENCE)) is not False:
            return False
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.05)
            if _shared(lambda cache: cache.has_key(digest(key))):
                return True
        return False

    def _take_in(self, key: str, answer: KeptAnswer) -> None:
        weight = _weight(answer)
        if weight > self.capacity // 8:
            return
        with self._lock:
            if old := self._answers.pop(key, None):
                self.size -= _weight(old)
            self._answers[key] = answer
            self.size += weight
            while self.size > self.capacity:
                _, dropped = self._answers.popitem(last=False)
                self.size -= _weight(dropped)


def _weight(answer: KeptAnswer) -> int:
    return answer.body.size + OVERHEAD


def _shared(ask: Callable[[BaseCache], T]) -> T | None:
    """What the shared store says; None without one, or where it does not answer.

    Pages are made afresh then: a store that is away costs time and no reader a page.
    """
    try:
        return ask(caches[SHARED])
    except InvalidCacheBackendError:
        return None
    # Each kind of store has exceptions of its own.
    except Exception as error:
        logger.warning("the shared store of pages does not answer: %s", type(error).__name__)
        return None
