"""The two ways in which an action says that it was not carried out."""


class Refused(Exception):
    """An action was not carried out, and nothing was changed.

    `reasons`: Chinese sentences for the person who tried, each saying what stands in the way and,
    where it can be put right, how. Views show them beside the form.
    """

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class Stale(Refused):
    """An action was refused because somebody else saved the same row after its page was shown.

    Nothing was overwritten; the person can look at the new state and try again.
    """
