"""The settings; what a site may change comes from the environment and is checked."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from common.site_profile import load_profile

BASE_DIR = Path(__file__).resolve().parent.parent
FIXTURES = BASE_DIR / "fixtures"
VAR = BASE_DIR / "var"
env = environ.Env()
# What the environment itself says counts more than the file; an empty PORTAL_ENV_FILE reads none.
ENV_FILE = env.str("PORTAL_ENV_FILE", default=None)
if ENV_FILE is None:
    ENV_FILE = next(filter(os.path.exists, ("/etc/portal.env", str(BASE_DIR / ".env"))), "")
if ENV_FILE:
    try:
        with Path(ENV_FILE).open(encoding="utf-8") as lines:
            env.read_env(lines)
    except OSError as error:
        raise ImproperlyConfigured(
            f"读不了环境文件 {ENV_FILE}（{error.strerror}），请用站点自己的账号运行，"
            "例如 sudo -u portal。"
        ) from error


def secret(name: str, *, trial: bool) -> str:
    """A secret from the environment; only a trial on one's own machine may leave it unset."""
    value = env.str(name, default="")
    if value:
        return value
    if trial:
        return f"only-for-this-machine-{name.lower()}-not-secret-at-all"
    raise ImproperlyConfigured(f"set {name} (see README, running on PostgreSQL)")


def shared_caches(address: str) -> dict[str, dict]:
    """The caches of a site on several machines; "pages" is there only then."""
    shared = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}
    # A store that hangs is given up: pages are made afresh then.
    options = {"socket_timeout": 2, "socket_connect_timeout": 2}
    return {
        name: shared | {"KEY_PREFIX": name, "OPTIONS": options}
        for name in ("default", "brakes", "pages")
    }


# Without a secret key this is a trial, reachable only from its own machine; with one a site.
TRIAL = env.bool("TRIAL", default=not env.str("SECRET_KEY", default=""))
# What `collectstatic` gathers for the web server.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
# What only a site has: where a key is missing then, it was forgotten, and nobody meant a trial.
MARKS_OF_A_SITE = [
    mark for mark in (ENV_FILE, str(STATIC_ROOT / "staticfiles.json")) if os.path.isfile(mark)
]
if TRIAL and "TRIAL" not in os.environ and MARKS_OF_A_SITE:
    raise ImproperlyConfigured(
        f"这里是正式站点（有 {'、'.join(MARKS_OF_A_SITE)}），却没有读到 SECRET_KEY。"
        "请用站点的环境运行，例如 PORTAL_ENV_FILE=/etc/portal.env；只是试用，请设 TRIAL=1。"
    )
# Shows programmers the traceback; without it the portal's own error pages are shown.
DEBUG = env.bool("DEBUG", default=False)
# Decides which data file the embedded database uses, so that figures of the demonstration never
# reach a real site.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = secret("SECRET_KEY", trial=TRIAL)
# Keys of before, which still open what was signed with them: sessions and half-sent forms.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Comma-separated, newest first: the first key encrypts contacts and codes, all of them can still
# read.
CONTACT_KEYS = secret("CONTACT_KEYS", trial=TRIAL).split(",")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"] if TRIAL else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "public.views.errors.csrf_failure"

SITE = load_profile(FIXTURES / "sites" / env.str("SITE_PROFILE", default="yantian"))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "csp",
    "ledger",
    "departments",
    "tasks",
    "progress",
    "publishing",
    "supervision",
    "feedback",
    "subscriptions",
    "public",
    "workspace",
    "demo",
]

MIDDLEWARE = [
    "yantian_portal.middleware.log_requests",
    "public.health.tell_health",
    "yantian_portal.middleware.client_address",
    "public.kept_pages.keep_public_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yantian_portal.middleware.extra_headers",
    "csp.middleware.CSPMiddleware",
    "yantian_portal.middleware.known_methods",
    "yantian_portal.middleware.readable_first",
    "yantian_portal.middleware.loose_codes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yantian_portal.middleware.keep_sessions",
    "yantian_portal.middleware.SignInFirst",
    "yantian_portal.middleware.first_duties_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yantian_portal.middleware.keep_unsent_forms",
]

