"""Before a letter goes: answers that are there already, and what many wait for;
never a word that is not public.
"""

import pytest
from django.core.cache import cache

from feedback import actions
from feedback.models import Ticket
from feedback.read_models.similar import similar_questions
from tests.fixtures import letters
from tests.fixtures.letter_form import CHECK, NEW, SEND, answers
from tests.fixtures.people import NOW

pytestmark = pytest.mark.usefixtures("taking_letters")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def desk(people, units):
    return people.clerk, units["anjianju"], people.reporter


def public(desk, text: str, **answers) -> Ticket:
    ticket = letters.answered(*desk, **{"token": text} | answers)
    return actions.publish(
        ticket=ticket, public_text=text, public_reply="见通知。", by=desk[0], at=NOW
    )


def near(text: str, task=None) -> list[str]:
    return [question.text for question in similar_questions(text, task)]


def test_the_most_similar_answers_come_first_and_at_most_three(desk):
    for text in (
        "海景路路灯坏了",
        "海景路的路灯什么时候修",
        "路灯坏了没人修",
        "海景路路灯太暗",
        "公厕几点开门",
    ):
        public(desk, text)
    found = near("海景路路灯坏了，什么时候修？")
    assert found[0] == "海景路路灯坏了"
    assert len(found) == 3
    assert "公厕几点开门" not in found


@pytest.mark.parametrize("text", ["请问什么时候可以？", "灯", "，。", "为什么怎么多少"])
def test_words_that_stand_in_every_question_find_no_similar_answer(text, desk):
    public(desk, "请问什么时候可以报名？为什么没有？")
    assert near(text) == []


def test_a_letter_about_a_task_is_offered_only_answers_about_that_task(desk, white_paper):
    public(desk, "安全培训怎么报名")
    public(desk, "安全培训报名要多少钱", task=white_paper.task)
    assert near("我想问安全培训报名的事", white_paper.task) == ["安全培训报名要多少钱"]


def test_an_answer_that_is_not_public_is_never_offered(desk, client):
    letters.answered(*desk)
    page = client.post(CHECK, answers(text=letters.WORDS)).content.decode()
    assert "也许已经有您要的答复" not in page
    assert "电话已修好" not in page


def test_the_check_page_shows_similar_answers_and_the_letter_can_still_be_sent(desk, client):
    public(desk, "路灯什么时候修好？", token="x")
    page = client.post(CHECK, answers()).content.decode()
    assert (
        page.index("也许已经有您要的答复")
        < page.index("见通知。")
        < page.index('type="submit">提交<')
    )
    assert client.post(SEND, answers()).status_code == 302


def test_the_form_names_tasks_often_asked_about_without_counting_complaints(
    people, white_paper, client
):
    title = f"{white_paper.task.title}</a>：3 件"
    for n in range(2):
        letters.received(f"e{n}", task=white_paper.task)
    letters.received("closed", task=white_paper.task)
    letters.received("general")
    for n in range(3):
        letters.received(f"c{n}", task=white_paper.task, kind="complaint")
    assert title in client.get(NEW).content.decode()
    actions.withdraw(ticket=Ticket.objects.get(form_token="closed"), at=NOW)
    assert "问得多的" not in client.get(NEW).content.decode()
