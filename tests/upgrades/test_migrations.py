"""What a version was released with is never changed: a site that ran it would not be upgraded."""

import pytest

from tests.upgrades import digests

pytestmark = pytest.mark.both


def test_no_released_migration_was_changed_or_removed():
    assert digests.broken(digests.ROOT, digests.LIST.read_text("utf-8")) == []


@pytest.fixture
def released(tmp_path):
    """A tree with one migration and the list that names it."""
    file = tmp_path / "tasks/migrations/0001_initial.py"
    file.parent.mkdir(parents=True)
    file.write_text("operations = []\n", "utf-8")
    (name,) = digests.migrations(tmp_path)
    return tmp_path, file, f"1.1 {digests.digest(file)} {name}\n"


def test_an_added_migration_is_no_breach(released):
    root, file, text = released
    file.with_name("0002_more.py").write_text("operations = []\n", "utf-8")
    assert digests.broken(root, text) == []


def test_another_layout_of_a_released_migration_is_no_breach(released):
    root, file, text = released
    file.write_text("# Written by makemigrations.\noperations = [\n]\n", "utf-8")
    assert digests.broken(root, text) == []


def test_a_changed_migration_is_a_breach(released):
    root, file, text = released
    file.write_text("operations = [1]\n", "utf-8")
    (fault,) = digests.broken(root, text)
    assert fault == "tasks/migrations/0001_initial.py, released with 1.1, was changed"


def test_a_removed_migration_is_a_breach(released):
    root, file, text = released
    file.unlink()
    (fault,) = digests.broken(root, text)
    assert fault == "tasks/migrations/0001_initial.py, released with 1.1, is gone"
