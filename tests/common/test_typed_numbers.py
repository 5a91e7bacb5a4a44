"""A number typed with any keyboard is the number that was meant, or is refused in words."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from common.text.numerals import visible
from common.ui.form_fields import NumberField

TYPED = {
    "4000": "4000",
    "1,250": "1250",
    "12,345.6": "12345.6",
    "1,234,567": "1234567",
    "１，２５０": "1250",
    "1 250": "1250",
    "1\u00a0250.5": "1250.5",
    "９８．５": "98.5",
    "２２\u3000": "22",
    "\u00a01.25\u00a0": "1.25",
    "1.25\u200b": "1.25",
    "\ufeff22": "22",
    "\u202d3.5\u202c": "3.5",
    "1.25E+00": "1.25",
    "2.2E1": "22",
    "-1.5": "-1.5",
    "－1.5": "-1.5",
    "12.": "12",
    ".5": "0.5",
}
SLIPS = ["1，25", "2,2", "1,2,5", "1 25", "0,250", "12,34,567", "1,250,", "1.250,5", "1,250 000"]
NO_NUMBERS = [
    "四千",
    "4000人次",
    "1。25",
    "1、25",
    "1_250",
    "5²",
    "①",
    "½",
    "١٢",
    "1-2",
    "22～23",
    "(22)",
    "−1.25",
    "/",
    "无",
    "nan",
    "1E999",
    "98.5%",
]


@pytest.mark.parametrize("typed", TYPED)
def test_a_number_is_taken_with_every_sign_that_cannot_mean_another(typed):
    assert NumberField().clean(typed) == Decimal(TYPED[typed])


@pytest.mark.parametrize("typed", SLIPS)
def test_a_comma_or_blank_that_is_no_thousands_mark_is_refused_with_the_words_typed(typed):
    with pytest.raises(ValidationError, match="不像千分位") as refused:
        NumberField().clean(typed)
    assert f"“{typed}”" in refused.value.messages[0]


@pytest.mark.parametrize("typed", NO_NUMBERS)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError, match="请填写数字"):
        NumberField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["98.5%", "98.5 %", "９８．５％", "98.5﹪", "98.5", " 98.5% \u200b"]
)
def test_one_percent_sign_is_taken_where_the_unit_is_the_percent(typed):
    assert NumberField(in_percent=True).clean(typed) == Decimal("98.5")


@pytest.mark.parametrize("typed", ["98.5%%", "%98.5", "98%.5", "%", "98.5‰"])
def test_a_percent_sign_elsewhere_is_refused(typed):
    with pytest.raises(ValidationError, match="请填写数字"):
        NumberField(in_percent=True, required=False).clean(typed)


# Whatever can be hit beside the digits, or comes along when a number is copied.
SIGNS = st.text("0123456789.,，． 　\u00a0\u200b\ufeff０１２５", min_size=1, max_size=9)


@given(SIGNS)
@example("1，25")
@example("1 2")
def test_no_mark_is_ever_dropped_unless_three_digits_follow_it(typed):
    """The property behind all the cases above, asked of whatever a hand may hit."""
    plain = visible(typed.translate(str.maketrans("，．　\u00a0０１２５", ",.  0125")))
    groups = re.split("[, ]+", plain.partition(".")[0])
    well_grouped = (
        all(len(group) == 3 for group in groups[1:]) and "," not in plain.partition(".")[2]
    )
    try:
        kept = NumberField().clean(typed)
    except ValidationError:
        return
    assert well_grouped
    assert kept == Decimal(re.sub("[, ]", "", plain))


@given(st.decimals(0, 10**9, places=2), st.booleans(), st.sampled_from(["", "\u200b", "\u3000"]))
def test_a_number_grouped_by_thousands_is_read_in_either_width(value, is_wide, around):
    typed = f"{value:,}"
    if is_wide:
        typed = typed.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789,."})
    assert NumberField().clean(around + typed + around) == value
