import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from demo.samples.people import noon
from demo.scale import FILED, JUDGED, OPENED, PUBLISHED, District
from ledger.actions import Actor, LedgerEvent, append
from progress.actions.periods import close_period, open_period
from progress.models import ReportingPeriod
from publishing.actions.releases import approve_release, prepare_release, publish_release
from publishing.models import Publication

# Name -> (at most, unit): what opening and publishing a quarter may cost, and cost others meanwhile.
LIMITS = {"开放": (10, "秒"), "发布": (60, "秒"), "内存峰值": (500, "MB"), "别人最长等待": (2, "秒")}
FORK = multiprocessing.get_context("fork")


class Command(BaseCommand):
    help = (
        "造一个大区（默认40个单位，每个50项任务），开放、填报、核查、准备、发布一个季度，另一个进程同时不停写公开记录；"
        "量出时间、内存和别人的等待，有一项超过上限即以1结束。只用自己新建、用完即删的库"
        "（SQLite在临时目录；PostgreSQL在DATABASE_URL的服务器上，名为bench_…，账号须能建库），不碰现有数据。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=40, help="单位数")
        parser.add_argument("--tasks", type=int, default=50, help="每个单位的任务数")
        parser.add_argument("--plans", type=int, default=1, help="分在几份文件里")

    def handle(self, *, units: int, tasks: int, plans: int, **options) -> None:
        # As on a site: a debugging machine keeps every query, which costs time and memory of its own.
        settings.DEBUG = False
        with throw_away_database():
            yardstick, _, _ = apart(insert_a_thousand_rows)
            district = apart(District, plans=plans, units=units, tasks=tasks)[2]
            opening, _, _ = apart(open_all, district)
            apart(file_all, district)
            with another_writer() as waits:
                publishing, megabytes, lines = apart(publish_all, district)
        self.stdout.write(
            f"{connection.vendor}：{plans}份文件，{units}个单位，公布{lines}项，同时别人写了{len(waits)}条记录。"
        )
        self.stdout.write(f"尺子：插入1000行用{yardstick:.3f}秒。")
        measured = zip(LIMITS, (opening, publishing, megabytes, max(waits)), strict=True)
        kept = [self.is_kept(name, value, yardstick) for name, value in measured]
        if not all(kept):
            sys.exit(1)

    def is_kept(self, name: str, value: float, yardstick: float) -> bool:
        limit, unit = LIMITS[name]
        ratio = f"，是尺子的{value / yardstick:.1f}倍" if unit == "秒" else ""
        self.stdout.write(f"{name}：{value:.2f}{unit}，上限{limit}{unit}{ratio}{'' if value <= limit else ' ← 超过'}")
        return value <= limit


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Empty and migrated, beside the one that is configured, which is not opened."""
    configured = connection.settings_dict["NAME"]
    with TemporaryDirectory() as folder:
        name = f"bench_{os.getpid()}"
        connection.settings_dict["TEST"]["NAME"] = name if connection.vendor == "postgresql" else f"{folder}/{name}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)


def apart(action: Callable, *args, **kwargs) -> tuple[float, float, Any]:
    """Does it in a process of its own: (seconds, megabytes at its peak, what it returned)."""
    connections.close_all()
    with ProcessPoolExecutor(1, FORK) as pool:
        return pool.submit(measured, action, *args, **kwargs).result()


def measured(action: Callable, *args, **kwargs) -> tuple[float, float, Any]:
    start = time.perf_counter()
    answer = action(*args, **kwargs)
    seconds = time.perf_counter() - start
    connections.close_all()
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, answer


def insert_a_thousand_rows() -> None:
    """What this machine and this database need for work that has nothing to do with us."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (id integer PRIMARY KEY, words varchar(200))")
        for number in range(1000):
            cursor.execute("INSERT INTO yardstick VALUES (%s, %s)", [number, "尺" * 100])


def open_all(district: District) -> None:
    for period in district.periods:
        open_period(period=period, by=district.supervisor, at=noon(OPENED))


def file_all(district: District) -> None:
    for period in district.periods:
        district.file_and_verify(period)
        close_period(period=period, by=district.supervisor, at=noon(FILED), reason="都已报送")
        judged = {"by": district.supervisor, "at": noon(JUDGED)}
        release = prepare_release(period=period, withheld={}, rest_public=True, **judged)
        approve_release(release=release, approved_by="区府办主任", approved_on=JUDGED, scan=None, **judged)


def publish_all(district: District) -> int:
    for period in ReportingPeriod.objects.order_by("pk"):
        publish_release(release=period.releases.get(), by=district.publisher, at=noon(PUBLISHED))
    return Publication.objects.count()


@contextmanager
def another_writer() -> Iterator[list[float]]:
    """Writes to the record all the while; the list holds afterwards how long each entry took, in seconds."""
    waits: list[float] = []
    connections.close_all()
    ours, theirs = FORK.Pipe()
    writer = FORK.Process(target=write_until_told, args=(theirs,))
    writer.start()
    ours.recv()
    try:
        yield waits
    finally:
        ours.send("enough")
        waits += ours.recv()
        writer.join()


def write_until_told(pipe) -> None:
    waits = []
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
            # Gave up waiting: the time it waited is what counts.
            pass
        waits.append(time.perf_counter() - start)
        # A breath, or on SQLite nobody else would ever get in between.
        time.sleep(0.005)
        if len(waits) == 1:
            pipe.send("begun")
    pipe.send(waits)
    connections.close_all()
