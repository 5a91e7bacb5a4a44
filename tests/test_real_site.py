"""Without the demonstration both documents are history: readable word for word,
and not one figure or reproach.
"""

import html
import re

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client

from departments.models import Department, User
from feedback.models import Ticket
from ledger.verification import verify
from progress.choices import Pace, Reporting, State, Timing, Trajectory
from progress.models import ReportingPeriod
from publishing.models import Publication
from tasks.models import Plan, Responsibility, Task
from tests.fixtures.page_text import UNSEEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_site")]
NOT_COLLECTED = "平台启用前，未采集"
# Neither document prints one of the others, so any sight of one would be a verdict of ours.
VERDICTS = {word.label for axis in (Pace, State, Timing, Trajectory, Reporting) for word in axis}
VERDICTS -= {
    NOT_COLLECTED,
    Timing.EARLY.label,
}  # the second is the paper's own word for what 2012 had done
LISTS_OF_WORDS = re.compile(r"<(form|select|head)\b.*?</\1>", re.DOTALL)


@pytest.fixture
def read():
    visitor = Client()

    def words(address: str, *, hidden: bool = True) -> str:
        """`hidden`: with the words that only screen readers say."""
        response = visitor.get(address)
        assert response.status_code == 200, address
        source = LISTS_OF_WORDS.sub("", response.content.decode())
        text = re.sub(r"<[^>]+>", "", source if hidden else UNSEEN.sub("", source))
        return html.unescape(text)

    return words


def addresses() -> list[str]:
    plans = [
        f"/plans/{plan.slug}/{page}" for plan in Plan.objects.all() for page in ("", "document/")
    ]
    tasks = [
        f"/tasks/{task.code}/{page}" for task in Task.objects.all() for page in ("", "history/")
    ]
    units = [f"/departments/{unit.slug}/" for unit in Department.objects.all()]
    boards = [
        f"/dashboard/{page}?plan={plan.slug}"
        for plan in Plan.objects.all()
        for page in ("", "recount/")
    ]
    return [
        *boards,
        "/",
        "/plans/",
        "/tasks/",
        "/departments/",
        "/quarters/",
        "/ledger/",
        "/feedback/",
        *plans,
        *tasks,
        *units,
    ]


def test_a_real_site_starts_with_two_documents_of_the_past_and_no_accounts(real_site):
    assert {plan.state for plan in Plan.objects.all()} == {"archived"}
    assert Plan.objects.count() == 2
    assert not any(model.objects.exists() for model in (User, Ticket, Publication, ReportingPeriod))
    assert "create_administrator" in real_site
    assert verify().sound


def test_no_page_of_a_real_site_passes_a_verdict_or_shows_a_sample(read):
    assert (Plan.objects.count(), Task.objects.count()) == (2, 65)
    assert Department.objects.count() > 20
    for address in addresses():
        text = read(address)
        assert not {word for word in VERDICTS if word in text}, address
        assert "演示" not in text, address


def test_the_pages_of_untracked_plans_say_why_nothing_is_known(read):
    assert NOT_COLLECTED in read("/tasks/wp2013-18/")
    assert NOT_COLLECTED in read("/tasks/ap2017-33/")


def printed(text: str) -> str:
    """The characters of a document, without the spaces, line ends and bars of its layout."""
    return re.sub(r"[\s|｜]", "", text)


@pytest.mark.parametrize(
    ("slug", "task_count", "milestone_count"), [("ap2017", 45, 0), ("wp2013", 20, 80)]
)
def test_every_task_and_every_milestone_of_a_document_is_shown_word_for_word(
    read, slug, task_count, milestone_count
):
    document = printed(read(f"/plans/{slug}/document/", hidden=False))
    tasks = Task.objects.filter(plan__slug=slug).prefetch_related("milestones")
    milestones = [row.text for task in tasks for row in task.milestones.all()]
    titles = [task.title for task in tasks]
    # A plan prints a text for each task, a white paper a goal.
    promises = [task.text or task.goal for task in tasks]
    assert (len(promises), len(milestones)) == (task_count, milestone_count)
    words = [printed(text) for text in [*titles, *promises, *milestones]]
    assert all(words)
    assert [text for text in words if text not in document] == []


@pytest.mark.parametrize("slug", ["ap2017", "wp2013"])
def test_not_a_character_of_a_document_is_left_out_or_moved(read, slug):
    document = read(f"/plans/{slug}/document/", hidden=False)
    assert printed(Plan.objects.get(slug=slug).source_text) in printed(document)


def test_an_unconfirmed_owner_is_nowhere_in_public(read, client):
    assert Responsibility.objects.filter(basis="proposed").exists()
    for task in Task.objects.filter(plan__slug="ap2017"):
        text = read(f"/tasks/{task.code}/")
        assert "待确认（原附件未随文公开）" in text
        assert "按职能推定" not in text
    shown = client.get("/api/v1/tasks/?plan=ap2017&page_size=200").json()["results"]
    assert len(shown) == 45
    assert all(task["departments"] == [] for task in shown)


def test_the_api_of_a_real_site_gives_no_figure_for_untracked_plans(client):
    body = client.get("/api/v1/tasks/?page_size=200").json()
    assert all(task["latest_publication"] is None for task in body["results"])
    assert settings.DEMO is False


def test_the_deploy_check_names_what_the_foot_cannot_show(settings):
    settings.SITE = settings.SITE | {"telephone": "", "find_errors": "https://example.invalid/"}
    settings.DEMO = False
    named = [
        message.msg
        for message in run_checks(include_deployment_checks=True)
        if message.id == "site.I001"
    ]
    assert "联系电话" in named[0]
    assert "找错" not in named[0]
    settings.DEMO = True
    assert "site.I001" not in {message.id for message in run_checks(include_deployment_checks=True)}


def test_the_deploy_check_advises_a_second_factor_where_no_post_has_to_have_one(settings):
    def advised() -> bool:
        messages = run_checks(include_deployment_checks=True)
        return "site.I002" in {message.id for message in messages}

    settings.DEMO, settings.SECOND_FACTOR_FOR = False, []
    assert advised()
    settings.SECOND_FACTOR_FOR = ["supervisor"]
    assert not advised()
