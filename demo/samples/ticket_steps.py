"""The steps of the letters of the demonstration, each a function by the name in the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.samples.after_release import correct_publication
from demo.samples.people import person, working_day
from demo.samples.reports import unrecused_supervisors
from departments.models import Department, User
from departments.roles import Role
from feedback.actions import (
    accept,
    ask_extension,
    ask_more,
    assign,
    close_answered,
    decide_review,
    dispute,
    merge,
    publish,
    rate,
    reassign,
    redirect,
    reopen,
    reply,
    start_handling,
    supplement,
    take_down,
)
from feedback.models import Ticket
from ledger.actions import Actor
from publishing.actions.corrections import Correction
from publishing.choices import Voice
from publishing.models import Publication
from tasks.models import Task


def mark_sample(words: str) -> str:
    """The words with the sign that they are made up."""
    return f"【演示】{words}"


@dataclass(frozen=True)
class TicketStep:
    """One step of a letter: its row of the file, who sits at the desk, and the moment."""

    ticket: Ticket
    row: dict[str, Any]
    desk: User
    at: datetime

    @property
    def words(self) -> str:
        """The words of the row, marked as a sample."""
        return mark_sample(self.row["words"])

    @property
    def unit(self) -> Department:
        """The unit that the row names."""
        return Department.objects.get(short_name=self.row["unit"])

    @property
    def lead_reporter(self) -> User:
        """The reporter of the unit that has the letter."""
        return person(Role.REPORTER, self.ticket.lead_department)

    @property
    def task(self) -> Task:
        """The task of the letter, for letters on what was published of it."""
        assert self.ticket.task, "only a letter on a task disputes its publication"
        return self.ticket.task

    @property
    def second_supervisor(self) -> User:
        """A supervisor who may review the assessment, because the first one made it."""
        return unrecused_supervisors(self.task)[1]


def _accept(step: TicketStep) -> None:
    accept(
        ticket=step.ticket,
        handling_text=step.row["handling"],
        subject=step.row.get("subject", ""),
        by=step.desk,
        at=step.at,
    )


def _assign(step: TicketStep) -> None:
    assign(ticket=step.ticket, lead=step.unit, by=step.desk, at=step.at)


def _answer(step: TicketStep) -> None:
    reporter = step.lead_reporter
    reply(
        ticket=start_handling(ticket=step.ticket, by=reporter, at=step.at),
        text=mark_sample(step.row["reply"]),
        adoption=step.row.get("adoption", ""),
        by=reporter,
        at=step.at,
    )


def _publish(step: TicketStep) -> None:
    public_text = step.row.get("public_text", step.row["text"])
    public_reply = step.row.get("public_reply", step.row["reply"])
    publish(
        ticket=step.ticket,
        public_text=mark_sample(public_text),
        public_reply=mark_sample(public_reply),
        by=step.desk,
        at=step.at,
    )


def _take(step: TicketStep) -> None:
    start_handling(ticket=step.ticket, by=step.lead_reporter, at=step.at)


def _ask_more(step: TicketStep) -> None:
    """Asks the sender a question, by the lead unit where there is one, else by the desk."""
    asker = step.lead_reporter if step.ticket.lead_department else step.desk
    ask_more(ticket=step.ticket, question=step.words, by=asker, at=step.at)


def _supplement(step: TicketStep) -> None:
    supplement(ticket=step.ticket, text=step.words, at=step.at)


def _ask_for_time(step: TicketStep) -> None:
    until = working_day(step.ticket.due_on, step.row["days"])
    ask_extension(
        ticket=step.ticket, until=until, reason=step.words, by=step.lead_reporter, at=step.at
    )


def _merge(step: TicketStep) -> None:
    """Merges the letter into the one that begins with the words `into`."""
    head = Ticket.objects.get(text__startswith=mark_sample(step.row["into"]))
    merge(ticket=step.ticket, into=head.number, by=step.desk, at=step.at)


def _reassign(step: TicketStep) -> None:
    reassign(ticket=step.ticket, lead=step.unit, reason=step.words, by=step.desk, at=step.at)


def _rate(step: TicketStep) -> None:
    rate(ticket=step.ticket, grade=step.row["grade"], words=step.words, at=step.at)


def _reopen(step: TicketStep) -> None:
    reopen(ticket=step.ticket, reason=step.words, at=step.at)


def _redirect(step: TicketStep) -> None:
    redirect(
        ticket=step.ticket,
        channel=step.row["channel"],
        number=step.row["number"],
        day=step.at.date(),
        by=step.desk,
        at=step.at,
    )


def _close_unrated(step: TicketStep) -> None:
    """Closes what nobody rated, as the daily run of that day does."""
    close_answered(by=Actor(), at=step.at)


def _take_down(step: TicketStep) -> None:
    take_down(ticket=step.ticket, reason=step.words, by=step.desk, at=step.at)


def _dispute(step: TicketStep) -> None:
    """Calls the newest publication of its task untrue."""
    newest = Publication.objects.current().filter(task=step.task).latest("published_at")
    dispute(ticket=step.ticket, publication=newest, by=step.desk, at=step.at)


def _decide_review(step: TicketStep) -> None:
    decide_review(
        ticket=step.ticket,
        outcome=step.row["found"],
        note=step.words,
        by=step.second_supervisor,
        at=step.at,
    )


def _correct(step: TicketStep) -> None:
    """Corrects the assessment of the disputed publication, by the supervisor who reviewed it."""
    disputed = step.ticket.disputed
    assert disputed, "a review was decided, so a publication is disputed"
    correction = Correction(assessment_pace=step.row["pace"], assessment_note=step.words)
    outcome = step.ticket.get_review_outcome_display()
    correct_publication(
        disputed,
        Voice.SUPERVISOR,
        correction,
        "data",
        f"有来信反映进展不实，核实结论是{outcome}。",
        by=step.second_supervisor,
        on=step.at.date(),
    )


ACTIONS: dict[str, Callable[[TicketStep], None]] = {
    "accept": _accept,
    "assign": _assign,
    "answer": _answer,
    "publish": _publish,
    "take": _take,
    "ask_more": _ask_more,
    "supplement": _supplement,
    "ask_for_time": _ask_for_time,
    "merge": _merge,
    "reassign": _reassign,
    "rate": _rate,
    "reopen": _reopen,
    "redirect": _redirect,
    "close": _close_unrated,
    "take_down": _take_down,
    "dispute": _dispute,
    "decide_review": _decide_review,
    "correct": _correct,
}
