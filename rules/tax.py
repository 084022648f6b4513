"""Rates of value added tax as the law has them: from one day to another, in one country, for one category."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.problems import UnknownTaxRate, invalid


class TaxCategory(StrEnum):
    """UN/ECE 5305 duty or tax or fee category codes, as far as they are kept here."""

    S = "S"
    AA = "AA"
    Z = "Z"
    E = "E"
    O = "O"  # noqa: E741  # the code is the letter


UNTAXED = frozenset({TaxCategory.Z, TaxCategory.E, TaxCategory.O})
"""Of which no tax is due."""

ON_FREIGHT = Decimal("0.09")
"""VAT on transport in the PRC (Announcement [2019] 39), for a platform that keeps no rates at all."""


@dataclass(frozen=True)
class LegalRate:
    """A rate and the days on which it is valid, both included; None: until further notice."""

    rate: Decimal
    valid_from: date
    valid_to: date | None = None
    category: TaxCategory = TaxCategory.S

    def is_valid_on(self, day: date) -> bool:
        """Whether it can be charged for what is taxed on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Law:
    """What is known of a country's rates, and the days that count, the last of which is today."""

    country: str
    known: Sequence[LegalRate]
    days: Sequence[date]

    def has(self, rate: Decimal) -> bool:
        """Whether the rate is valid on one of the days; where nothing is known of the country, any is."""
        return not self.known or any(
            one.rate == rate and one.is_valid_on(day) for one in self.known for day in self.days
        )

    def on_freight(self, is_charged: bool) -> Decimal:
        """At which rate freight is taxed today: the highest of the reduced ones (AA), which is transport's own in China. InvalidInput where
        there is none, unless nothing is charged."""
        reduced = [one.rate for one in self.known if one.category is TaxCategory.AA and one.is_valid_on(self.days[-1])]
        if self.known and not reduced and is_charged:
            raise invalid("input.freightTaxRate", "has to be said: no reduced rate (AA) is in force")
        return max(reduced, default=ON_FREIGHT)

    def check(self, asked: Iterable[tuple[str, Decimal]]) -> None:
        """Refuse the first rate that is not valid, by the path where it is said; the refusal tells those of today."""
        today = self.days[-1]
        for path, rate in asked:
            if not self.has(rate):
                valid = {one.rate for one in self.known if one.is_valid_on(today)}
                raise UnknownTaxRate(path, rate, self.country, today, tuple(sorted(valid, reverse=True)))


@dataclass(frozen=True)
class RateChange:
    """A rate that the law has changed: what is taxed at `before` is taxed at `after`."""

    before: Decimal
    after: Decimal


def new_rates(changes: Iterable[RateChange], charged: Collection[Decimal]) -> dict[Decimal, Decimal]:
    """The rate instead of each that changes; InvalidInput where one is charged nowhere in the contract, or named twice."""
    found: dict[Decimal, Decimal] = {}
    for place, one in enumerate(changes):
        if one.before in found or one.before not in charged:
            fault = "names a rate twice" if one.before in found else "is charged nowhere in the contract"
            raise invalid(f"input.taxRates[{place}].before", fault)
        found[one.before] = one.after
    return found
