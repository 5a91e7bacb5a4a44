"""Rails under every test. The people and papers of the tests live in tests/fixtures/."""

import gc
import ipaddress
import os
import socket

import hypothesis
import pytest
from _pytest import runner
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, client
from xdist.scheduler import LoadScopeScheduling

from ledger import triggers
from tests.fixtures.public_writes import PublicWrites
from tests.fixtures.roomy import roomy

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.people",
    "tests.fixtures.quarter",
    "tests.fixtures.sites",
    "tests.fixtures.site",
    "tests.fixtures.documents",
    "tests.fixtures.report_form",
    "tests.fixtures.signing",
]

# The same examples on every machine, however slow it is.
hypothesis.settings.register_profile("portal", derandomize=True, deadline=None)
hypothesis.settings.load_profile("portal")


# Each of these folders builds one site for all its modules.
TOGETHER = ("tests/walks", "tests/demonstration")
# What takes longest, so that it begins first and no worker has to wait for it in the end.
LONG = (
    *TOGETHER,
    "tests/progress/test_permissions.py",
    "tests/progress/test_permitted_actions.py",
    "tests/progress/test_report_transitions.py",
    "tests/demo/test_bench.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_dashboard.py",
)


# Long tests that share nothing that is long to build: any worker may take the next one.
APART = ("tests/browser/test_dashboard.py", "tests/browser/test_pages.py")


class ByModule(LoadScopeScheduling):
    """One worker for a module, or for all modules that share a site."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(APART):
            return nodeid
        return next(
            (folder for folder in TOGETHER if nodeid.startswith(f"{folder}/")),
            super()._split_scope(nodeid),
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByModule(config, log)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "postgresql: a promise only PostgreSQL can keep; not collected elsewhere"
    )
    config.addinivalue_line(
        "markers", "both: a promise databases could keep differently; asked of each of them"
    )
    config.addinivalue_line("markers", "long: takes minutes; asked by make check-long only")


def pytest_collection_modifyitems(config, items):
    """Tests of the other database are left out, not skipped: a skip in CI is a failure.

    SQLite is asked everything. PostgreSQL is asked again what a database can do differently:
    constraints, locks, failures, imports, upgrades, searches, sums and orders of rows, and the
    demonstration, which goes through every action and every public page.
    """
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    left = [item for item in items if is_asked(item, on_sqlite=on_sqlite)]
    config.hook.pytest_deselected(items=list(set(items) - set(left)))
    items[:] = sorted(left, key=lambda item: not item.nodeid.startswith(LONG))


def is_asked(item, *, on_sqlite: bool) -> bool:
    if item.get_closest_marker("long") and not os.environ.get("CHECK_LONG"):
        return False
    if on_sqlite:
        return not item.get_closest_marker("postgresql")
    return bool(item.get_closest_marker("postgresql") or item.get_closest_marker("both"))


def pytest_collection_finish(session):
    """What is loaded by now lives to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """As pytest runs a test, with room for the frames of all that it calls."""
    return roomy(runner.pytest_runtest_protocol)(item, nextitem)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\nCI=true: a skipped test is a failed one.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def leaves_this_machine(family: int, address) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return False
    host = address[0]
    return host != "localhost" and not ipaddress.ip_address(host).is_loopback


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """A test that reaches for another machine fails, wherever it is run."""
    connect = socket.socket.connect

    def guarded(self, address):
        if leaves_this_machine(self.family, address):
            raise RuntimeError(f"a test tried to reach another machine: {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True, scope="session")
def no_page_grows_old():
    """Whatever the portal writes that public pages show raises their version, in every test."""
    with connection.execute_wrapper(PublicWrites()):
        yield


@pytest.fixture(autouse=True, scope="session")
def one_context_a_page():
    """`response.context` is that of the page itself.

    Django's client copies the context of every included part and of every component too: hundreds
    a page, and no test asks for them.
    """
    keep = client.store_rendered_templates

    def keep_the_first(store, signal, sender, template, context, **kwargs):
        if "context" not in store:
            keep(store, signal, sender, template, context, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", keep_the_first)
        yield


@pytest.fixture(autouse=True, scope="session")
def ledger_can_be_cleared():
    """Transactional tests end with a flush, which the append-only ledger refuses:
    its triggers rest meanwhile.
    """
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self):
        triggers.drop(connection)
        flush(self)
        triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