ROOT_URLCONF = "yantian_portal.urls"
WSGI_APPLICATION = "yantian_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["common.ui.components", "common.ui.page_components"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "departments.pages.frame.unsent",
                "workspace.context.portal",
            ],
        },
    }
]

DATABASES = {
    "default": env.db(
        "DATABASE_URL", default=f"sqlite:///{VAR / ('demo' if DEMO else 'portal')}.sqlite3"
    )
}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(exist_ok=True)
    # FULL, not NORMAL: a receipt handed to a citizen must survive a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY"
        ),
    }
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Of small tables PostgreSQL keeps no statistics and expects too much: compiling such a plan
    # takes it seconds.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Large enough for the throttle counts of a flood: an entry that is culled is no longer counted.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What is only read is counted by each process for itself: reading writes nothing.
    "brakes": {
        "BACKEND": "common.security.counts.CountsInMemory",
        "LOCATION": "brakes",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
# Redis or Valkey, for a site on several machines: redis://host:6379/0. What is counted and what is
# kept are then shared by all of them.
CACHE_URL = env.str("CACHE_URL", default="")
if CACHE_URL:
    CACHES = shared_caches(CACHE_URL)
# Megabytes of made pages and files each process keeps until the public version changes; 0 keeps
# none, so that a programmer sees each change of a template.
KEPT_PAGES_MB = env.int("KEPT_PAGES_MB", default=0 if DEBUG else 32)
# A process may go by a public version that it read so many seconds ago.
PUBLIC_VERSION_SECONDS = env.float("PUBLIC_VERSION_SECONDS", default=1.0)
# Files that take a second of work each, for an address and to each process.
FILES_A_MINUTE = env.int("FILES_A_MINUTE", default=20)

AUTH_USER_MODEL = "departments.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "departments.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "departments.passwords.SiteWordsValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "home"
# The posts that have to sign in with a one-time password as well; everybody else may.
SECOND_FACTOR_FOR = env.list("SECOND_FACTOR_FOR", default=[])
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)

# Half an hour without a request signs a person out; visitors have no session that could be saved.
SESSION_COOKIE_AGE = 30 * 60
# A session is saved at most so often, in seconds, and lives so much shorter than it might.
SESSION_SAVED_EVERY = 60
# However busy, a session ends after a working day.
SESSION_LONGEST = 12 * 3600
# A prefix that browsers let only this host set, over HTTPS and for the whole site.
if not TRIAL:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not TRIAL
SECURE_HSTS_SECONDS = 0 if TRIAL else 365 * 86400
# The other sites below a shared domain may not be served over HTTPS: only who runs them all may
# say so for them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_HOPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DATE_FORMAT = "Y年n月j日"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "common.files.stylesheets.ComposedStyles",
]
# Where the style sheets of the public pages lie as one file.
COMPOSED_ROOT = VAR / "composed"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TRIAL
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "common.files.storage.TransactionalStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TRIAL
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# A bucket of an S3-compatible store takes the place of the folder, for a site on several machines.
S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "common.files.s3.TransactionalS3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT"),
            "access_key": env.str("S3_ACCESS_KEY"),
            "secret_key": env.str("S3_SECRET_KEY"),
            "region_name": env.str("S3_REGION", default="us-east-1"),
        },
    }
# Never under a served address: evidence is private until a release makes it public.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR / "media"))()
FILE_UPLOAD_PERMISSIONS = 0o600
# A virus scanner, clamd, that is asked about each file before it is kept: /run/clamav/clamd.ctl or
# host:port. While it does not answer, no file is taken.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
# Where `backup` puts what it makes if it is not told: a disk of its own, not this one.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
# So many days each backup is kept, and then the first of each month for a year.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=30)
FILE_UPLOAD_HANDLERS = [
    "common.files.bounded_body.BoundedBody",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "common.files.spooling.LargeFile",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    # Counted by address; the address is what our own proxies saw, never what a
    # caller claims.
    "DEFAULT_THROTTLE_CLASSES": ["common.security.throttling.ApiThrottle"],
    "NUM_PROXIES": 0,
    "EXCEPTION_HANDLER": "common.rest.error_answer",
}

