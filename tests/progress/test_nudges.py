"""催一下: the lead of a joint item asks a silent partner for its part, once a day and on record,
and may submit without it from the next day on.
"""

import json
from io import BytesIO

import pytest
import time_machine
from docx import Document

from common.errors import Refused
from ledger.models import Entry
from progress.actions.nudges import nudge_partner
from progress.actions.periods import close_period
from progress.actions.reports import Filing, submit_report
from progress.actions.signing import send_to_sign
from progress.models import Nudge, ProgressReport
from progress.requirements.loading import requirements_for
from subscriptions.models import Event
from subscriptions.reminders.schedule import build_reminders
from subscriptions.words import line
from tasks.models import Responsibility
from tests.fixtures.page_text import source_of, text_of
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.report_form import FORM, add_supporting_unit
from workspace.read_models.unreceived_parts import published_without_parts, unreceived_parts
from workspace.read_models.work_items import work_items_for

pytestmark = pytest.mark.usefixtures("standing")

HOME, NUDGE = "/staff/", FORM + "nudge/"
JULY_3, DAY_AFTER = moment("2013-07-03T09:00:00"), moment("2013-07-13T09:00:00")
PART = Filing(narrative="学校培训500人次。")


@pytest.fixture
def joint(office):
    """安监局 leads and has filled in everything, 教育局 supports and is silent."""
    add_supporting_unit(office)
    office.save()
    return office


def nudge(office, *, unit="jiaoyuju", by=None, at=JULY_2) -> Nudge:
    return nudge_partner(
        task=office.white_paper.task,
        period=office.period,
        department=office.units[unit],
        by=by or office.people.reporter,
        at=at,
    )


def report_of(office) -> ProgressReport:
    return office.white_paper.task.reports.get()


def test_a_nudged_partner_has_a_day_before_the_lead_submits_without_it(joint):
    for asked in (False, True):
        if asked:
            nudge(joint)
        with pytest.raises(Refused, match="教育局还没有交本单位部分"):
            submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_2)
    nudge(joint, at=JULY_3)
    submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    facts = json.loads(Entry.objects.get(verb="submit").payload)["facts"]
    assert facts["silent_units"] == ["jiaoyuju"]


def test_every_silent_partner_has_to_be_nudged_before_the_report_goes_without_them(joint):
    Responsibility.objects.create(
        task=joint.white_paper.task,
        department=joint.units["chengguanju"],
        order=3,
        kind="supporting",
        basis="published",
    )
    nudge(joint)
    with pytest.raises(Refused, match="城管局") as refusal:
        submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    assert refusal.value.reasons == ["城管局还没有交本单位部分。"]


def test_a_partner_is_nudged_once_a_day_and_again_the_next(joint):
    nudge(joint)
    with pytest.raises(Refused, match="今天已经催过教育局，明天可以再催"):
        nudge(joint)
    nudge(joint, at=JULY_3)
    assert [row.nudged_on for row in Nudge.objects.all()] == [JULY_2.date(), JULY_3.date()]


def test_a_nudge_is_an_internal_ledger_entry_of_the_lead(joint):
    nudge(joint)
    entry = Entry.objects.get(verb="nudge")
    assert (entry.subject_type, entry.subject_id) == ("report", "wp2013-18:2013-2")
    assert (entry.visibility, entry.actor_post) == ("internal", "填报员")
    assert json.loads(entry.payload)["facts"] == {"department": "jiaoyuju"}


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"unit": "anjianju"}, "安监局不是还没有交部分的配合单位"),
        ({"unit": "chengguanju"}, "城管局不是还没有交部分的配合单位"),
    ],
)
def test_only_a_partner_without_its_part_is_nudged(joint, arguments, refusal):
    with pytest.raises(Refused, match=refusal):
        nudge(joint, **arguments)


def test_a_partner_that_has_filed_its_part_is_not_nudged(joint):
    joint.save(PART, unit="jiaoyuju", by=joint.people.stranger, version=1)
    with pytest.raises(Refused, match="教育局不是还没有交部分的配合单位"):
        nudge(joint)


def test_only_reporters_of_the_lead_unit_nudge(joint):
    with pytest.raises(Refused, match="由牵头单位的填报员催交"):
        nudge(joint, by=joint.people.stranger)
    assert nudge(joint, by=joint.people.colleague).lead == joint.units["anjianju"]


def test_nobody_is_nudged_once_the_part_could_not_be_filed_any_more(joint):
    nudge(joint)
    submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    with pytest.raises(Refused, match="不用再催"):
        nudge(joint, at=JULY_3)


