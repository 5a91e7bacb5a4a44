"""What every page is asked: can everybody read it, and does it fit the window?"""

from axe_playwright_python.sync_playwright import Axe


def barriers(page) -> list[str]:
    """Violations axe-core finds, one line each: rule, help and the first place."""
    if not getattr(page, "scripts", True):
        return _barriers_without_scripts(page)
    # Without reading style sheets itself: where one imports another it would write a style of its
    # own into the page.
    found = (
        Axe()
        .run(page, options={"preload": False, "resultTypes": ["violations"]})
        .response["violations"]
    )
    return [
        f"{v['id']}: {v['help']} at {v['nodes'][0]['target'][0]} ({len(v['nodes'])})" for v in found
    ]


def _barriers_without_scripts(page) -> list[str]:
    """The page has loaded without its scripts and stays as it is;
    only the checker's own are let in.
    """
    door = page.context.new_cdp_session(page)
    # Closed first: to a session that never closed it, opening changes nothing.
    for closed in (True, False):
        door.send("Emulation.setScriptExecutionDisabled", {"value": closed})
    page.scripts = True
    try:
        return barriers(page)
    finally:
        page.scripts = False
        door.send("Emulation.setScriptExecutionDisabled", {"value": True})
        door.detach()


def click_through(control) -> None:
    """Clicks a link or a button and waits until the page it leads to is there.

    A click alone may return while the old page still stands: what is asked next would be asked of
    that page, and going on to another address would break off what was sent.
    """
    with control.page.expect_navigation():
        control.click()


def overflow(page) -> int:
    """Pixels a reader would have to scroll sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
