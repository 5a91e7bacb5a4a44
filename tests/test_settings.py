"""What a site gets when somebody forgets to set something: never a page that shows its insides."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from public.checks import media_in_the_tree

KEYS = {"SECRET_KEY": "one", "CONTACT_KEYS": "two"}
OURS = {
    *KEYS,
    "DEBUG",
    "TRIAL",
    "DEMO",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "EMAIL_URL",
    "NOTICE_CHANNEL",
    "SITE_URL",
}
ASK = (
    "from yantian_portal import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE,"
    " s.ALLOWED_HOSTS)"
)


def start(ask: str = ASK, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-c", ask]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_site_with_keys_does_not_debug_and_answers_to_no_name_by_itself():
    assert start(**KEYS).stdout.split() == ["False", "True", "[]"]


def test_without_anything_set_only_this_machine_can_call_and_it_too_sees_the_pages_of_the_house():
    told = start().stdout
    assert told.startswith("False False")
    assert "127.0.0.1" in told
    assert "*" not in told


@pytest.mark.parametrize("forgotten", KEYS)
def test_a_site_without_one_of_its_keys_does_not_start(forgotten):
    done = start(**{name: value for name, value in KEYS.items() if name != forgotten}, TRIAL="0")
    assert done.returncode != 0
    assert f"set {forgotten}" in done.stderr


def test_mail_without_an_address_of_the_site_does_not_start():
    mail = KEYS | {"EMAIL_URL": "smtp://mail.example:25"}
    assert "set SITE_URL" in start(**mail).stderr
    assert start(**mail, SITE_URL="https://portal.example").returncode == 0


def test_postgresql_compiles_no_plan_and_what_the_address_of_the_database_says_of_it_holds():
    ask = "from yantian_portal import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    assert "-c jit=off" in start(ask, DATABASE_URL="postgres:///portal").stdout
    own = start(ask, DATABASE_URL="postgres:///portal?options=-c%20jit%3Don").stdout
    assert "-c jit=on" in own
    assert "jit=off" not in own


def env_file(tmp_path, **values: str) -> dict[str, str]:
    file = tmp_path / "portal.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    return {"PORTAL_ENV_FILE": str(file)}


def test_a_site_reads_its_environment_file_and_the_environment_counts_more(tmp_path):
    file = env_file(tmp_path, **KEYS, ALLOWED_HOSTS="portal.example")
    assert start(**file).stdout.split() == ["False", "True", "['portal.example']"]
    assert "other.example" in start(**file, ALLOWED_HOSTS="other.example").stdout


def test_an_environment_file_without_the_key_starts_no_trial(tmp_path):
    forgotten = env_file(tmp_path, ALLOWED_HOSTS="portal.example")
    done = start(**forgotten)
    assert done.returncode != 0
    assert (
        f"这里是正式站点（有 {forgotten['PORTAL_ENV_FILE']}），却没有读到 SECRET_KEY" in done.stderr
    )
    assert start(**forgotten, TRIAL="1").stdout.startswith("False False")


def test_an_environment_file_that_cannot_be_read_is_named(tmp_path):
    done = start(PORTAL_ENV_FILE=str(tmp_path / "portal.env"))
    assert done.returncode != 0
    assert f"读不了环境文件 {tmp_path / 'portal.env'}" in done.stderr


def test_files_lie_in_a_bucket_where_one_is_named():
    ask = "from yantian_portal import settings as s; print(s.STORAGES['default']['BACKEND'])"
    store = {"S3_ENDPOINT": "https://s3.example", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}
    named = {"TRIAL": "1", "PORTAL_ENV_FILE": "", "S3_BUCKET": "files"}
    assert start(ask, **named, **store).stdout == "common.files.s3.TransactionalS3Storage\n"
    assert "S3_ENDPOINT" in start(ask, **named).stderr


def test_only_files_in_a_folder_are_asked_to_lie_outside_the_tree(settings):
    settings.MEDIA_ROOT = settings.BASE_DIR / "var" / "media"
    assert media_in_the_tree()
    settings.S3_BUCKET = "files"
    assert not media_in_the_tree()