def test_after_the_closing_nobody_is_nudged(joint):
    close_period(period=joint.period, by=joint.people.supervisor, at=DAY_AFTER)
    with pytest.raises(Refused, match="现在不能填报"):
        nudge(joint, at=DAY_AFTER)


def test_a_unit_that_became_responsible_after_the_submission_is_not_called_silent(joint):
    nudge(joint)
    submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    Responsibility.objects.create(
        task=joint.white_paper.task,
        department=joint.units["chengguanju"],
        order=3,
        kind="supporting",
        basis="designated",
        source="区府办通知",
        decided_by="督查室",
        valid_from=JULY_5.date(),
    )
    silent = requirements_for(joint.white_paper.task, joint.period).silent
    assert [row.department.slug for row in silent] == ["jiaoyuju"]


def test_the_home_of_the_lead_names_the_silent_partner_and_nudges_it_by_a_button(as_, joint):
    with time_machine.travel(JULY_2):
        reporter = as_("reporter")
        html = source_of(reporter.get(HOME))
        assert "还差：教育局的部分" in html
        assert f'action="{NUDGE}"' in html
        html = source_of(reporter.post(NUDGE, {"unit": "jiaoyuju", "back": "home"}, follow=True))
        assert "已催教育局，列入该单位“今天要做的”" in html
        assert "明天起或者到报送截止日，仍未收到的，可以报送" in html
        assert "还差：教育局的部分" in html
        assert "2013年7月2日催过" in html
        assert f'action="{NUDGE}"' not in html
        again = reporter.post(NUDGE, {"unit": "jiaoyuju", "back": "form"})
        assert again["Location"] == FORM
        assert "今天已经催过教育局" in source_of(reporter.get(FORM))
    with time_machine.travel(JULY_3):
        reporter = as_("reporter")
        assert "已填完，可以报送，会注明未收到教育局部分" in source_of(reporter.get(HOME))


def test_the_home_of_the_nudged_partner_puts_it_first_and_says_who_asked(joint):
    (before,) = work_items_for(joint.people.stranger, JULY_2.date())
    assert before.returned == ""
    nudge(joint)
    (item,) = work_items_for(joint.people.stranger, JULY_3.date())
    assert item.sent_back == "牵头单位催交"
    assert item.returned == (
        "安监局2013年7月2日催交教育局的部分。报送时仍未收到的，公布时写明未收到教育局部分。"
    )
    joint.save(PART, unit="jiaoyuju", by=joint.people.stranger, version=1)
    assert work_items_for(joint.people.stranger, JULY_3.date()) == []


def nudges_of(day) -> list:
    return [row for row in build_reminders(day).reminders if row.event == Event.PART_NUDGED]


def test_a_nudge_goes_out_as_a_notice_to_the_partner_until_its_part_is_there(joint):
    assert nudges_of(JULY_3.date()) == []
    nudge(joint)
    (reminder,) = nudges_of(JULY_3.date())
    assert reminder.notified == {joint.people.stranger.pk: "教育局"}
    assert "请在2013年7月12日前填写本单位部分" in line(reminder, "教育局")
    joint.save(PART, unit="jiaoyuju", by=joint.people.stranger, version=1)
    assert nudges_of(JULY_3.date()) == []


def test_a_second_nudge_is_a_second_notice(joint):
    first = nudge(joint)
    subjects = {row.subject for row in nudges_of(JULY_2.date())}
    nudge(joint, at=JULY_3)
    assert first.nudged_on < JULY_3.date()
    assert subjects.isdisjoint(row.subject for row in nudges_of(JULY_3.date()))


def test_a_joint_item_goes_from_the_silent_partner_on_the_home_page_to_the_public_line(
    as_, joint, typed_report
):
    with time_machine.travel(JULY_2):
        as_("reporter").post(NUDGE, {"unit": "jiaoyuju"})
    with time_machine.travel(JULY_3):
        reporter = as_("reporter")
        html = source_of(
            reporter.post(FORM + "submit/", typed_report | {"version": "1"}, follow=True)
        )
        assert "已报送督查室，注明未收到教育局部分。" in html
        assert "未收到教育局部分，公布时写明。" in html
    joint.verify(report_of(joint))
    joint.publish()
    row = joint.white_paper.task.publications.get()
    assert (row.headline, row.reporting, row.silent_units) == ("on_course", "on_time", "教育局")
    assert json.loads(row.content)["silent_units"] == ["教育局"]
    client = as_("reporter")
    client.logout()
    assert "未收到教育局部分" in text_of(client.get("/tasks/wp2013-18/"))
    bulletin = text_of(client.get("/quarters/2013-2/"))
    assert "未收到教育局部分" in bulletin
    answer = client.get("/api/v1/tasks/wp2013-18/").json()
    assert answer["latest_publication"]["silent_units"] == ["教育局"]


