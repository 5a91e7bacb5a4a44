"""Due days of 2026 against a table counted by hand.

Source: the notice of the State Council's General Office of 4 November 2025 on the holidays of 2026;
the days come in by the chinesecalendar package, which is checked against it first. Off: 15 to 23
February, 25 to 27 September, 1 to 7 October. Worked: Saturday 14 and 28 February, Sunday 20
September, Saturday 10 October.
"""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from departments.rules.holidays import built_in
from feedback.choices import TicketKind
from feedback.rules.clocks import clock_of, days_in_words
from tests.fixtures import letters

KNOWN = {day: worked for day, worked, _ in built_in(2026)}
SPRING_FESTIVAL = [
    ("enquiry", "02-09", "02-12"),
    ("enquiry", "02-12", "02-24"),  # 13, Saturday 14, 24
    ("enquiry", "02-13", "02-25"),  # Saturday 14, 24, 25
    ("enquiry", "02-14", "02-26"),
    ("enquiry", "02-17", "02-26"),  # received on New Year's Day itself
    ("suggestion", "02-06", "02-27"),  # 9-13, 14, 24-27
    ("complaint", "02-09", "02-28"),  # 10-14, 24-27, Saturday 28
    ("complaint", "02-10", "03-02"),
]
NATIONAL_DAY = [
    ("enquiry", "09-29", "10-09"),  # 30, 8, 9
    ("enquiry", "09-30", "10-10"),  # 8, 9, Saturday 10
    ("enquiry", "10-07", "10-10"),
    ("suggestion", "09-17", "10-08"),  # 18, Sunday 20, 21-24, 28-30, 8
    ("complaint", "09-18", "10-09"),
    ("complaint", "09-28", "10-16"),  # 29, 30, 8-10, 12-16
]
# Days on which more was asked for and came, of a complaint of 9 February that was due on the 28th.
PAUSES = [
    ([("02-11", "02-20")], "03-04"),  # eight days left: 24-28, 2-4 March
    ([("02-13", "02-13")], "02-28"),  # answered the same day
    ([("02-13", "02-24")], "03-03"),  # six left: 25-28, 2, 3 March
    ([("02-14", "02-23")], "02-28"),  # only the holiday went by
    ([("02-11", "02-12"), ("02-26", "03-03")], "03-06"),  # one day, then three left: 4-6 March
    ([("03-05", "03-10")], "02-28"),  # asked too late: heals nothing
    ([("03-01", "03-03")], "02-28"),  # too late too, though no working day lies between
    ([("02-28", "03-03")], "03-03"),  # asked on the due day itself: due again when it comes
    ([("02-28", "03-07")], "03-09"),  # it came on a Saturday
    ([("02-28", "02-28")], "02-28"),
]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def noon(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}T12:00:00+08:00")


def step(verb: str, at: str, due: str = "") -> SimpleNamespace:
    return SimpleNamespace(verb=verb, at=noon(at), due_on=day(due) if due else None)


def clock(*steps, days=10, received="02-09"):
    return clock_of(day(received), days, [step("receive", received), *steps])


def test_the_calendar_of_2026_is_that_of_the_official_notice():
    """The weeks around both festivals, as printed."""
    off = {day(f"02-{n}") for n in range(15, 24)} | {day(f"09-{n}") for n in (25, 26, 27)}
    off |= {day(f"10-0{n}") for n in range(1, 8)}
    on = {day("02-14"), day("02-28"), day("09-20"), day("10-10")}
    for month in (2, 9, 10):
        for one in (one for one in KNOWN if one.month == month):
            assert KNOWN[one] == (one in on or (one not in off and one.weekday() < 5)), one


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "received", "due"), SPRING_FESTIVAL + NATIONAL_DAY)
def test_a_letter_of_2026_is_due_on_the_day_counted_by_hand(kind, received, due, settings):
    letters.calendar_2026()
    ticket = letters.received(kind=kind, at=noon(received))
    assert (ticket.due_on, ticket.due_provisional) == (day(due), False)


@pytest.mark.parametrize(("pauses", "due"), PAUSES)
def test_a_pause_moves_the_day_by_the_working_days_that_were_left(pauses, due):
    steps = [
        one for asked, came in pauses for one in (step("ask_more", asked), step("supplement", came))
    ]
    assert clock(*steps).due(KNOWN) == (day(due), False)


