"""Measures what serving a page costs, beside a bare view and plain Django in the same run."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from demo.bench.proxy import NGINX, proxy_before
from demo.bench.servers import Asked, Server, web_server
from demo.released_district import ReleasedDistrict
from demo.throw_away_database import throw_away_database
from tasks.models import Task

# Of the CPU of a bare view: a kept answer, one for which the version is read each time, and 304.
KEPT, EACH_TIME = 1.2, 2.2
MOST_BYTES = {"/dashboard/": 16, "document": 24, "/api/v1/tasks/?page_size=50": 28}
# Of what a static file costs through the same nginx, in the processor and in requests a second.
THROUGH_NGINX = 2
STATIC = "/static/css/layout.css"
# Not the workbook, whose size says nothing about pages.
PROXIED = re.compile(r"/(tasks/(?!export)|api/|$)")
# What two rows of the same requests differ by.
WITHIN = 1.25
MOST_MEMORY = 130
LONGEST_START = 4
PACKED = {"Accept-Encoding": "br, gzip"}


@dataclass(frozen=True)
class Figure:
    """One line: what it is of, the figure in words, its ratio, and the most it may be."""

    name: str
    figure: str
    ratio: float
    most: float | None = None

    @property
    def holds(self) -> bool:
        return self.most is None or self.ratio <= self.most

    def __str__(self) -> str:
        limit = f"  上限 {self.most:g}{'' if self.holds else '  ← 超过'}" if self.most else ""
        return f"  {self.name:<46} {self.figure:>22} {self.ratio:>8.2f}{limit}"


class Command(BaseCommand):
    help = (
        "在本机起网站服务，量每种页面和接口的处理器时间、字节和内存，与同一次运行里的空白页面和"
        "不加优化的 Django 页面相比；有一项超过上限即以 1 结束。只用自己新建、用完即删的库"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--requests", type=int, default=2000, help="每一行问多少次")
        parser.add_argument("--plans", type=int, default=100, help="大的一种有几份文件")
        parser.add_argument("--tasks", type=int, default=50, help="每份文件的任务数")

    def handle(self, *, requests: int, plans: int, tasks: int, **_options: object) -> None:
        figures = [*self.of_demonstration(requests), *self.of_district(requests, plans, tasks)]
        if not all(figure.holds for figure in figures):
            sys.exit(1)

    def of_demonstration(self, requests: int) -> Iterator[Figure]:
        with throw_away_database(), mock.patch.object(settings, "DEMO", new=True):
            call_command("bootstrap", stdout=mock.Mock(), stderr=mock.Mock(), verbosity=0)
            self.stdout.write(f"{connection.vendor}，演示的两份文件，{Task.objects.count()} 项")
            yield from self.told(measured(requests, MOST_MEMORY))

    def of_district(self, requests: int, plans: int, tasks: int) -> Iterator[Figure]:
        with throw_away_database():
            ReleasedDistrict(tasks=tasks).grow_to(plans)
            call_command("createcachetable", verbosity=0)
            self.stdout.write(f"{connection.vendor}，{plans} 份文件，{Task.objects.count()} 项")
            # What a large workbook leaves in memory is bounded by another change.
            yield from self.told(measured(requests, None))

    def told(self, figures: Iterator[Figure]) -> Iterator[Figure]:
        for figure in figures:
            self.stdout.write(str(figure))
            yield figure


def addresses() -> dict[str, str]:
    """The pages, files and answers that are asked for, by the name of their line."""
    task = Task.objects.select_related("plan").order_by("pk")[0]
    paths = ["/", "/tasks/", f"/tasks/{task.code}/", "/dashboard/", "/feedback/"]
    named = {path: path for path in (*paths, "/api/v1/tasks/?page_size=50", "/tasks/export.xlsx")}
    return named | {"document": f"/plans/{task.plan.slug}/document/"}


def measured(requests: int, memory: int | None) -> Iterator[Figure]:
    """Every figure, each with its yardstick of the same minutes; `memory`: most megabytes."""
    environment = {"DATABASE_URL": database_url(), "TRIAL": "1", "TRUSTED_PROXY_HOPS": "1"}
    environment |= {"FILES_A_MINUTE": "100000", "ALLOWED_HOSTS": "127.0.0.1", "DEMO": ""}
    with web_server("demo.bench.yardstick", **environment, BENCH_YARDSTICK="1") as (plain, cold):
        plain.ask("/hello", requests // 4)
        bare = plain.ask("/hello", requests)
        yield Figure("空白页面", in_words(bare), 1)
        for name, path in {"不加优化的清单": "/tasks/", "不加优化的 JSON": "/api/"}.items():
            yield compared(name, plain.ask(path, 400), bare)
        with web_server("yantian_portal.wsgi", **environment) as (portal, start):
            yield Figure("到第一个页面的启动", f"{start:.1f} 秒", start / cold, LONGEST_START)
            yield from kept(portal, bare, requests, KEPT)
            yield from through_nginx(portal, requests)
            used = portal.memory()
            yield Figure("每个进程的内存", f"{used} MB", used / MOST_MEMORY, memory and 1)
        again = environment | {"PUBLIC_VERSION_SECONDS": "0"}
        with web_server("yantian_portal.wsgi", **again) as (portal, _):
            yield from kept(portal, bare, requests, EACH_TIME)
        with web_server("yantian_portal.wsgi", **environment, KEPT_PAGES_MB="0") as (portal, _):
            for name, path in addresses().items():
                yield compared(f"现做：{name}", portal.ask(path, 24), bare)


def kept(portal: Server, bare: Asked, requests: int, most: float) -> Iterator[Figure]:
    """What a kept answer costs, whole and where the reader has it already."""
    how = "版次一秒读一次" if most == KEPT else "版次每次都读"
    for name, path in addresses().items():
        # Each process makes it once.
        portal.ask(path, 80, **PACKED)
        asked = portal.ask(path, requests, **PACKED)
        yield compared(f"{how}：{name}", asked, bare, most)
        known = {**PACKED, "If-None-Match": portal.etag(path, **PACKED)}
        again = portal.ask(path, requests, **known)
        yield compared(f"  答 {again.status}", again, bare, over(asked, bare) * WITHIN)
        if limit := MOST_BYTES.get(name):
            yield Figure("  字节", f"{asked.size / 1024:.1f} KB", asked.size / 1024 / limit, 1)


def through_nginx(portal: Server, requests: int) -> Iterator[Figure]:
    """Kept pages through the project's own nginx files, beside a static file of the same."""
    if NGINX is None:
        yield Figure("经 nginx：这台机器没有 nginx，没有量", "", 0)
        return
    with proxy_before(portal) as proxy:
        static = warmed(proxy, STATIC, requests)
        yield compared(f"经 nginx：静态文件 {static.size / 1024:.0f} KB", static, static)
        for path in filter(PROXIED.match, addresses().values()):
            asked = warmed(proxy, path, requests)
            yield compared(f"经 nginx：{path} 答 {asked.status}", asked, static, THROUGH_NGINX)
            yield fewer(asked, static)


def warmed(server: Server, path: str, requests: int) -> Asked:
    server.ask(path, 80, **PACKED)
    return server.ask(path, requests, **PACKED)


def fewer(asked: Asked, static: Asked) -> Figure:
    """How many times more requests a second the static file bears."""
    rate = f"{asked.rate:.0f}/秒"
    return Figure("  静态文件每秒次数的倍数", rate, static.rate / asked.rate, THROUGH_NGINX)


def compared(name: str, asked: Asked, bare: Asked, most: float | None = None) -> Figure:
    return Figure(name, in_words(asked), over(asked, bare), most)


def over(asked: Asked, bare: Asked) -> float:
    return asked.cpu / bare.cpu


def in_words(asked: Asked) -> str:
    return f"{asked.cpu:.3f} 毫秒，{asked.rate:.0f}/秒"


def database_url() -> str:
    """The database in use, for a server that is started beside this process."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    return f"postgres:///{chosen['HOST']}/{chosen['NAME']}"