def words_of(client, address: str) -> str:
    """The paragraphs and cells of a Word file, one a line."""
    document = Document(BytesIO(b"".join(client.get(address).streaming_content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_the_paper_for_approval_and_the_circular_name_the_silent_partner(as_, joint):
    nudge(joint)
    submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    supervisor = as_("supervisor")
    assert "未收到教育局部分" in words_of(supervisor, "/staff/releases/wp2013/2013-2/draft.docx")
    joint.publish()
    circular = words_of(supervisor, "/staff/quarters/2013-2/circular.docx")
    assert "牵头单位已报送、未收到配合单位部分的（1项）" in circular
    assert "：安监局，未收到教育局部分。" in circular


def test_a_report_with_all_its_parts_names_no_silent_unit(joint):
    joint.save(PART, unit="jiaoyuju", by=joint.people.stranger, version=1)
    submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_5)
    joint.publish()
    row = joint.white_paper.task.publications.get()
    assert (row.silent_units, json.loads(row.content)["silent_units"]) == ("", [])


def test_a_corrected_line_still_names_the_silent_unit(joint):
    nudge(joint)
    joint.verify(submit_report(report=report_of(joint), by=joint.people.reporter, at=JULY_3))
    joint.publish()
    assert joint.correct(narrative="改正后的文字。").silent_units == "教育局"


def test_a_lead_that_filled_in_its_part_and_never_submitted_has_not_reported(joint):
    nudge(joint)
    joint.publish()
    row = joint.white_paper.task.publications.get()
    assert (row.headline, row.silent_units) == ("not_reported", "")


def sent_without(joint, at=JULY_3) -> ProgressReport:
    nudge(joint)
    return submit_report(report=report_of(joint), by=joint.people.reporter, at=at)


def told(joint, at=JULY_3, who="stranger") -> list[str]:
    found = unreceived_parts(getattr(joint.people, who), at.date())
    assert all(outcome.is_contrary for outcome in found)
    return [outcome.words for outcome in found]


def test_the_home_of_a_silent_partner_says_that_the_lead_submitted_without_it(joint, as_):
    assert told(joint) == []
    sent_without(joint)
    words = "安监局已报送，注明未收到教育局部分；要补交的，请安监局收回报送后补交"
    assert told(joint) == [words]
    assert told(joint, who="reporter") == told(joint, who="supervisor") == []
    with time_machine.travel(JULY_3):
        home = text_of(as_("stranger").get(HOME))
    assert home.index("需要知道的") < home.index(words)


def test_a_silent_partner_reads_whom_to_ask_for_each_state_of_the_report(joint):
    report = sent_without(joint)
    joint.verify(report)
    returned = "安监局已报送，注明未收到教育局部分；要补交的，请督查室退回后补交"
    assert told(joint, JULY_5) == [returned]
    joint.prepare()
    assert told(joint, DAY_AFTER) == [
        "安监局已报送，注明未收到教育局部分；报审稿已准备好，公布时写明"
    ]


def test_a_silent_partner_of_a_report_that_is_being_signed_asks_the_lead_to_recall_it(joint):
    joint.units["anjianju"].signs_reports = True
    joint.units["anjianju"].save()
    nudge(joint)
    send_to_sign(report=report_of(joint), by=joint.people.reporter, at=JULY_3)
    words = "安监局已送审签，注明未收到教育局部分；要补交的，请安监局从审签收回后补交"
    assert told(joint) == [words]


def test_after_the_release_the_missing_part_stands_under_what_may_come_late(joint, as_):
    joint.verify(sent_without(joint))
    joint.publish()
    assert told(joint, JULY_30) == []
    (line,) = published_without_parts(joint.people.stranger)
    assert line.published_as == "已公布，写明未收到教育局部分；要补充的，请安监局提出更正"
    with time_machine.travel(JULY_30):
        home = text_of(as_("stranger").get(HOME))
    assert line.published_as in home.split("可以补报")[1]
    assert published_without_parts(joint.people.reporter) == []
    joint.correct(narrative="补上学校培训。")
    assert published_without_parts(joint.people.stranger) == []
