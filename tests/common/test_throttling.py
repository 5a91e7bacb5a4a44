"""The throttle: who counts as one, how long one waits, and that the waiting ends."""

import sys
from dataclasses import replace

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import OperationalError
from django.test import RequestFactory

from common.security import heavy_files, throttling
from common.security.throttling import Throttle, callers, minutes
from tests.fixtures.concurrency import map_at_once
from tests.fixtures.routes import routes
from yantian_portal import settings as shipped

OURS = ("common.", "feedback.", "public.", "workspace.", "departments.")

THROTTLE = Throttle(
    "test", 100, most={"address": 3, "network": 5}, challenge_after={"address": 2, "all": 4}
)


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def attempt(address: str, *moments: float) -> dict[str, str]:
    who = callers(address) | {"all": "all"}
    for now in moments:
        THROTTLE.count(who, now)
    return who


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.1.2.3", "10.1.2.4", {"network"}),
        ("10.1.2.3", "10.1.3.3", set()),
        ("10.1.2.3", "::ffff:10.1.2.3", {"address", "network"}),
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::9", {"address", "network"}),
        ("2001:db8:1:1::1", "2001:db8:1:2::1", {"network"}),
        ("2001:db8:1:1::1", "2001:db8:2:1::1", set()),
        ("fe80::1%eth0", "fe80::2%eth1", {"address", "network"}),
        ("", "nonsense", set()),
    ],
)
def test_addresses_of_one_machine_or_network_count_as_the_same_caller(one, other, same):
    mine, theirs = callers(one), callers(other)
    assert {kind for kind in mine if mine[kind] == theirs[kind]} == same


def test_a_throttled_caller_waits_until_the_oldest_attempt_is_forgotten():
    who = attempt("10.1.2.3", 10, 20)
    assert THROTTLE.wait(who, 30) == 0
    THROTTLE.count(who, 30)
    assert [THROTTLE.wait(who, now) for now in (30, 40, 109.5, 110)] == [80, 70, 1, 0]


def test_a_network_waits_when_its_addresses_together_made_too_many_attempts():
    for n in range(5):
        attempt(f"10.1.2.{n}", n)
    assert THROTTLE.wait(callers("10.1.2.99"), 5) == 95
    assert THROTTLE.wait(callers("10.1.3.99"), 5) == 0


def test_a_challenge_comes_before_any_wait_and_for_all_when_all_are_too_many():
    assert THROTTLE.wait_unchallenged(attempt("10.1.2.3", 1), 2) == 0
    who = attempt("10.1.2.3", 2)
    assert (THROTTLE.wait_unchallenged(who, 3), THROTTLE.wait(who, 3)) == (98, 0)
    assert THROTTLE.wait_unchallenged(attempt("10.2.0.1", 4), 5) == 0
    assert (
        THROTTLE.wait_unchallenged(attempt("10.3.0.1", 5), 6)
        == THROTTLE.wait_unchallenged(callers("10.4.0.1") | {"all": "all"}, 6)
        > 0
    )


def test_a_kind_of_caller_no_limit_names_is_not_counted():
    who = {"number": "YT-2013-000001"}
    for now in range(9):
        THROTTLE.count(who, now)
    assert (THROTTLE.wait(who, 9), THROTTLE.wait_unchallenged(who, 9)) == (0, 0)


def test_the_cache_of_the_throttle_holds_no_address():
    who = attempt("10.1.2.3", 1)
    keys = {THROTTLE._key(kind, who) for kind in who}
    assert set(cache.get_many(keys)) == keys
    assert not any("10.1.2" in key for key in keys)


def test_a_wait_of_the_throttle_is_given_in_minutes_and_never_too_short():
    assert [minutes(seconds) for seconds in (1, 60, 61, 900)] == [
        "1分钟",
        "1分钟",
        "2分钟",
        "15分钟",
    ]


@pytest.mark.django_db
def test_a_flood_of_addresses_evicts_no_count_from_the_real_cache(settings):
    use_real_cache(settings)
    who = attempt("10.1.2.3", 1, 2, 3)
    for n in range(400):
        THROTTLE.count({"address": f"other {n}"}, 4)
    assert THROTTLE.wait(who, 5) == 96


def test_one_network_pushes_no_count_of_another_reader_out_of_the_memory(settings, monkeypatch):
    """An IPv6 network has more addresses than counts are kept."""
    memory = {"LOCATION": "brake_test", "OPTIONS": {"MAX_ENTRIES": 30}}
    settings.CACHES = settings.CACHES | {"brakes": shipped.CACHES["brakes"] | memory}
    caches["brakes"].clear()
    few = {"address": 2, "network": 20}
    monkeypatch.setattr(throttling, "API", replace(throttling.API, most=few))
    assert [allowed("2001:db8:9::1") for _ in range(3)] == [True, True, False]
    strangers = [f"2001:db8:1:{number:x}::1" for number in range(100)]
    assert sum(map(allowed, strangers)) == 20
    assert not allowed("2001:db8:9::1")


def allowed(address: str) -> bool:
    request = RequestFactory().get("/api/v1/", REMOTE_ADDR=address)
    return throttling.ApiThrottle().allow_request(request, None)


def test_counts_by_address_are_limited_by_network_and_one_network_fills_no_store():
    addresses = dict.fromkeys(shipped.CACHES, 0)
    for throttle in every_throttle():
        assert throttle.most.keys() & {"address", "network"} != {"address"}, throttle.name
        addresses[throttle.store] += throttle.most.get("network", 0)
    assert min(addresses.values()) > 0
    for store, number in addresses.items():
        assert number < shipped.CACHES[store]["OPTIONS"]["MAX_ENTRIES"] / 2


def test_a_store_in_the_database_that_refuses_is_not_passed_over(monkeypatch):
    """The transaction around it is lost, and whoever goes on would lose what they write."""

    def refuses(*_):
        raise OperationalError

    monkeypatch.setattr(type(caches["default"]), "get_many", refuses)
    with pytest.raises(OperationalError):
        THROTTLE.wait(callers("10.1.2.3"), 1)


def every_throttle() -> list[Throttle]:
    """Those of every module that the addresses need, each once."""
    routes()
    ours = [module for name, module in sys.modules.items() if name.startswith(OURS)]
    named = [value for module in ours for value in vars(module).values()]
    found = {value.name: value for value in named if isinstance(value, Throttle)}
    return [*found.values(), heavy_files._throttle()]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_instant_are_each_counted(settings):
    use_real_cache(settings)
    throttle = Throttle("instant", 100, most={"address": 48, "network": 49})
    who = {"address": "one", "network": "all"}
    map_at_once(lambda _: throttle.count_each(who, 1), [*range(16)] * 3)
    assert throttle.wait({"address": "one"}, 1) == 100
    assert throttle.wait({"network": "all"}, 1) == 0
    throttle.count(who, 1)
    assert throttle.wait({"network": "all"}, 1) == 100


def use_real_cache(settings) -> None:
    settings.CACHES = {"default": {**shipped.CACHES["default"], "LOCATION": "brake_test"}}
    call_command("createcachetable", verbosity=0)
    cache.clear()
