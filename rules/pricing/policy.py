"""What a price policy is: one file in `policies` that ends with `POLICY = …` is all it takes to add one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from rules.money import Rounding, TaxInclusion
from rules.pricing.goods import Item, Words
from rules.pricing.price_lists import Offers

Terms = Mapping[str, Decimal]
"""What a promotion says to its policy, by the names of the policy's terms."""


class TermKind(StrEnum):
    """What a term of a promotion is measured in."""

    SHARE = "SHARE"
    AMOUNT = "AMOUNT"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True)
class Term:
    """One number that a promotion has to give to its policy; all of them are greater than zero, a share is at most 1."""

    name: str
    kind: TermKind
    words: Words


@dataclass(frozen=True)
class UnitPrice:
    """A price for one unit, where it comes from, and the facts for the policy's sentence."""

    amount: Decimal
    source: UUID | None = None
    name: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    tax_inclusion: TaxInclusion | None = TaxInclusion.EXCLUSIVE
    """How it is stated; None: as the document states its prices."""

    def on(self, document: TaxInclusion, tax_rate: Decimal) -> "UnitPrice":
        """The same price as a document states it."""
        amount = (self.tax_inclusion or document).restated(self.amount, tax_rate, document)
        return replace(self, amount=amount, tax_inclusion=None)


@dataclass(frozen=True)
class Worth:
    """A line as promotions find it: its price for one, and what is still to be paid for it."""

    item: Item
    unit_price: Decimal
    left: Decimal


class Policy(ABC):
    """What all policies have: a code that never changes, a name, and the sentence that says why it changed a price."""

    code: ClassVar[str]
    words: ClassVar[Words]
    because: ClassVar[Words]


class PricePolicy(Policy):
    """Says what one unit costs. The policies are asked by their rank, and a later one that has a price replaces an earlier one's."""

    rank: ClassVar[int]

    @abstractmethod
    def price(self, item: Item, offers: Offers) -> UnitPrice | None:
        """The price of one unit; None where the policy has none."""


class PromotionPolicy(Policy):
    """Says how much comes off the lines that a promotion is about."""

    terms: ClassVar[tuple[Term, ...]]
    needs_products: ClassVar[bool] = False
    """Whether a promotion has to name its products, with how many of each belong together."""

    @abstractmethod
    def reductions(
        self, terms: Terms, products: Mapping[UUID, Decimal], lines: Sequence[Worth], rounding: Rounding
    ) -> Sequence[Decimal]:
        """How much comes off each line; what is more than is left of a line is cut to that."""

    @abstractmethod
    def facts(self, terms: Terms) -> Mapping[str, str]:
        """The facts for the sentence."""
