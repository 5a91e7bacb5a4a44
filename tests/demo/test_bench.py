"""The bench of a large quarter: it measures in a database of its own,
and fails when a limit is broken.
"""

import os
import subprocess
import sys
from contextlib import nullcontext

import pytest
from django.conf import settings

from demo.management.commands import bench_dashboard, bench_serving
from demo.management.commands.bench_quarter import LIMITS, Command


@pytest.fixture
def bench(tmp_path):
    """Runs it for a handful of tasks, beside a database that is configured and
    must stay as it is.
    """

    def run(*arguments: str, bench: str = "bench_quarter") -> subprocess.CompletedProcess:
        database = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
        command = [sys.executable, "manage.py", bench, *arguments]
        environment = os.environ | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tests.fixtures.bench_settings",
        }
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
        )

    return run


def test_the_bench_prints_every_cost_beside_its_limit_in_a_database_of_its_own(bench, tmp_path):
    done = bench("--units", "2", "--tasks", "4", "--plans", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2份文件，2个单位，公布8项" in done.stdout
    assert [
        name for name, (limit, unit) in LIMITS.items() if f"上限{limit}{unit}" not in done.stdout
    ] == []
    assert "尺子" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_overview_of_one_document_is_timed_among_many_with_the_same_number_of_questions(
    bench, tmp_path
):
    done = bench("--plans", "3", "--tasks", "10", bench="bench_dashboard")
    assert done.stderr == ""
    few, many, ratio = done.stdout.splitlines()
    assert (few.split("：")[1], many.split("：")[1]) == ("1份文件，每份10项", "3份文件，每份10项")
    assert few.split("，")[-1] == many.split("，")[-1] == "14次查询"
    assert f"上限{bench_dashboard.LIMIT}" in ratio
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_grows_too_slow_or_asks_more_is_named(capsys, monkeypatch):
    for among, asked, passes in (((0.2), 12, True), ((0.21), 12, False), ((0.1), 13, False)):
        found = iter([(0.1, 12), (among, asked)])
        monkeypatch.setattr(bench_dashboard, "throw_away_database", nullcontext)
        monkeypatch.setattr(bench_dashboard, "ReleasedDistrict", lambda tasks: None)
        monkeypatch.setattr(
            bench_dashboard.Command, "measure", lambda *given, found=found: next(found)
        )
        with nullcontext() if passes else pytest.raises(SystemExit):
            bench_dashboard.Command().handle(plans=2, tasks=1)
        assert ("超过" not in capsys.readouterr().out) is passes


@pytest.mark.parametrize("name", LIMITS)
def test_a_broken_limit_is_named(name, capsys):
    limit, _ = LIMITS[name]
    assert Command().is_kept(name, limit, 1)
    assert not Command().is_kept(name, limit + 0.1, 1)
    assert capsys.readouterr().out.endswith("← 超过\n")


def test_without_nginx_the_bench_says_that_it_did_not_measure_through_it(monkeypatch):
    monkeypatch.setattr(bench_serving, "NGINX", None)
    (line,) = bench_serving.through_nginx(None, 100)
    assert "没有 nginx，没有量" in str(line)
    assert line.holds
