"""The reading side of what people ask."""

from feedback.overview.alike import likely_heads, similar_questions
from feedback.overview.changes import AT_MOST, Change, newest_changes
from feedback.overview.counts import MonthCounts, TicketCounts, months, ticket_counts
from feedback.overview.own_copy import own_copy
from feedback.overview.questions import (
    HotTopic,
    Question,
    Tombstone,
    hot_topics,
    questions,
    questions_of,
    tombstones_of,
)
from feedback.overview.reviews import Review, VoiceCounts, review_of, reviews_of, voice_counts
from feedback.overview.story import StepLine, Why, letter_of, steps_for_citizen, steps_for_staff, why
from feedback.overview.worklist import (
    Alarm,
    alarm,
    archive,
    archive_rows,
    desk,
    duties_of,
    masked_contact,
    owed_steps,
    stands_in,
    term,
)

__all__ = [
    "AT_MOST",
    "Alarm",
    "Change",
    "HotTopic",
    "MonthCounts",
    "Question",
    "Review",
    "StepLine",
    "TicketCounts",
    "Tombstone",
    "VoiceCounts",
    "Why",
    "alarm",
    "archive",
    "archive_rows",
    "desk",
    "duties_of",
    "hot_topics",
    "letter_of",
    "likely_heads",
    "masked_contact",
    "months",
    "newest_changes",
    "owed_steps",
    "own_copy",
    "questions",
    "questions_of",
    "review_of",
    "reviews_of",
    "similar_questions",
    "stands_in",
    "steps_for_citizen",
    "steps_for_staff",
    "term",
    "ticket_counts",
    "tombstones_of",
    "voice_counts",
    "why",
]
