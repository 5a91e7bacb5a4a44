"""What everybody may read, and what nobody may."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback import actions
from feedback.models import Ticket
from feedback.read_models.counts import TicketCounts, ticket_counts
from feedback.read_models.questions import questions_of
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
INDEX = "/feedback/"


@pytest.fixture
def desk(people, units):
    return people.clerk, units["anjianju"], people.reporter


def body(client, url: str) -> str:
    return client.get(url).content.decode()


def test_an_empty_list_says_why(client, db):
    assert "还没有公开的问答" in body(client, INDEX)
    assert "没有符合条件的问答" in body(client, f"{INDEX}?kind=complaint")


def test_a_published_question_shows_both_redacted_texts_dates_unit_and_days(
    client, desk, calendar_2013
):
    ticket = letters.published(*desk)
    for page in (body(client, INDEX), body(client, f"/feedback/{ticket.number}/")):
        for shown in (
            "报名电话打不通。",
            "电话已修好。",
            "安监局",
            "2013年7月2日",
            "2013年7月3日",
            "用时 1 个工作日",
        ):
            assert shown in page
        for private in ("林一", "海景路", letters.PHONE, "群众反映", "林一您好"):
            assert private not in page


def test_an_answer_on_the_day_of_the_question_says_so_wherever_it_is_read(
    client, desk, white_paper
):
    clerk, _, reporter = desk
    ticket = letters.handling(*desk, task=white_paper.task)
    actions.reply(ticket=ticket, text="已修好。", by=reporter, at=NOW)
    row = Ticket.objects.get()
    actions.publish(ticket=row, public_text="坏了。", public_reply="已修好。", by=clerk, at=NOW)
    for address in (INDEX, f"/feedback/{row.number}/", "/feedback/feed/", "/tasks/wp2013-18/"):
        page = client.get(address).content.decode()
        assert "当天答复" in page
        assert "用时 当天" not in page
        assert "0 个工作日" not in page


@pytest.mark.parametrize("stage", ["received", "accepted", "assigned", "handling", "answered"])
def test_nothing_is_public_before_publication(stage, client, desk):
    needed = {"received": 0, "accepted": 1, "assigned": 2, "handling": 3, "answered": 3}[stage]
    ticket = getattr(letters, stage)(*desk[:needed])
    assert client.get(f"/feedback/{ticket.number}/").status_code == 404
    assert ticket.number not in body(client, INDEX)


def test_a_page_taken_down_says_so_and_shows_nothing_else(client, desk):
    ticket = actions.withdraw(ticket=letters.published(*desk), at=NOW)
    page = client.get(f"/feedback/{ticket.number}/")
    assert page.status_code == 410
    assert "来信人撤回了公开同意" in page.content.decode()
    assert "电话" not in page.content.decode().partition("<main")[2].partition("</main")[0]


def test_the_list_is_narrowed_by_department_and_kind(client, desk, people, units):
    letters.published(*desk, token="a")
    letters.published(
        people.clerk, units["jiaoyuju"], people.stranger, token="b", kind="suggestion"
    )
    assert "YT-2013-000002" not in body(client, f"{INDEX}?department=anjianju")
    assert "YT-2013-000001" not in body(client, f"{INDEX}?kind=suggestion")
    assert "没有符合条件" in body(client, f"{INDEX}?department=anjianju&kind=suggestion")


def test_words_are_found_in_what_is_public_and_never_in_the_letter(client, desk):
    letters.published(*desk)
    for words, found in [
        ("电话", True),
        ("电话 修好", True),
        ("电话 海景路", False),
        ("林一", False),
        ("群众反映", False),
    ]:
        assert ("YT-2013-000001" in body(client, f"{INDEX}?q={words}")) == found


def test_a_wrong_filter_is_said_and_drops_nothing(client, desk):
    letters.published(*desk)
    page = body(client, f"{INDEX}?kind=praise")
    assert "有问题需要更正" in page
    assert "YT-2013-000001" in page


def test_the_public_list_asks_as_many_queries_for_twenty_questions_as_for_three(client, desk):
    def queries(url):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    for n in range(3):
        letters.published(*desk, token=f"few{n}")
    few = queries(INDEX)
    for n in range(17):
        letters.published(*desk, token=f"many{n}")
    assert queries(INDEX) == few <= 8


def test_public_pages_do_not_fetch_the_text_of_the_letter(client, desk):
    letters.published(*desk)
    with CaptureQueriesContext(connection) as captured:
        body(client, INDEX)
        body(client, "/feedback/YT-2013-000001/")
    columns = (
        "".join(query["sql"] for query in captured)
        .replace('"public_text"', "")
        .replace('"handling_text"', "")
    )
    assert '"feedback_ticket"."number"' in columns
    assert '"feedback_ticket"."text"' not in columns
    assert "feedback_contact" not in columns


def test_the_questions_of_a_task_are_its_published_ones(client, desk, white_paper, calendar_2013):
    letters.published(*desk, token="a", task=white_paper.task)
    letters.answered(*desk, token="b", task=white_paper.task)
    letters.published(*desk, token="c")
    [question] = questions_of(white_paper.task)
    page = body(client, f"{INDEX}?task=wp2013-18")
    assert ("YT-2013-000001" in page, "YT-2013-000003" in page) == (True, False)
    assert (question.number, question.kind, question.department) == (
        "YT-2013-000001",
        "咨询",
        "安监局",
    )
    assert (question.text, question.reply) == ("报名电话打不通。", "电话已修好。")
    assert (question.asked_on, question.answered_on, question.days) == (
        date(2013, 7, 2),
        date(2013, 7, 3),
        1,
    )


def test_counts_say_what_became_of_the_letters(desk, calendar_2013):
    letters.published(*desk, token="a")
    letters.answered(*desk, token="b", at=NOW - timedelta(days=20))
    letters.received("c")
    assert ticket_counts() == TicketCounts(
        received=3, unanswered=1, answered=2, on_time=1, published=1
    )


def test_a_demonstration_is_marked_wherever_it_is_shown(client, desk):
    letters.published(*desk, demonstration=True)
    for url in (INDEX, "/feedback/YT-2013-000001/"):
        assert "chip__demo" in body(client, url)
    assert '"demonstration":true' in Entry.objects.public().get().payload
    Ticket.objects.update(demonstration=False)
    assert "chip__demo" not in body(client, INDEX)
