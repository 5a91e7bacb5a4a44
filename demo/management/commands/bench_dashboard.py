"""Measures whether the overview page gets slower when there are many plans."""

import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from demo.released_district import ReleasedDistrict
from demo.throw_away_database import throw_away_database

# How much slower the page may be among many plans than with one.
LIMIT = 2
ROUNDS = 15
SERVED_WITHOUT_WORK = (
    "yantian_portal.middleware.log_requests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "public.kept_pages.keep_public_pages",
)
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


class Command(BaseCommand):
    help = (
        "造一份和许多份（默认100份）文件，每份50项任务，四个季度都已公布，"
        "量出总览页面所用的处理器时间和查询次数；"
        f"多份的时间超过一份的{LIMIT}倍，或者查询次数不同，即以1结束。只用自己新建、用完即删的库，"
        "不碰现有数据。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plans", type=int, default=100, help="多到几份文件")
        parser.add_argument("--tasks", type=int, default=50, help="每份文件的任务数")

    def handle(self, *, plans: int, tasks: int, **_options: object) -> None:
        settings.DEBUG = False
        with throw_away_database():
            district = ReleasedDistrict(tasks=tasks)
            seconds_alone, queries_alone = self.measure(district, 1)
            seconds_among, queries_among = self.measure(district, plans)
        ratio = seconds_among / seconds_alone
        kept = ratio <= LIMIT and queries_alone == queries_among
        self.stdout.write(f"倍数：{ratio:.2f}，上限{LIMIT}{'' if kept else ' ← 超过'}")
        if not kept:
            sys.exit(1)

    def measure(self, district: ReleasedDistrict, plans: int) -> tuple[float, int]:
        """Prints and returns the seconds and queries of the page among this many plans."""
        district.grow_to(plans)
        seconds, queries = measure_page()
        self.stdout.write(
            f"{connection.vendor}：{plans}份文件，"
            f"每份{district.tasks}项：{seconds * 1000:.0f}毫秒，{queries}次查询"
        )
        return seconds, queries


def measure_page() -> tuple[float, int]:
    """The CPU seconds of the quickest of many requests, and the number of queries.

    The page is made afresh each time: nothing is served from files or from what is kept.
    """
    without_files = [name for name in settings.MIDDLEWARE if name not in SERVED_WITHOUT_WORK]
    plain = {"ALLOWED_HOSTS": ["*"], "STORAGES": settings.STORAGES | {"staticfiles": PLAIN_STATIC}}
    with override_settings(MIDDLEWARE=without_files, **plain):
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/dashboard/", secure=True)
        queries = len(captured)
        if response.status_code != 200:
            raise RuntimeError(f"/dashboard/ answers {response.status_code}")
        return min(time_request(client) for _ in range(ROUNDS)), queries


def time_request(client: Client) -> float:
    # Not the time on the wall, which measures the neighbours too.
    start = time.process_time()
    client.get("/dashboard/", secure=True)
    return time.process_time() - start
