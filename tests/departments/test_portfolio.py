"""分管: which units a leader looks after is a fact of the post,
set by an administrator and on record.
"""

import pytest

from common.errors import Refused
from departments.actions import set_portfolio
from departments.models import Membership, User
from ledger.actions import Actor
from ledger.models import Entry
from tasks.actions.plans import set_section_leaders
from tasks.models import Section
from tests.fixtures.people import NOW

# The framework's own templates ask for variables they may not have.
pytestmark = [pytest.mark.both, pytest.mark.ignore_template_errors]
POSTS = "/admin/departments/membership/"


@pytest.fixture
def post(people) -> Membership:
    return people.leader.memberships.get()


def names(user) -> set[str]:
    return {unit.short_name for unit in user.portfolio_units()}


def test_an_administrator_sets_a_portfolio_and_the_ledger_records_it(client, people, post, units):
    client.force_login(people.administrator)
    address = f"{POSTS}{post.pk}/change/"
    assert "分管单位" in client.get(address).content.decode()
    client.post(
        address,
        {"portfolio": [units["jiaoyuju"].pk, units["anjianju"].pk], "role": "administrator"},
    )
    assert names(people.leader) == {"教育局", "安监局"}
    post.refresh_from_db()
    assert post.role == "leader"
    entry = Entry.objects.get()
    assert (entry.verb, entry.visibility) == ("set_looks_after", "internal")
    assert '"units":"jiaoyuju anjianju"' in entry.payload


def test_a_portfolio_saved_unchanged_is_not_recorded(client, people, post, units):
    set_portfolio(membership=post, departments=[units["jiaoyuju"]], by=Actor(), at=NOW)
    client.force_login(people.administrator)
    client.post(f"{POSTS}{post.pk}/change/", {"portfolio": [units["jiaoyuju"].pk]})
    assert Entry.objects.count() == 1


def test_a_portfolio_is_taken_back_by_an_empty_list(people, post, units):
    for departments in ([units["jiaoyuju"]], []):
        set_portfolio(membership=post, departments=departments, by=Actor(), at=NOW)
    assert names(people.leader) == set()


@pytest.mark.parametrize("person", ["supervisor", "reporter"])
def test_only_a_leader_has_a_portfolio(client, people, units, person):
    other = getattr(people, person).memberships.first()
    with pytest.raises(Refused, match="在岗的区领导"):
        set_portfolio(membership=other, departments=[units["jiaoyuju"]], by=Actor(), at=NOW)
    client.force_login(people.administrator)
    client.post(f"{POSTS}{other.pk}/change/", {"portfolio": [units["jiaoyuju"].pk]})
    assert not other.portfolio.exists()


def test_a_post_that_ended_has_no_portfolio_any_more(people, post, units):
    set_portfolio(membership=post, departments=[units["jiaoyuju"]], by=Actor(), at=NOW)
    Membership.objects.update(ended_at=NOW)
    with pytest.raises(Refused, match="在岗的区领导"):
        set_portfolio(membership=post, departments=[], by=Actor(), at=NOW)
    assert names(User.objects.get(pk=people.leader.pk)) == set()


def test_a_whole_section_is_set_beside_the_units_and_only_for_leaders_in_office(
    client, people, post, white_paper
):
    client.force_login(people.administrator)
    address = f"/admin/tasks/section/{white_paper.section.pk}/change/"
    client.post(address, {"leaders": [post.pk], "title": "别的名称"})
    assert list(Section.objects.in_portfolio_of(people.leader)) == [white_paper.section]
    assert Section.objects.get().title == white_paper.section.title
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.visibility) == (
        "set_section_leaders",
        "wp2013:1",
        "internal",
    )
    for other in (people.supervisor.memberships.first(), post):
        Membership.objects.filter(pk=post.pk).update(ended_at=NOW)
        other.refresh_from_db()
        with pytest.raises(Refused, match="在岗的区领导"):
            set_section_leaders(
                section=white_paper.section, memberships=[other], by=Actor(), at=NOW
            )


@pytest.mark.parametrize("person", ["supervisor", "leader"])
def test_only_an_administrator_puts_a_section_into_a_portfolio(
    client, people, post, white_paper, person
):
    client.force_login(getattr(people, person))
    client.post(f"/admin/tasks/section/{white_paper.section.pk}/change/", {"leaders": [post.pk]})
    assert not post.sections.exists()


@pytest.mark.parametrize("person", ["supervisor", "leader"])
def test_only_an_administrator_sets_a_portfolio(client, people, post, units, person):
    client.force_login(getattr(people, person))
    client.post(f"{POSTS}{post.pk}/change/", {"portfolio": [units["jiaoyuju"].pk]})
    assert not post.portfolio.exists()
