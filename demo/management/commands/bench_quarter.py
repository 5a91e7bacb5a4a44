"""Measures what opening and publishing a quarter cost in a large made-up district."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from demo.district import ASSESSED, OPENED, PUBLISHED, District
from demo.samples.people import noon
from demo.throw_away_database import throw_away_database
from ledger.actions import Actor, LedgerEvent, append
from progress.actions.periods import close_period, open_period
from progress.models import ReportingPeriod
from publishing.actions.releases import approve_release, prepare_release, publish_release
from publishing.models import Publication

# What opening and publishing a quarter may cost, and make others wait: name -> (limit, unit).
LIMITS = {
    "开放": (10, "秒"),
    "发布": (60, "秒"),
    "内存峰值": (500, "MB"),
    "别人最长等待": (2, "秒"),
}
Result = TypeVar("Result")
FORK = multiprocessing.get_context("fork")


class Command(BaseCommand):
    help = (
        "造一个大区（默认40个单位，每个50项任务），开放、填报、核查、准备、发布一个季度，"
        "另一个进程同时不停写公开记录；"
        "量出时间、内存和别人的等待，有一项超过上限即以1结束。只用自己新建、用完即删的库"
        "（SQLite在临时目录；PostgreSQL在DATABASE_URL的服务器上，名为bench_…，账号须能建库），"
        "不碰现有数据。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=40, help="单位数")
        parser.add_argument("--tasks", type=int, default=50, help="每个单位的任务数")
        parser.add_argument("--plans", type=int, default=1, help="分在几份文件里")

    def handle(self, *, units: int, tasks: int, plans: int, **_options: object) -> None:
        # With DEBUG Django keeps every query, which costs time and memory that no site spends.
        settings.DEBUG = False
        with throw_away_database():
            new_district = partial(District, plans=plans, units=units, tasks=tasks)
            yardstick, _, _ = in_own_process(insert_a_thousand_rows)
            district = in_own_process(new_district)[2]
            opening, _, _ = in_own_process(partial(open_all, district))
            in_own_process(partial(file_all, district))
            with concurrent_writer() as waits:
                publishing, megabytes, lines = in_own_process(partial(publish_all, district))
        self.stdout.write(
            f"{connection.vendor}：{plans}份文件，{units}个单位，公布{lines}项，"
            f"同时别人写了{len(waits)}条记录。"
        )
        self.stdout.write(f"尺子：插入1000行用{yardstick:.3f}秒。")
        measured = zip(LIMITS, (opening, publishing, megabytes, max(waits)), strict=True)
        kept = [self.is_kept(name, value, yardstick) for name, value in measured]
        if not all(kept):
            sys.exit(1)

    def is_kept(self, name: str, value: float, yardstick: float) -> bool:
        """Prints a value beside its limit; returns whether the limit is kept."""
        limit, unit = LIMITS[name]
        ratio = f"，是尺子的{value / yardstick:.1f}倍" if unit == "秒" else ""
        self.stdout.write(
            f"{name}：{value:.2f}{unit}，"
            f"上限{limit}{unit}{ratio}{'' if value <= limit else ' ← 超过'}"
        )
        return value <= limit


def in_own_process(action: Callable[[], Result]) -> tuple[float, float, Result]:
    """Runs the action in a process of its own; returns (seconds, megabytes at the peak, result)."""
    connections.close_all()
    with ProcessPoolExecutor(1, FORK) as pool:
        return pool.submit(measure, action).result()


def measure(action: Callable[[], Result]) -> tuple[float, float, Result]:
    """Runs the action here; returns (seconds, megabytes at the peak, result)."""
    start = time.perf_counter()
    result = action()
    seconds = time.perf_counter() - start
    connections.close_all()
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result


def insert_a_thousand_rows() -> None:
    """The yardstick: work that tells how fast this machine and this database are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (id integer PRIMARY KEY, words varchar(200))")
        for number in range(1000):
            cursor.execute("INSERT INTO yardstick VALUES (%s, %s)", [number, "尺" * 100])


def open_all(district: District) -> None:
    """Opens the quarter of every plan."""
    for period in district.periods:
        open_period(period=period, by=district.supervisor, at=noon(OPENED))


def file_all(district: District) -> None:
    """Files and assesses every task, closes the quarters and prepares their releases."""
    for period in district.periods:
        district.file_and_verify(period)
        day_after = period.due_on + timedelta(days=1)
        close_period(period=period, by=district.supervisor, at=noon(day_after))
        by, at = district.supervisor, noon(ASSESSED)
        release = prepare_release(period=period, withheld={}, rest_public=True, by=by, at=at)
        approve_release(
            release=release,
            approved_by="区府办主任",
            approved_on=ASSESSED,
            scan=None,
            by=by,
            at=at,
        )


def publish_all(district: District) -> int:
    """Publishes every release; returns the number of publications."""
    for period in ReportingPeriod.objects.order_by("pk"):
        publish_release(release=period.releases.get(), by=district.publisher, at=noon(PUBLISHED))
    return Publication.objects.count()


@contextmanager
def concurrent_writer() -> Iterator[list[float]]:
    """Appends to the ledger in another process; afterwards the list holds the seconds per entry."""
    waits: list[float] = []
    connections.close_all()
    ours, theirs = FORK.Pipe()
    writer = FORK.Process(target=write_until_stopped, args=(theirs,))
    writer.start()
    ours.recv()
    try:
        yield waits
    finally:
        ours.send("enough")
        waits += ours.recv()
        writer.join()


def write_until_stopped(pipe: Connection) -> None:
    """Appends entries until the pipe has a message; sends back how long each one took."""
    waits: list[float] = []
    while not pipe.poll():
        start = time.perf_counter()
        try:
            with transaction.atomic():
                append(
                    [LedgerEvent("verify_record", "record", "chain", {"count": len(waits)})],
                    by=Actor(),
                    at=timezone.now(),
                )
        except OperationalError:
            # It gave up waiting; the time it waited is what counts.
            pass
        waits.append(time.perf_counter() - start)
        # Without a pause nobody else would ever get the lock of SQLite.
        time.sleep(0.005)
        if len(waits) == 1:
            pipe.send("begun")
    pipe.send(waits)
    connections.close_all()
