"""The public pages ask for one style sheet, which is all of theirs and nothing of the staff's."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.test import Client

from common.files import stylesheets
from tests.rules import ROOT

CSS = ROOT / "static" / "css"


def linked(html: str) -> list[str]:
    return re.findall(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"', html)


@pytest.mark.parametrize("address", ["/", "/tasks/", "/tasks/wp2013-18/", "/feedback/", "/ledger/"])
def test_a_public_page_loads_one_sheet_and_one_script(address, white_paper):
    assert linked(Client().get(address).content.decode()) == ["css/public.css", "js/page.js"]


def test_a_staff_page_has_its_own_sheet_on_top(people):
    client = Client()
    client.force_login(people.supervisor)
    sheets = linked(client.get("/staff/").content.decode())
    assert sheets[:2] == ["css/public.css", "css/staff.css"]


def test_the_one_sheet_is_every_family_in_order_and_print_only_on_paper():
    text = stylesheets.composed()
    places = [text.index((CSS / f"{name}.css").read_text("utf-8")) for name in stylesheets.FAMILIES]
    assert places == sorted(places)
    families = {*stylesheets.FAMILIES, "print", "staff", "paper", "reference"}
    assert families == {path.stem for path in CSS.glob("*.css")}
    printed = text[text.rindex("@media print {\n") :]
    assert printed.count("{") == printed.count("}")
    assert "font-size: 11pt" in printed
    assert text.count("@page {") == 1
    assert "@page" not in printed


def test_the_sheet_is_found_and_collected_and_follows_its_families(settings, tmp_path):
    settings.COMPOSED_ROOT = tmp_path
    found = stylesheets.ComposedStyles()
    assert found.find("css/base.css") == []
    path = found.find(stylesheets.NAME)
    assert (tmp_path / "css" / "public.css").read_text("utf-8") == stylesheets.composed()
    (tmp_path / "css" / "public.css").write_text("old", "utf-8")
    [(name, storage)] = found.list(None)
    with storage.open(name) as file:
        assert (name, file.read().decode()) == (stylesheets.NAME, stylesheets.composed())
    assert found.find(stylesheets.NAME, find_all=True) == [path]
    assert isinstance(storage, FileSystemStorage)
    assert found.check() == []
    assert finders.find(stylesheets.NAME)
