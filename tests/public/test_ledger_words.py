"""The record keeps codes; the words beside them are those of the models, and none is left out."""

import pytest

from departments.choices import DepartmentLevel, NameBasis
from departments.models import Role
from feedback.choices import (
    NotificationOutcome,
    RatingGrade,
    ReviewOutcome,
    SetAsideReason,
    TicketChannel,
    TicketKind,
)
from progress.choices import PUBLISHED_STATES, Method, Pace
from public.ledger_words import VALUES
from public.read_models.ledger import fact_in_words
from publishing.choices import ObjectionState, Outcome, ReasonClass, Voice
from supervision.choices import SlipGround
from tasks.choices import ChangeKind, PlanKind, PlanState, ResponsibilityBasis, ResponsibilityKind

AUTHORS = {
    "basis": [ResponsibilityBasis],
    "change": [ChangeKind],
    "channel": [TicketChannel],
    "found": [ReviewOutcome],
    "grade": [RatingGrade],
    "ground": [SlipGround],
    "headline": [PUBLISHED_STATES],
    "how": [Method],
    "kind": [ResponsibilityKind, PlanKind, TicketKind],
    "level": [DepartmentLevel],
    "name_basis": [NameBasis],
    "outcome": [ObjectionState],
    "pace": [Pace],
    "reason_class": [ReasonClass],
    "role": [Role],
    "set_aside": [SetAsideReason],
    "state": [PlanState],
    "told": [NotificationOutcome],
    "verdict": [Outcome],
    "voice": [Voice],
}


@pytest.mark.parametrize("name", VALUES)
def test_a_code_is_spoken_in_the_words_of_its_model(name):
    assert VALUES[name] == {
        word.value: str(word.label) for author in AUTHORS[name] for word in author
    }


def test_facts_are_spoken_and_a_change_as_two_of_them():
    assert fact_in_words("on_course", "headline") == "正常推进"
    assert fact_in_words(["published", "archived"], "state") == "已公布 → 已归档"
    assert fact_in_words([None, "1600"], "value") == "无 → 1600"
    assert fact_in_words("wp2013:2013-4", "period") == "2013年第四季度"
    assert fact_in_words("wp2013:2013-11", "period") == "2013年第11期"
