"""When something breaks, the visitor learns whose fault it is and what to do."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.test import Client
from django.urls import path

from yantian_portal import urls

handler500 = urls.handler500


@login_not_required
def away(request):
    raise OperationalError("could not connect")


@login_not_required
def broken(request):
    raise ZeroDivisionError("secret detail")


urlpatterns = [path("away/", away), path("broken/", broken)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_an_unreachable_database_asks_to_come_back(visitor):
    response = visitor.get("/away/")
    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert "网站暂时不能使用" in response.content.decode()
    assert "could not connect" not in response.content.decode()


def test_the_page_of_a_server_error_says_that_the_fault_is_ours(visitor):
    response = visitor.get("/broken/")
    assert response.status_code == 500
    assert "问题在我们这边" in response.content.decode()
    assert "secret detail" not in response.content.decode()