# Working days for which one report of a closed period stays open when a supervisor opens it again.
UNLOCK_DAYS = 3
# A letter sent in fewer seconds than this has to be confirmed once more.
LETTER_SECONDS = 3
# How long a citizen's contact is kept after the ticket was closed.
CONTACT_KEEP_DAYS = 180
# How long the sign-in log is kept; the law asks for 180 days at least.
SIGN_IN_KEEP_DAYS = max(180, env.int("SIGN_IN_KEEP_DAYS", default=3 * 365))
# So many failed sign-ins within 24 hours are told to auditors and administrators on their homes.
SIGN_IN_ALARM = env.int("SIGN_IN_ALARM", default=50)
# How long what a person typed into a staff form and never sent is kept.
UNSENT_KEEP_DAYS = 14
# Working days before (-) and after the due day on which units and supervisors are reminded.
REMINDER_OFFSETS = [-5, -3, -1, 0, 1, 5]
# Working days before the planned release on which heads learn what would be published as not
# reported.
RELEASE_WARNING_DAYS = 2
# How reminders are sent: EMAIL_URL alone means mail; with neither they are only collected.
EMAIL_URL = env.str("EMAIL_URL", default="")
NOTICE_CHANNEL = env.str(
    "NOTICE_CHANNEL", default="subscriptions.channels.MailChannel" if EMAIL_URL else ""
)
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
# The mailbox that `fetch_mail` reads letters to the office from:
# imaps://user:password@host/INBOX, imap+tls://… or maildir:///path (docs/operation.md).
MAILBOX_URL = env.str("MAILBOX_URL", default="")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="webmaster@localhost")
# The start of the links in mails, which are written without a request.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if TRIAL else "").rstrip("/")
if NOTICE_CHANNEL and not SITE_URL:
    raise ImproperlyConfigured(
        "set SITE_URL, so that reminders can link to the site (see docs/notices.md)"
    )
# Where the nightly check of the record leaves its head: a file outside the database, best on a disk
# of its own. Without it the heads leave by mail and with each release only.
LEDGER_WITNESS_FILE = env.str("LEDGER_WITNESS_FILE", default="")
# How much evidence one package for an inspection may hold, before it is packed.
INSPECTION_MAX_BYTES = env.int("INSPECTION_MAX_MB", default=500) * 1024 * 1024
# The person who prepares a release is not the one who publishes it; a very small office may switch
# this off.
TWO_PERSON_RELEASE = env.bool("TWO_PERSON_RELEASE", default=True)
# Whoever proposes to close a period before its due day is not the one who confirms it; a site with
# one supervisor and no leader among its users may switch this off.
TWO_PERSON_CLOSING = env.bool("TWO_PERSON_CLOSING", default=True)

# Below so many megabytes of free disk /readyz is no longer well.
READY_DISK_MB = env.int("READY_DISK_MB", default=500)
# "plain" for people, "json" for programs that gather logs; neither ever holds what people typed.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
# Who gets a mail when the portal itself has failed; needs EMAIL_URL.
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "common.logs.PlainFormatter"},
        "json": {"()": "common.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "admins": {"class": "common.logs.MailToAdmins", "level": "ERROR", "formatter": "plain"},
    },
    "root": {"handlers": ["console", "admins"] if ADMINS else ["console"], "level": "WARNING"},
    "loggers": {
        "portal.request": {"level": "INFO"},
        # The line of the request says it: what was not found or was refused is no fault.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Only a server for trying out; its lines would hold what was searched for.
        "django.server": {"level": "WARNING"},
    },
}
