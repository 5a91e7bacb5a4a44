"""How a deed says no: in sentences for the person who asked."""


class Refused(Exception):
    """The deed was not done; `reasons` are Chinese sentences that say what to do instead."""

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class Stale(Refused):
    """Somebody saved in between; nothing was overwritten."""
