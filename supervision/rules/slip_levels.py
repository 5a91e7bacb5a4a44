"""The levels of supervision slips (督办单), lowest first.

Each site defines its own in its settings, because practice differs from place to place.
"""

from dataclasses import dataclass

from django.conf import settings

from common.ui.chips import Chip, Tone


@dataclass(frozen=True)
class SlipLevel:
    """One level: `key` is stored in rows and in the ledger, `word` is what people read."""

    key: str
    word: str
    tone: Tone

    def chip(self, *, demo: bool) -> Chip:
        return Chip(self.word, self.tone, demo=demo)


def slip_levels() -> list[SlipLevel]:
    """The levels of this site, lowest first."""
    return [
        SlipLevel(row["key"], row["word"], Tone(row["tone"]))
        for row in settings.SITE["slips"]["levels"]
    ]


def level_of(key: str) -> SlipLevel:
    """The level with this key; one that the site has dropped since is shown by its key."""
    return next(
        (level for level in slip_levels() if level.key == key), SlipLevel(key, key, Tone.QUIET)
    )


def higher_levels(key: str) -> list[SlipLevel]:
    """The levels above this one; none above the highest, or above one that the site has dropped."""
    levels = slip_levels()
    position = next(
        (position for position, level in enumerate(levels) if level.key == key), len(levels)
    )
    return levels[position + 1 :]


def default_level(ground: str) -> SlipLevel:
    """The level proposed for a slip on this ground; the lowest where the site names none."""
    return level_of(settings.SITE["slips"].get("level_for", {}).get(ground, slip_levels()[0].key))
