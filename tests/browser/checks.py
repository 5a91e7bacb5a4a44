"""What every page is asked: can everybody read it, and does it fit the window?"""

from axe_playwright_python.sync_playwright import Axe


def barriers(page) -> list[str]:
    """Violations axe-core finds, one line each: rule, help and the first place."""
    # Without reading style sheets itself: where one imports another it would write a style of its own into the page.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target'][0]} ({len(v['nodes'])})" for v in found]


def overflow(page) -> int:
    """Pixels a reader would have to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
