"""Lists of newcomers that are not taken, and a page of hand-overs that is not everybody's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from departments.forms import MAX_TABLE, PeopleForm

pytestmark = pytest.mark.django_db
HEAD = "用户名,姓名,单位,岗位\n"


def errors_of(text: str = "", data: bytes | None = None) -> list[str]:
    files = {"file": SimpleUploadedFile("名单.csv", data)} if data else {}
    return PeopleForm({"text": text}, files).non_field_errors()


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_list_of_newcomers_is_refused(text):
    assert errors_of(text) == ["请填写名单，或者上传表格。"]


def test_a_table_of_newcomers_with_a_head_alone_is_refused():
    assert errors_of(data=HEAD.encode()) == ["请填写名单，或者上传表格。"]


@pytest.mark.parametrize(
    ("more", "errors"), [(0, []), (1, ["文件太大，请只上传名单本身（不超过 2 MB）。"])]
)
def test_a_table_of_newcomers_is_read_up_to_two_megabytes(units, more, errors):
    assert MAX_TABLE == 2 * 1024 * 1024
    row = f"{HEAD}wang01,王一,教育局,填报员\n".encode()
    # The end is no row of its own: empty lines are passed over.
    assert errors_of(data=row.ljust(MAX_TABLE + more, b"\n")) == errors


@pytest.mark.parametrize("person", ["supervisor", "publisher", "clerk", "leader", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_of_hand_overs_is_refused_to_whoever_has_no_post_to_hand_over(
    client, people, person, method
):
    client.force_login(getattr(people, person))
    assert getattr(client, method)("/staff/hand-over/").status_code == 403
