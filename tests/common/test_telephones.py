"""A number that cannot be one is told from one that can, however people write it."""

import pytest

from common.text.telephones import is_telephone_number

RIGHT = [
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+86 138 1234 5678",
    "+8613812345678",
    "0086-13812345678",
    "１３８１２３４５６７８",
    "13812345678（陈先生）",
    "陈先生 13812345678",
    "0755-25228502",
    "075525228502",
    "(0755)25228502",
    "（0755）2522 8502",
    "0755-25228502-801",
    "0755-25228502转801",
    "0755-25228502 分机 801",
    "0755-25228502 ext. 801",
    "010-62345678",
    "0391-6634567",
    "+86 755 25228502",
    "+86-0755-25228502",
    "25228502",
    "25228502-8001",
    "6634567",
    "400-123-4567",
    "4001234567",
    "0085328371234",
    "00853 2837 1234",
    "+853 6612 3456",
    "00852-23456789",
    "+1 (212) 555-0123",
    "25228502 或 13812345678",
]
WRONG = [
    "1380013",
    "1381234567",
    "138123456789",
    "12812345678",
    "12345678901",
    "0755-252285",
    "0755",
    "075512345678",
    "00000000",
    "12345",
    "+86 138",
    "+86 12345678901",
    "00853",
    "白天都在",
    "wang@example.org",
    "4403011990010112345",
    "",
]


@pytest.mark.parametrize("typed", RIGHT)
def test_a_number_that_can_be_dialled_is_right_however_it_is_written(typed):
    assert is_telephone_number(typed)


@pytest.mark.parametrize("typed", WRONG)
def test_a_number_too_short_too_long_or_of_wrong_digits_is_none(typed):
    assert not is_telephone_number(typed)
