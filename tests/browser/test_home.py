"""The front page on the smallest window, in every text size."""

import pytest

from demo.released_district import ReleasedDistrict
from publishing.models import Publication
from tests.browser.checks import overflow


@pytest.fixture
def corrected(transactional_db, built_once):
    """Released, and corrected by a unit with a long name."""
    built_once("released", lambda: ReleasedDistrict(tasks=10).grow_to(1))
    Publication.objects.current().update(
        revision=2, reason_class="evidence", reason="重新核对。", corrected_by="规土盐田管理局"
    )


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
def test_the_front_page_fits_the_smallest_window_in_every_text_size(size, corrected, open_page):
    window = open_page(320, 740)
    window.goto(f"/text-size/{size}/")
    window.goto("/")
    assert window.locator("html").get_attribute("data-text") == size
    assert "由规土盐田管理局提出" in window.locator("main").inner_text()
    assert overflow(window) == 0
