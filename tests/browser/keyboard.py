"""The keyboard alone: what is reached by the Tab key, and by how many acts."""

LONGEST_WAY = 60


class Keyboard:
    """A person who has no mouse. `acts` are the fields completed and the controls activated."""

    def __init__(self, window):
        self.window, self.acts = window, []

    def reach(self, control) -> None:
        for _ in range(LONGEST_WAY):
            self.window.keyboard.press("Tab")
            if control.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{control} is not reached by the Tab key")

    def press(self, control, key: str) -> None:
        self.reach(control)
        self.window.keyboard.press(key)
        self.acts.append(f"{key} {control}")

    def type(self, control, words: str) -> None:
        self.reach(control)
        self.window.keyboard.type(words)
        self.acts.append(f"{words} {control}")
