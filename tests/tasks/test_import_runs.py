"""A file on its way to a plan: uploaded, checked, handed over, published by somebody else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from departments.models import Department, Membership, Role
from ledger.models import Entry
from tasks.models import ImportRun, Plan, Responsibility, Task
from tests.fixtures.import_files import DOCUMENT
from tests.fixtures.people import TEXT
from tests.fixtures.plan_files import as_docx

pytestmark = pytest.mark.django_db


def fields_of(page: str) -> dict[str, str]:
    """What the form of the page holds, as a browser would send it."""
    form = re.search(r'<form[^>]*action="[^"]*/save/".*?</form>', page, re.DOTALL)[0]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        if name and ("radio" not in tag or "checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            data[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', inside)
        data[name] = chosen[1] if chosen else ""
    data.pop("csrfmiddlewaretoken", None)
    return data


class Desk:
    """One person of the staff at the pages of the imports."""

    def __init__(self, user):
        self.client = Client()
        self.client.force_login(user)

    def page(self, address: str = "") -> str:
        response = self.client.get(f"/staff/imports/{address}")
        assert response.status_code == 200, address
        return response.content.decode()

    def post(self, address: str, data: dict | None = None, *, at: str = "/staff/imports/"):
        return self.client.post(f"{at}{address}", data or {})

    def upload(self, text: str = DOCUMENT, name: str = "plan.txt"):
        return self.post("upload/", {"file": SimpleUploadedFile(name, text.encode())})

    def run(self) -> ImportRun:
        """The file uploaded last."""
        return ImportRun.objects.latest("pk")

    def hand_over(self, **changed):
        run = self.run()
        return self.post(f"{run.pk}/hand-over/", fields_of(self.page(f"{run.pk}/")) | changed)


@pytest.fixture
def supervisor(people) -> Desk:
    return Desk(people.supervisor)


@pytest.fixture
def publisher(people) -> Desk:
    return Desk(people.publisher)


@pytest.fixture
def waiting(supervisor) -> ImportRun:
    """A file that waits for the publisher."""
    assert supervisor.upload().status_code == 302
    assert supervisor.hand_over().status_code == 302
    return supervisor.run()


def test_an_uploaded_file_is_read_and_no_plan_is_written(supervisor):
    response = supervisor.upload()
    run = supervisor.run()
    assert response["Location"] == f"/staff/imports/{run.pk}/"
    assert (run.state, run.uploaded_by.username) == ("read", "supervisor")
    assert bytes(run.source_bytes) == DOCUMENT.encode()
    assert not Plan.objects.exists()
    words = supervisor.page(f"{run.pk}/")
    assert "读到 3 项任务" in words
    assert 'id="line-4"' in words
    assert 'href="#line-4"' in words


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "这个文件是空的"), ("%PDF-1.7", "是 PDF，读不出段落"), ("天气很好。", "没有")],
)
def test_a_file_in_which_nothing_is_recognised_is_refused_in_words(supervisor, text, words):
    response = supervisor.upload(text)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(supervisor):
    response = supervisor.upload("一" * 7_000_000)
    assert "文件太大" in response.content.decode()


def test_a_word_file_becomes_a_plan_that_keeps_it_byte_for_byte(supervisor, publisher):
    data = as_docx(DOCUMENT.strip().split("\n"))
    upload = SimpleUploadedFile("计划.docx", data)
    assert supervisor.post("upload/", {"file": upload}).status_code == 302
    assert supervisor.hand_over().status_code == 302
    publisher.post(f"{supervisor.run().pk}/publish/")
    response = Client().get("/plans/ap2027/source.txt")
    assert response.content == data
    assert response["Content-Disposition"] == 'attachment; filename="ap2027.docx"'


def test_the_same_file_is_on_its_way_only_once(supervisor):
    supervisor.upload()
    assert "这份文件已经上传" in supervisor.upload().content.decode()
    assert ImportRun.objects.count() == 1


def test_presets_offer_registered_units_collectives_and_new_units(supervisor):
    supervisor.upload()
    values = list(fields_of(supervisor.page(f"{supervisor.run().pk}/")).values())
    for expected in ("教育局", "城管局", "collective", "new", "ap2027", "2027-01-01"):
        assert expected in values


def test_what_is_handed_over_is_a_draft_that_the_public_does_not_see(waiting):
    plan = Plan.objects.get()
    assert (waiting.state, waiting.plan, plan.state) == ("checked", plan, "draft")
    assert plan.title == "示例区2027年民生实事行动计划"
    for address in (f"/plans/{plan.slug}/", f"/tasks/{plan.slug}-01/"):
        assert Client().get(address).status_code == 404
    assert not Entry.objects.public().exists()


def test_corrections_reach_the_plan(supervisor):
    supervisor.upload()
    supervisor.hand_over(
        title="示例区2027年实事",
        short_title="2027实事",
        slug="ss2027",
        document_number="示府〔2027〕1号",
        tracked_from="2027-04-01",
    )
    plan = Plan.objects.get()
    assert (plan.slug, plan.title, plan.short_title) == ("ss2027", "示例区2027年实事", "2027实事")
    assert (plan.document_number, str(plan.tracked_from)) == ("示府〔2027〕1号", "2027-04-01")


def test_a_document_dated_wrongly_is_stored_with_its_year(supervisor):
    supervisor.upload()
    supervisor.hand_over(starts_on="2028-01-01", ends_on="2028-12-31", slug="ap2028")
    plan = Plan.objects.get()
    assert plan.year == 2028
    assert {one.year for task in plan.tasks.all() for one in task.commitments.all()} == {2028}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "请填写文件名称"),
        ({"ends_on": "2026-01-01"}, "结束日期不能早于开始日期"),
        ({"slug": "2027"}, "以字母开头"),
        ({"unit-0": "没有的局"}, "没有“没有的局”这个选项"),
    ],
)
def test_what_cannot_be_stored_is_said_and_what_was_typed_is_kept(supervisor, changed, words):
    supervisor.upload()
    response = supervisor.hand_over(short_title="打好的字", **changed)
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert "打好的字" in page
    assert not Plan.objects.exists()


def test_the_facts_answer_what_is_asked_about_title_and_year(supervisor):
    lines = [line for line in DOCUMENT.split("\n") if "示例区" not in line and "月5日" not in line]
    supervisor.upload("\n".join(lines))
    kinds = {question["kind"] for question in supervisor.run().questions}
    assert {"title", "year"} <= kinds
    facts = {"title": "示例区实事", "starts_on": "2027-01-01", "ends_on": "2027-12-31"}
    assert supervisor.hand_over(slug="ss2027", **facts).status_code == 302
    plan = Plan.objects.get()
    assert (plan.title, plan.year) == ("示例区实事", 2027)
    assert {one.year for task in plan.tasks.all() for one in task.commitments.all()} == {2027}


def test_an_answer_that_asks_for_another_file_keeps_this_one_out(supervisor):
    supervisor.upload("\n".join(DOCUMENT.split("\n")[:-2]))
    (name,) = (name for name in fields_of(supervisor.page("1/")) if name.startswith("question"))
    page = supervisor.hand_over(**{name: "file"}).content.decode()
    assert "换一份完整的文件" in page
    assert not Plan.objects.exists()
    assert supervisor.run().answers


def test_names_matched_once_are_matched_again(supervisor, publisher, waiting):
    publisher.post(f"{waiting.pk}/publish/")
    ImportRun.objects.update(corrections=waiting.corrections | {"units": {"绿化管理处": "城管局"}})
    supervisor.upload(DOCUMENT.replace("20座", "30座"))
    found = fields_of(supervisor.page(f"{supervisor.run().pk}/"))
    assert [found[f"unit-{i}"] for i in range(4)] == ["教育局", "城管局", "collective", "城管局"]


def test_the_publisher_shows_the_plan_and_its_new_units_are_registered_only_then(
    waiting, publisher
):
    assert not Department.objects.filter(short_name="绿化管理处").exists()
    assert publisher.post(f"{waiting.pk}/publish/").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.plan.state) == ("applied", "published")
    assert Client().get(f"/plans/{waiting.plan.slug}/").status_code == 200
    rows = Responsibility.objects.filter(department__short_name="绿化管理处")
    assert [(row.task.number, row.kind) for row in rows] == [(3, "supporting")]
    assert not Department.objects.filter(short_name__contains="各街道").exists()


def test_the_supervisor_who_checked_a_file_does_not_publish_it(waiting, people):
    unit = people.supervisor.memberships.get().department
    Membership.objects.create(user=people.supervisor, department=unit, role=Role.PUBLISHER)
    response = Desk(people.supervisor).post(f"{waiting.pk}/publish/")
    assert "要由另一位发布员公布" in response.content.decode()
    assert Plan.objects.get().state == "draft"


def test_a_file_that_is_sent_back_keeps_its_answers_and_loses_its_draft(
    waiting, publisher, supervisor
):
    publisher.post(f"{waiting.pk}/return/", {"reason": "单位配错了"})
    assert not Plan.objects.exists()
    assert not Task.objects.exists()
    words = supervisor.page(f"{waiting.pk}/")
    assert "单位配错了" in words
    assert fields_of(words)["slug"] == "ap2027"
    assert supervisor.hand_over().status_code == 302
    assert Plan.objects.get().slug == "ap2027"


def test_the_next_step_stands_on_the_list_of_work(waiting, publisher, supervisor):
    assert "等您看过后公布或退回" in publisher.client.get("/staff/").content.decode()
    publisher.post(f"{waiting.pk}/return/", {"reason": "单位配错了"})
    words = supervisor.client.get("/staff/").content.decode()
    assert "文件导入：示例区2027年民生实事行动计划" in words
    assert "单位配错了" in words


def test_nobody_sends_back_without_a_reason(waiting, publisher):
    assert "请写明理由" in publisher.post(f"{waiting.pk}/return/").content.decode()
    assert Plan.objects.exists()


def test_a_discarded_file_leaves_who_and_when_and_nothing_public(waiting, supervisor):
    supervisor.post(f"{waiting.pk}/discard/")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.plan) == ("discarded", None)
    assert (waiting.uploaded_by.username, bool(waiting.closed_at)) == ("supervisor", True)
    assert not Plan.objects.exists()
    assert not Entry.objects.public().exists()
    assert "已作废" in supervisor.page()
    assert supervisor.upload().status_code == 302


def test_a_published_file_is_not_discarded(waiting, publisher, supervisor):
    publisher.post(f"{waiting.pk}/publish/")
    response = supervisor.post(f"{waiting.pk}/discard/")
    assert "这份文件现在已公布" in response.content.decode()
    assert Plan.objects.exists()


def test_a_publisher_sees_files_from_their_hand_over_on(supervisor, publisher):
    supervisor.upload()
    run = supervisor.run()
    assert publisher.client.get(f"/staff/imports/{run.pk}/").status_code == 404
    supervisor.hand_over()
    assert "退回督查员" in publisher.page(f"{run.pk}/")


def test_the_original_file_comes_back_byte_for_byte(waiting, publisher):
    response = publisher.client.get(f"/staff/imports/{waiting.pk}/original/")
    assert response.content == DOCUMENT.encode()
    assert response["X-Content-SHA256"] == waiting.sha256
    assert response["Content-Disposition"].startswith("attachment")


def test_a_publisher_withdraws_a_plan_with_a_reason(white_paper, publisher):
    assert "撤回 2013年度公共服务白皮书" in publisher.page()
    page = publisher.post("wp2013/withdraw/", at="/staff/plans/")
    assert "请写明理由" in page.content.decode()
    publisher.post("wp2013/withdraw/", {"reason": "已经废止"}, at="/staff/plans/")
    assert Plan.objects.get().state == "withdrawn"
    assert TEXT not in Client().get("/plans/wp2013/document/").content.decode()
