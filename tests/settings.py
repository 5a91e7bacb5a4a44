"""The portal's own settings, with what costs a test run its time or its repeatability taken out."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# No test reads the environment file of a site or of a developer.
os.environ["PORTAL_ENV_FILE"] = ""

from yantian_portal.settings import *  # noqa: F403

# `make` exports the switch for `make run`; a test that wants the demonstration says so.
DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Whoever reads every page and file in a minute is a test; those about the brakes have a cache.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "brakes": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
# Most tests write behind the back of the actions; those about kept pages keep them.
KEPT_PAGES_MB = 0
# Each request saves its session, so that the first costs as many queries as the next.
SESSION_SAVED_EVERY = 0
STORAGES = {
    "default": {"BACKEND": "common.files.storage.TransactionalStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Straight from the sources: nothing is collected before a test.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = tempfile.mkdtemp(prefix="portal-media-")
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
# What is refused is answered and not logged: the tests are refused thousands of times.
LOGGING["loggers"] = {  # noqa: F405
    "django.request": {"level": "ERROR"},
    "portal.request": {"level": "ERROR"},
}
COMPOSED_ROOT = Path(tempfile.mkdtemp(prefix="portal-composed-"))
atexit.register(shutil.rmtree, COMPOSED_ROOT, ignore_errors=True)
# No test has to sit still before it sends a letter; the one that is about haste switches it on
# again.
LETTER_SECONDS = 0
