"""What a fixture's site is known by: kept as JSON beside it, read again after an upgrade."""

import hashlib
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import time_machine
from django.apps import apps
from django.conf import settings
from django.test import Client, override_settings

HERE = Path(__file__).parent
# A migration or the framework fills these in itself.
FRAMEWORK_TABLES = {"django_content_type", "auth_permission"}

API = [f"/api/v1/{name}/" for name in ("plans", "tasks", "milestones", "departments")]
API += ["/api/v1/questions/", "/api/v1/letters/"]
# Their digests stand in the public record, so that no version may change a byte of them.
FILES = [f"/tasks/wp2013-18/quarters/2013-2/r{revision}.json" for revision in (1, 2)]
FILES += ["/plans/wp2012/year-end/2012.json", "/ledger/export.jsonl"]
PAGES = ["/tasks/wp2013-18/", "/tasks/wp2013-18/history/", "/quarters/2013-2/", "/dashboard/"]
PAGES += ["/plans/wp2012/year-end/2012/", "/feedback/", "/ledger/"]

NUMBER = re.compile(r"(?<![-0-9A-Za-z])\d+(?:[.,:-]\d+)*(?![0-9A-Za-z])")


def versions() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.json"))


def record_path(version: str) -> Path:
    return HERE / f"{version}.json"


def script_path(version: str, vendor: str) -> Path:
    return HERE / f"{version}.{vendor}.sql.gz"


def read_record(version: str) -> dict:
    return json.loads(record_path(version).read_text("utf-8"))


@contextmanager
def circumstances(record: dict) -> Iterator[None]:
    """The settings, the key and the moment of the fixture; settings younger than it as they are."""
    site = settings.SITE | record["site"]
    settings_then = override_settings(SITE=site, CONTACT_KEYS=record["contact_keys"])
    with settings_then, time_machine.travel(datetime.fromisoformat(record["at"]), tick=False):
        yield


def row_counts() -> dict[str, int]:
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model._base_manager.count()
        for model in sorted(models, key=lambda model: model._meta.db_table)
        if model._meta.db_table not in FRAMEWORK_TABLES
    }


def fetch(address: str) -> bytes:
    response = Client().get(address)
    assert response.status_code == 200, (address, response.status_code)
    return b"".join(response.streaming_content) if response.streaming else response.content


def api_answer(address: str):
    return json.loads(fetch(address))


def file_digest(address: str) -> str:
    return hashlib.sha256(fetch(address)).hexdigest()


def numbers(address: str) -> list[str]:
    """All numbers that a reader finds on the page; words may be put better later, numbers not.

    Digits inside digests and codes are no numbers.
    """
    main = fetch(address).decode().split("<main", 1)[1].split("</main>")[0]
    text = html.unescape(re.sub(r"<[^>]+>", " ", main))
    return sorted(set(NUMBER.findall(text)))
