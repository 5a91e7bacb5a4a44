"""Servers that are started for a benchmark on loopback, asked, weighed and ended."""

import contextlib
import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

CLIENTS = 4
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Asked:
    """What a row of requests cost: CPU milliseconds of the server a request, requests a second, and
    status and bytes of the last answer.
    """

    cpu: float
    rate: float
    status: int
    size: int


class Server:
    """A process with its children, on a port of its own."""

    def __init__(self, port: int, process: subprocess.Popen) -> None:
        self.port, self.process = port, process

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def pids(self) -> list[int]:
        """The process and those it has started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, children.read_text().split())]

    def cpu(self) -> float:
        """CPU seconds of all of them so far."""
        return sum(_cpu_of(pid) for pid in self.pids())

    def memory(self) -> int:
        """Megabytes of the largest process, shared pages by their share."""
        return max(map(_memory_of, self.pids()))

    def ask(self, path: str, number: int, **headers: str) -> Asked:
        """Asks so many times over kept connections; each reader has an address of their own."""
        start, before = time.perf_counter(), self.cpu()
        with ThreadPoolExecutor(CLIENTS) as pool:
            jobs = [
                pool.submit(_ask, self.connect(), path, number // CLIENTS, headers)
                for _ in range(CLIENTS)
            ]
            answers = [job.result() for job in jobs]
        asked = number // CLIENTS * CLIENTS
        took = time.perf_counter() - start
        return Asked((self.cpu() - before) / asked * 1000, asked / took, *answers[0][:2])

    def etag(self, path: str, **headers: str) -> str:
        return _ask(self.connect(), path, 1, headers)[2]


def _ask(
    connection: http.client.HTTPConnection, path: str, number: int, headers: dict[str, str]
) -> tuple[int, int, str]:
    status = size = 0
    etag = ""
    for _ in range(number):
        caller = f"10.{random.randrange(30)}.{random.randrange(30)}.1"  # noqa: S311
        connection.request("GET", path, headers=headers | {"X-Forwarded-For": caller})
        answer = connection.getresponse()
        status, size, etag = answer.status, len(answer.read()), answer.headers.get("ETag", "")
    connection.close()
    return status, size, etag


def _cpu_of(pid: int) -> float:
    """By the nanosecond where the kernel tells: a file that nginx sends costs less than a tick."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    with contextlib.suppress(FileNotFoundError):
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


@contextlib.contextmanager
def web_server(application: str, **environment: str) -> Iterator[tuple[Server, float]]:
    """gunicorn as it is shipped; yields it and the seconds until its first answer."""
    port, begun = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application]
    given = {"PORT": str(port), "PORTAL_ENV_FILE": "", "WEB_MAX_REQUESTS": "0"} | environment
    process = subprocess.Popen(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=os.environ | given, stderr=subprocess.DEVNULL
    )
    server = Server(port, process)
    try:
        wait_for(server, "/hello" if "BENCH_YARDSTICK" in environment else "/about/")
        yield server, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(40)


def wait_for(server: Server, path: str) -> None:
    """Returns with the first answer; raises RuntimeError where none comes within a minute."""
    for _ in range(3000):
        with contextlib.suppress(OSError, http.client.HTTPException):
            _ask(server.connect(), path, 1, {})
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers on port {server.port}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
