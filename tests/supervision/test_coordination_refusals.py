"""What an action or a form about 需协调事项 does not take: no words, and days that cannot be."""

from datetime import date, timedelta

import pytest

from common.errors import Refused
from supervision.forms.coordination import DecisionForm, InstructionForm
from supervision.models import CoordinationItem, CoordinationNote
from tests.fixtures import coordination as told

TODAY = told.JULY_8.date()
TOMORROW = TODAY + timedelta(days=1)


def test_a_matter_without_words_is_not_raised(office):
    with pytest.raises(Refused, match="请写明需要协调什么"):
        told.raised(office, text=" ")
    assert not CoordinationItem.objects.exists()


@pytest.mark.parametrize("person", ["publisher", "leader", "clerk", "auditor"])
def test_a_matter_is_not_raised_by_somebody_who_neither_reports_nor_supervises(office, person):
    with pytest.raises(Refused, match="您现在的岗位不能办这一步"):
        told.raised(office, by=person)
    assert not CoordinationItem.objects.exists()


def test_a_unit_does_not_reply_without_words(office):
    item = told.decide(office, told.raised(office))
    with pytest.raises(Refused, match="请写明落实情况"):
        told.reply(office, item, text=" ")
    assert not CoordinationNote.objects.exists()


def test_a_matter_is_not_closed_without_its_outcome(office):
    item = told.raised(office)
    with pytest.raises(Refused, match="请写明落实结果"):
        told.close(office, item, outcome=" ")
    item.refresh_from_db()
    assert item.state == "raised"


@pytest.mark.parametrize(
    ("decided_on", "due_on", "field", "sentence"),
    [
        (TODAY, TODAY, "", ""),
        (TOMORROW, TOMORROW, "decided_on", "决定日期不晚于今天（2013年7月8日）。"),
        (TODAY, TODAY - timedelta(days=1), "due_on", "落实期限不早于决定日期。"),
    ],
)
def test_the_form_of_a_decision_takes_no_day_to_come_and_no_due_day_before_it(
    office, decided_on, due_on, field, sentence
):
    typed = {
        "decision": "由教育局腾出场地",
        "owner": office.units["jiaoyuju"].pk,
        "meeting": "区长办公会",
        "decided_on": decided_on,
        "due_on": due_on,
    }
    errors = DecisionForm(told.raised(office), TODAY, typed).errors
    assert errors == ({field: [sentence]} if field else {})


@pytest.mark.parametrize(
    ("day", "errors"),
    [(TODAY, {}), (TOMORROW, {"day": ["批示日期不晚于今天（2013年7月8日）。"]})],
)
def test_the_form_of_an_instruction_takes_no_day_to_come(day: date, errors: dict):
    assert InstructionForm(TODAY, {"text": "务必办好", "day": day}).errors == errors
