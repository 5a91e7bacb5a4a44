"""When something breaks, the visitor learns whose fault it is and what to do."""

import errno

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


@login_not_required
def full(request):
    raise OSError(int(request.GET["errno"]), "no room")


urlpatterns = [path("away/", away), path("broken/", broken), path("full/", full)]
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


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_asks_to_come_back(visitor, number):
    response = visitor.get(f"/full/?errno={number}")
    assert (response.status_code, response["Retry-After"]) == (503, "120")


def test_another_fault_of_a_file_is_ours(visitor):
    assert visitor.get(f"/full/?errno={errno.ENOENT}").status_code == 500


def test_words_sent_to_an_unreachable_database_are_given_back_but_for_the_password(visitor):
    sent = {"text": "路灯不亮，<请修>", "password": "密码二字", "kind": "enquiry"}
    page = visitor.post("/away/", sent).content.decode()
    assert "刚才提交的内容没有保存" in page
    assert "路灯不亮，&lt;请修&gt;" in page
    assert "密码二字" not in page


def test_a_request_that_cannot_be_read_is_answered_all_the_same(visitor):
    sent = visitor.post("/away/", b"no form", content_type="multipart/form-data; boundary=x")
    assert sent.status_code in {400, 503}
