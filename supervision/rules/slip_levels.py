"""The levels of 督办单, from the lowest up. Practice differs from place to place, so the site profile has them."""

from dataclasses import dataclass

from django.conf import settings

from common.ui.chips import Chip, Tone


@dataclass(frozen=True)
class SlipLevel:
    """`key` is what rows and the record keep, `word` what people read."""

    key: str
    word: str
    tone: Tone

    def chip(self, *, demo: bool) -> Chip:
        return Chip(self.word, self.tone, demo=demo)


def slip_levels() -> list[SlipLevel]:
    return [SlipLevel(row["key"], row["word"], Tone(row["tone"])) for row in settings.SITE["slips"]["levels"]]


def level_of(key: str) -> SlipLevel:
    """One that the site has given up since keeps its key as its word."""
    return next((level for level in slip_levels() if level.key == key), SlipLevel(key, key, Tone.QUIET))


def higher_levels(key: str) -> list[SlipLevel]:
    """What a slip may be raised to; empty on the highest rung, and on one that is no longer there."""
    levels = slip_levels()
    place = next((place for place, level in enumerate(levels) if level.key == key), len(levels))
    return levels[place + 1 :]


def default_level(ground: str) -> SlipLevel:
    """With which level a slip on this ground is usually begun; the lowest where the site names none."""
    return level_of(settings.SITE["slips"].get("level_for", {}).get(ground, slip_levels()[0].key))