def test_a_pause_never_shortens_an_extension_that_ends_on_a_weekend():
    steps = [step("extend", "02-27", "03-08")]
    steps += [step("ask_more", "03-06"), step("supplement", "03-06")]
    assert clock(*steps).due(KNOWN)[0] == day("03-08")


def test_the_due_day_does_not_move_while_the_clock_stands_still():
    assert clock(step("ask_more", "02-11")).due(KNOWN) == (day("02-28"), False)


def test_time_granted_sets_the_day_and_a_later_pause_moves_that():
    granted = [step("extend", "02-27", "03-06")]
    assert clock(*granted).due(KNOWN)[0] == day("03-06")
    paused = [*granted, step("ask_more", "03-03"), step("resume", "03-09")]
    assert clock(*paused).due(KNOWN)[0] == day("03-12")
    assert clock(*paused).due_days(KNOWN) == [day("02-28"), day("03-06"), day("03-12")]


def test_the_last_day_time_can_be_granted_to_leaves_pauses_out():
    assert clock(received="09-29", days=3).latest(KNOWN, 7) == day("10-14")  # 30, 8-10, 12-14
    paused = clock(step("ask_more", "09-30"), step("supplement", "10-09"), received="09-29", days=3)
    assert paused.latest(KNOWN, 7) == day("10-16")  # six left: 10, 12-16


def test_a_second_extension_reaches_the_ceiling_whatever_the_first_one_granted():
    granted = clock(step("extend", "02-27", "03-03"))
    assert granted.latest(KNOWN, 15) == day("03-06")  # ten until the 28th, 2-6 March


def test_a_day_before_the_clock_began_counts_as_no_day_taken():
    assert clock().days_taken(KNOWN, day("02-09")) == 0
    assert clock().days_taken(KNOWN, day("02-05")) == 0


def test_a_pause_that_has_not_begun_is_not_taken_off():
    paused = clock(step("ask_more", "02-26"), step("supplement", "02-28"))
    assert paused.days_taken(KNOWN, day("02-24")) == 6  # 10-14, 24


def test_days_the_citizen_took_are_not_counted_against_the_office():
    paused = clock(step("ask_more", "02-11"), step("supplement", "02-25"))
    assert clock().days_taken(KNOWN, day("02-27")) == 9
    assert paused.days_taken(KNOWN, day("02-27")) == 4  # 10, 11, 26, 27


def test_a_letter_opened_again_has_another_clock():
    again = clock(
        step("ask_more", "02-10"), step("supplement", "02-12"), step("reopen", "03-02"), days=3
    )
    assert (again.start, again.shifts, again.due(KNOWN)[0]) == (day("03-02"), (), day("03-05"))


def test_a_year_nobody_has_published_makes_the_day_provisional_unless_it_was_granted():
    december = clock(received="12-30", days=3)
    assert december.due(KNOWN) == (date(2027, 1, 5), True)  # 31, 4, 5: 元旦 is off by law
    granted = SimpleNamespace(verb="extend", at=noon("12-31"), due_on=date(2027, 1, 8))
    assert clock_of(day("12-30"), 3, [granted]).due(KNOWN) == (date(2027, 1, 8), False)


def test_the_limits_of_days_for_letters_are_those_of_the_design(settings):
    rules = settings.SITE["tickets"]
    assert rules["days"] == {"enquiry": 3, "complaint": 10, "suggestion": 10}
    assert rules["ceilings"] == {"enquiry": 7, "complaint": 15, "suggestion": 15}
    assert set(rules["days"]) == set(TicketKind.values)


@pytest.mark.parametrize(
    ("days", "answered", "said"),
    [
        (3, date(2026, 2, 12), "用时 3 个工作日"),
        (0, date(2026, 2, 9), "当天答复"),
        (0, date(2026, 2, 10), "用时不到 1 个工作日"),
    ],
)
def test_an_answer_on_the_same_day_did_not_take_zero_days(days, answered, said):
    assert days_in_words(days, date(2026, 2, 9), answered) == said
