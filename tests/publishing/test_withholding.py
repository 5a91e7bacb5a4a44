"""A line withheld by law comes up again on its review day: shown after all,
or withheld longer with a reason.
"""

from datetime import date

import pytest

from common.errors import Refused
from ledger.models import Entry
from publishing.actions.withholding import extend_withholding, lift_withholding
from publishing.models import Clearance, Publication
from tests.fixtures.quarter import JULY_30, NEXT_JULY, moment
from workspace.read_models.work_items import work_items_for

LAW = "《政府信息公开条例》第十四条"
AUGUST, LATER = moment("2014-08-01T10:00:00"), date(2015, 1, 1)
RELEASE = "/staff/releases/wp2013/2013-2/"


@pytest.fixture
def withheld(office) -> Clearance:
    """Filed and assessed, yet not shown, to be looked at again on 1 July 2014."""
    office.verify(office.submit())
    office.publish(withheld={office.white_paper.task.pk: LAW})
    return Clearance.objects.get()


def review_duties(person, day) -> list[str]:
    return [duty.title for duty in work_items_for(person, day) if duty.verb == "审查"]


@pytest.mark.parametrize("person", ["supervisor", "publisher"])
def test_a_withheld_line_is_a_work_item_from_its_review_day_on(office, withheld, person):
    asked = getattr(office.people, person)
    assert review_duties(asked, date(2014, 6, 30)) == []
    assert review_duties(asked, NEXT_JULY) == ["保密审查到期：全面落实安全生产责任制"]


@pytest.mark.parametrize("person", ["reporter", "leader", "clerk", "auditor"])
def test_a_withheld_line_is_a_work_item_of_supervisors_and_publishers_only(
    office, withheld, person
):
    assert review_duties(getattr(office.people, person), LATER) == []


def test_a_release_that_is_not_public_asks_for_no_review(office):
    office.prepare(withheld={office.white_paper.task.pk: LAW})
    assert review_duties(office.people.supervisor, LATER) == []


def test_a_line_no_longer_withheld_is_published_from_its_report_as_a_revision(office, withheld):
    row = lift_withholding(
        clearance=withheld, reason="保密期满。", by=office.people.publisher, at=AUGUST
    )
    assert (row.revision, row.reason_class, row.reason) == (2, "lifted", "保密期满。")
    assert (row.headline, row.assessment_pace, row.withheld_basis) == ("on_course", "on_course", "")
    assert row.narrative == office.filing.narrative
    assert Publication.objects.get(revision=1).headline == "withheld"
    assert review_duties(office.people.supervisor, LATER) == []
    verbs = Entry.objects.order_by("-seq").values_list("verb", "visibility")[:2]
    assert set(verbs) == {("lift_withholding", "public"), ("revise", "public")}


def test_a_withholding_is_lifted_once_and_with_a_reason(office, withheld):
    arguments = {"clearance": withheld, "by": office.people.publisher, "at": AUGUST}
    with pytest.raises(Refused, match="请写明解除暂不公开的理由"):
        lift_withholding(reason=" ", **arguments)
    lift_withholding(reason="期满", **arguments)
    with pytest.raises(Refused, match="不需要再审查"):
        lift_withholding(reason="期满", **arguments)
    with pytest.raises(Refused, match="不需要再审查"):
        extend_withholding(review_on=LATER, reason="还要保密", **arguments)
    assert Publication.objects.count() == 2


def test_an_extended_withholding_comes_up_again_on_its_new_review_day(office, withheld):
    supervisor = office.people.supervisor
    extend_withholding(
        clearance=withheld, review_on=LATER, reason="案件未结", by=supervisor, at=AUGUST
    )
    assert review_duties(supervisor, date(2014, 12, 31)) == []
    assert review_duties(supervisor, LATER) != []
    assert Publication.objects.get().headline == "withheld"
    entry = Entry.objects.get(verb="extend_withholding")
    assert entry.visibility == "internal"
    assert "案件未结" not in entry.payload


@pytest.mark.parametrize(
    ("day", "reason", "refusal"),
    [
        (LATER, " ", "请写明为什么还不能公开"),
        (AUGUST.date(), "案件未结", "应在今天以后"),
        (date(2014, 7, 1), "案件未结", "应在今天以后"),
    ],
)
def test_a_withholding_is_extended_only_to_a_day_to_come_and_with_a_reason(
    office, withheld, day, reason, refusal
):
    with pytest.raises(Refused, match=refusal):
        extend_withholding(
            clearance=withheld, review_on=day, reason=reason, by=office.people.supervisor, at=AUGUST
        )
    withheld.refresh_from_db()
    assert withheld.review_on == NEXT_JULY


def test_a_line_that_was_cleared_has_no_withholding_to_lift(office):
    office.publish()
    with pytest.raises(Refused, match="不需要再审查"):
        lift_withholding(
            clearance=Clearance.objects.get(), reason="期满", by=office.people.publisher, at=JULY_30
        )


def test_the_withholding_page_shows_what_would_become_public_and_each_roles_action(
    client, office, withheld
):
    address = f"/staff/withholdings/{withheld.pk}/"
    client.force_login(office.people.supervisor)
    html = client.get(address).content.decode()
    # 复核 is the unit's objection and nothing else.
    assert "复核" not in html.split("<main")[1].split("</main>")[0]
    assert office.filing.narrative in html
    assert (f'{address}extend/"' in html, f'{address}lift/"' in html) == (True, False)
    assert client.post(f"{address}lift/", {"lift-reason": "期满"}).status_code == 403
    wrong = client.post(
        f"{address}extend/", {"extend-reason": "案件未结", "extend-review_on": "2013-01-01"}
    )
    assert "应在今天以后" in wrong.content.decode()
    client.post(
        f"{address}extend/", {"extend-reason": "案件未结", "extend-review_on": "2099-01-01"}
    )
    client.force_login(office.people.publisher)
    assert "案件未结" in client.get(address).content.decode()
    assert client.post(f"{address}extend/", {"extend-reason": "x"}).status_code == 403
    html = client.post(f"{address}lift/", {"lift-reason": "保密期满"}, follow=True).content.decode()
    assert "已解除暂不公开，进展已公布" in html
    assert Publication.objects.current().get().reason == "保密期满"


def test_page_and_release_say_that_a_withholding_was_lifted(client, office, withheld):
    lift_withholding(clearance=withheld, reason="期满", by=office.people.publisher, at=AUGUST)
    client.force_login(office.people.publisher)
    assert "已解除" in client.get(f"/staff/withholdings/{withheld.pk}/").content.decode()
    assert "2014年8月1日解除" in client.get(RELEASE).content.decode()


def test_the_public_reads_why_a_withholding_was_lifted_and_then_the_words(client, office, withheld):
    row = lift_withholding(
        clearance=withheld, reason="保密期满。", by=office.people.publisher, at=AUGUST
    )
    html = client.get(row.get_absolute_url()).content.decode()
    assert "解除暂不公开。保密期满。" in html
    assert "完成培训 4000 人次" in html
