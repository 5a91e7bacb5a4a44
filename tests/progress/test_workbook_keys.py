"""The mark by which a row of the file is known again, whatever somebody made of it."""

from hypothesis import given
from hypothesis import strategies as st

from progress.workbook.rows import Key, read_key

PARTS = st.text(
    st.characters(categories=["L", "N"], include_characters="-"), min_size=1, max_size=20
)
KEYS = st.builds(Key, PARTS, PARTS, PARTS, PARTS)


@given(KEYS, st.integers(0, 10**6))
def test_the_key_of_a_row_is_read_as_it_was_written(key, version):
    assert read_key(key.as_text(version)) == (key, version)


@given(st.text(max_size=60))
def test_any_other_text_is_no_key_of_a_row_and_raises_nothing(text):
    found = read_key(text)
    assert found is None or found[0].as_text(found[1]).split() == text.split()


def test_a_row_key_with_a_version_of_five_thousand_digits_is_refused():
    assert read_key("anjianju wp2013-18 2013-2 c1 v" + "9" * 5000) is None
