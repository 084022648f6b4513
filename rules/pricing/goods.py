"""What is priced, and what is said of its price: every step from the list price to what is left to pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Words:
    """A text for people in both languages; it may have places for facts, such as {share}."""

    en: str
    zh: str

    def told(self, locale: str, facts: Mapping[str, str] | None = None) -> str:
        """The text in the locale with its facts."""
        return (self.zh if locale == "zh-CN" else self.en).format(**(facts or {}))


@dataclass(frozen=True)
class Item:
    """A line that wants a price; `key` is its place, and no other has it."""

    key: int
    product: UUID
    quantity: Decimal
    list_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class Step:
    """One step on the way to a line's price: what the whole line came to before it and after it, as its document states prices, and why.

    `unit_price`: where the step set the price of one. `source` and `name`: the price list or promotion it comes from.
    `facts` fill the sentence of the policy.
    """

    policy: str
    before: Decimal
    after: Decimal
    unit_price: Decimal | None = None
    source: UUID | None = None
    name: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """How it is frozen in a quotation."""
        return {
            "policy": self.policy,
            "before": str(self.before),
            "after": str(self.after),
            "unitPrice": None if self.unit_price is None else str(self.unit_price),
            "source": self.source and str(self.source),
            "name": self.name,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Step":
        """The step as it was frozen."""
        price, source = stored["unitPrice"], stored["source"]
        return cls(
            stored["policy"],
            Decimal(stored["before"]),
            Decimal(stored["after"]),
            None if price is None else Decimal(price),
            source and UUID(source),
            stored["name"],
            stored["facts"],
        )


@dataclass(frozen=True)
class PricedLine:
    """A line with its price for one and what is left to pay for it, as its document states prices and the last of its steps says."""

    item: Item
    unit_price: Decimal
    steps: tuple[Step, ...]

    @property
    def gross(self) -> Decimal:
        """What it comes to at its price, before any promotion."""
        return next(step.after for step in reversed(self.steps) if step.unit_price is not None)

    @property
    def net(self) -> Decimal:
        """What is left of that when promotions are taken off."""
        return self.steps[-1].after

    def then(self, step: Step) -> "PricedLine":
        """The line after one more step."""
        price = self.unit_price if step.unit_price is None else step.unit_price
        return replace(self, unit_price=price, steps=(*self.steps, step))


def explanation(supplier: UUID, steps: Iterable[Step]) -> dict[str, Any]:
    """How a quotation keeps the steps to a price, with the supplier whose own they are."""
    return {"supplier": str(supplier), "steps": [step.as_json() for step in steps]}


def explained(stored: Mapping[str, Any] | None) -> tuple[UUID | None, list[Step]]:
    """The supplier and the steps as they were kept; neither where nothing was."""
    if stored is None:
        return None, []
    return UUID(stored["supplier"]), [Step.from_json(step) for step in stored["steps"]]
