"""Questions on numbers that may be meant otherwise; a number is kept whatever the answer."""

from dataclasses import dataclass
from decimal import Decimal

from common.text.wording import number
from progress.requirements.items import RequiredNumber, annual_target


@dataclass(frozen=True)
class NumberQuestion:
    """Whether 0.985 was meant to be 98.5, where the unit is the percent.

    Spreadsheets hold 98.5% as 0.985. `name`: the field of the number; `aim`: its target.
    """

    name: str
    label: str
    typed: Decimal
    aim: Decimal

    @property
    def key(self) -> str:
        """What the page sends along once it has asked."""
        return f"{self.name}={number(self.typed)}"

    @property
    def sentence(self) -> str:
        typed, meant = number(self.typed), number(self.typed * 100)
        return (
            f"填的是 {typed}%，目标是 {number(self.aim)}%。如果是 {meant}%，请改成 {meant}；"
            f"确实是 {typed}% 的，不用改。"
        )


def question_about(
    required: RequiredNumber, value: Decimal | None, year: int
) -> NumberQuestion | None:
    """The question about this value, if there is doubt.

    `year`: that of the quarter, whose target is the measure where the quarter has none.
    """
    indicator, aim = required.indicator, _aim(required, year)
    if value is None or aim is None or not (indicator.is_in_percent and 0 < value <= 1 < aim):
        return None
    return NumberQuestion(f"r{indicator.pk}", indicator.name, value, aim)


def _aim(required: RequiredNumber, year: int) -> Decimal | None:
    if required.aim:
        return required.aim.value
    annual = annual_target(required.indicator, year)
    return annual.value if annual else None
