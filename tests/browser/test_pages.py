"""One page per address pattern that links lead to: it is there, everybody can read it,
it fits the window.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.browser.checks import barriers, overflow

LINKS = "links => links.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"


def route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return address


def walk(page, start: str, stay) -> dict[str, list[str]]:
    """{address: what is wrong with it}, breadth first over the routes whose
    address `stay` accepts.
    """
    found, queue, seen = {}, [start], set()
    while queue:
        address = queue.pop(0)
        if not stay(address) or route_of(address) in seen:
            continue
        seen.add(route_of(address))
        found[address], links = look_at(page, address)
        queue += links
    return found


def look_at(page, address: str) -> tuple[list[str], list[str]]:
    """(complaints, links); a file for download is only asked whether it is there."""
    answer = page.request.get(address)
    if not answer.ok or not answer.headers["content-type"].startswith("text/html"):
        return [] if answer.ok else [f"answers {answer.status}"], []
    page.goto(address)
    wide = [f"{overflow(page)} px too wide"] if overflow(page) else []
    return barriers(page) + wide, page.eval_on_selector_all("a[href]", LINKS)


def complaints_of(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {address: complaints for address, complaints in found.items() if complaints}


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_a_visitor_reaches_is_readable_by_everybody(width, open_page, white_paper):
    found = walk(
        open_page(width, 800),
        "/",
        lambda address: not address.startswith(("/staff/", "/admin/", "/api/v1/")),
    )
    assert {"/tasks/", "/plans/", f"/tasks/{white_paper.task.code}/"} <= {
        urlsplit(address).path for address in found
    }
    assert complaints_of(found) == {}


@pytest.mark.parametrize("name", ["reporter", "supervisor", "publisher", "clerk", "leader"])
def test_every_page_a_role_reaches_in_the_workspace_is_readable_by_everybody(
    name, page, sign_in, people, white_paper
):
    sign_in(page, getattr(people, name))
    found = walk(page, "/staff/", lambda address: address.startswith("/staff/"))
    assert len(found) > 1
    assert complaints_of(found) == {}
