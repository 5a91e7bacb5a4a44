"""What the portal is measured against: a bare view and plain pages of untuned Django, in a project
with the middleware that `startproject` gives it. The application server runs `application`.
"""

import os

import django
import environ
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines

ROWS = 50
AS_STARTED = (
    "middleware.security.SecurityMiddleware",
    "contrib.sessions.middleware.SessionMiddleware",
    "middleware.common.CommonMiddleware",
    "middleware.csrf.CsrfViewMiddleware",
    "contrib.auth.middleware.AuthenticationMiddleware",
    "contrib.messages.middleware.MessageMiddleware",
    "middleware.clickjacking.XFrameOptionsMiddleware",
)
LIST = """<!DOCTYPE html><html lang="zh-CN"><title>任务</title><table>
{% for code, title, text in rows %}
<tr><td><a href="/tasks/{{ code }}/">{{ title }}</a></td><td>{{ text }}</td></tr>
{% endfor %}</table></html>"""

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="only-for-the-yardstick",  # noqa: S106
        ROOT_URLCONF="demo.bench.yardstick",
        MIDDLEWARE=[f"django.{name}" for name in AS_STARTED],
        INSTALLED_APPS=[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions")],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DATABASES={"default": environ.Env().db("DATABASE_URL")},
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def _rows() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, title, text FROM tasks_task ORDER BY id LIMIT {ROWS}")  # noqa: S608
        return list(cursor.fetchall())


def plain_list(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(LIST).render({"rows": _rows()}))


def plain_json(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"results": [dict(zip("cts", row, strict=True)) for row in _rows()]})


urlpatterns = [path("hello", bare), path("tasks/", plain_list), path("api/", plain_json)]
application = get_wsgi_application() if os.environ.get("BENCH_YARDSTICK") else None
