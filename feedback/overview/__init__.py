"""The reading side of what people ask."""

from feedback.overview.questions import Question, TicketCounts, questions, questions_of, ticket_counts
from feedback.overview.story import StepLine, Why, letter_of, steps_for_citizen, steps_for_staff, why
from feedback.overview.worklist import archive, days_left, desk, desk_rows, duties_of, masked_contact

__all__ = [
    "Question",
    "StepLine",
    "TicketCounts",
    "Why",
    "archive",
    "days_left",
    "desk",
    "desk_rows",
    "duties_of",
    "letter_of",
    "masked_contact",
    "questions",
    "questions_of",
    "steps_for_citizen",
    "steps_for_staff",
    "ticket_counts",
    "why",
]
