"""Letters at every stage, written through the real deeds."""

from datetime import timedelta

from departments.models import CalendarDay
from departments.rules.holidays import built_in
from feedback import actions
from feedback.models import Ticket
from tests.cast import NOW

WORDS = "我叫林一，住海景路3号，培训报名电话一直打不通。"
HANDLING = "群众反映培训报名电话打不通，请核实。"
PHONE = "13812345678"
PHOTO = b"\xff\xd8 what a phone has taken, made small \xff\xd9"


def received(token: str = "t1", **answers) -> Ticket:
    given = {"kind": "enquiry", "text": WORDS, "contact": PHONE, "consent": True, "notice_version": "1", "at": NOW}
    return actions.receive(form_token=token, by=actions.CITIZEN, **given | answers)


def accepted(by, *, about=None, **answers) -> Ticket:
    ticket = received(**answers)
    return actions.accept(ticket=ticket, handling_text=HANDLING, about_department=about, by=by, at=NOW)


def assigned(by, lead, **answers) -> Ticket:
    return actions.assign(ticket=accepted(by, **answers), lead=lead, by=by, at=NOW)


def handling(by, lead, reporter, **answers) -> Ticket:
    return actions.take(ticket=assigned(by, lead, **answers), by=reporter, at=NOW)


def answered(by, lead, reporter, **answers) -> Ticket:
    ticket = handling(by, lead, reporter, **answers)
    actions.reply(ticket=ticket, text="林一您好，电话已修好。", by=reporter, at=NOW + timedelta(days=1))
    return Ticket.objects.get(pk=ticket.pk)


def published(by, lead, reporter, **answers) -> Ticket:
    ticket = answered(by, lead, reporter, **answers)
    return actions.publish(
        ticket=ticket, public_text="报名电话打不通。", public_reply="电话已修好。", by=by, at=NOW + timedelta(days=2)
    )


def calendar_2026() -> None:
    """Every day of 2026 as the State Council's notice has it, by way of the chinesecalendar package."""
    CalendarDay.objects.bulk_create(CalendarDay(date=day, is_workday=on, note=note) for day, on, note in built_in(2026))


def at_every_stage(by, lead, reporter) -> dict[str, Ticket]:
    """Status -> a ticket that came there through the real deeds."""
    desk, words = (by, lead, reporter), {"by": by, "at": NOW}
    made = {
        "received": received("received"),
        "needs_more": actions.ask_more(ticket=received("needs_more"), question="哪条路？", **words),
        "accepted": accepted(by, token="accepted"),
        "assigned": assigned(by, lead, token="assigned"),
        "handling": handling(*desk, token="handling"),
        "answered": answered(*desk, token="answered"),
        "declined": actions.decline(ticket=received("declined"), reason="不属于受理范围。", **words),
        "redirected": actions.redirect(ticket=received("gone"), channel="12345", day=NOW.date(), **words),
        "spam": actions.spam(ticket=received("spam"), **words),
        "withdrawn": actions.withdraw(ticket=received("withdrawn"), at=NOW),
    }
    made["merged"] = actions.merge(ticket=received("merged"), into=made["handling"].number, **words)
    made["closed"] = actions.rate(ticket=answered(*desk, token="closed"), grade="good", at=NOW + timedelta(days=1))
    return made


def in_check(by, lead, reporter, **answers) -> Ticket:
    """Where the site has replies checked."""
    ticket = handling(by, lead, reporter, **answers)
    actions.reply(ticket=ticket, text="电话已修好。", by=reporter, at=NOW)
    return Ticket.objects.get(pk=ticket.pk)
