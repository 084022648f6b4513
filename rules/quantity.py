"""The quantity ledger of an order line: what was ordered and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from rules.acceptance import GoodsFault
from rules.decimals import ZERO
from rules.phrase import Phrase
from rules.problems import QuantityExceeded, invalid

K = TypeVar("K")
V = TypeVar("V")
SMALLEST = Decimal("0.000001")


class Movement(StrEnum):
    """What an entry of the quantity ledger records; a negative entry takes back an earlier one of its kind."""

    ORDERED = "ORDERED"
    CANCELLED = "CANCELLED"
    DESPATCHED = "DESPATCHED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    SHORT = "SHORT"
    INVOICED = "INVOICED"
    CREDITED = "CREDITED"
    RETURNED = "RETURNED"
    RETURNED_REJECTED = "RETURNED_REJECTED"
    REPLACED = "REPLACED"


@dataclass(frozen=True)
class LineQuantities:
    """The sums of one line's ledger, in the line's unit."""

    ordered: Decimal = ZERO
    despatched: Decimal = ZERO
    accepted: Decimal = ZERO
    rejected: Decimal = ZERO
    short: Decimal = ZERO
    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    cancelled: Decimal = ZERO
    returned: Decimal = ZERO
    returned_rejected: Decimal = ZERO
    replaced: Decimal = ZERO

    @classmethod
    def of(cls, sums: Mapping[str, Decimal]) -> "LineQuantities":
        """From sums keyed by movement."""
        return cls(**{movement.lower(): amount for movement, amount in sums.items()})

    @property
    def agreed(self) -> Decimal:
        """What the contract in force says: ordered, less what later versions of it took back."""
        return self.ordered - self.cancelled

    @property
    def arriving(self) -> Decimal:
        """What left the supplier and was not found short."""
        return self.despatched - self.short

    @property
    def delivered(self) -> Decimal:
        """How much of what was agreed has left, without what replaces returned goods: a contract never asks for less."""
        return min(self.arriving - self.replaced, self.agreed)

    @property
    def under_way(self) -> Decimal:
        """Despatched and not yet received."""
        return self.despatched - self.accepted - self.rejected - self.short

    @property
    def to_despatch(self) -> Decimal:
        """Still due to the buyer: what has not left, what was despatched but fell short, and what replaces returned goods."""
        return max(self.agreed + self.replaced - self.arriving, ZERO)

    @property
    def kept(self) -> Decimal:
        """Accepted and not on its way back: what the buyer owes the price of."""
        return self.accepted - self.returned

    @property
    def to_invoice(self) -> Decimal:
        """Kept by the buyer and not yet invoiced; below zero where what was invoiced went back and was neither replaced nor credited."""
        return self.kept - self.invoiced + self.credited

    @property
    def is_closed(self) -> bool:
        """Whether nothing is due or under way any more."""
        return self.to_despatch == 0 and self.under_way == 0


def each_once(path: str, named: Iterable[tuple[K, V]]) -> dict[K, V]:
    """The entries by their line; InvalidInput where a line is named twice, since nobody could say which of the two counts."""
    found: dict[K, V] = {}
    for place, (line, entry) in enumerate(named):
        if line in found:
            raise invalid(f"{path}[{place}].orderLineId", "names a line twice")
        found[line] = entry
    return found


def check_choice(line: int, quoted: Decimal, wanted: Decimal) -> None:
    """Refuse to accept more than was quoted."""
    _check_positive(wanted)
    if wanted > quoted:
        raise QuantityExceeded(line, wanted, quoted)


def check_despatch(line: int, quantities: LineQuantities, wanted: Decimal, tolerance: Decimal = ZERO) -> None:
    """Refuse to ship more than is due, over-delivery tolerance (0.05 = 5 %) included."""
    _check_positive(wanted)
    most = ((quantities.agreed + quantities.replaced) * (1 + tolerance)).quantize(SMALLEST, ROUND_DOWN)
    _check_most(line, wanted, most - quantities.arriving)


def check_change(line: int, quantities: LineQuantities, wanted: Decimal) -> None:
    """Refuse to take back more of a line than what has not left the supplier yet."""
    least = quantities.delivered
    if wanted < least:
        raise QuantityExceeded(line, quantities.agreed - wanted, quantities.agreed - least)


def check_return(line: int, quantities: LineQuantities, wanted: Decimal, *, rejected: bool) -> None:
    """Refuse to return more than was accepted, or than was rejected, and has not gone back yet."""
    _check_positive(wanted)
    _check_most(line, wanted, quantities.rejected - quantities.returned_rejected if rejected else quantities.kept)


def check_invoice(line: int, quantities: LineQuantities, wanted: Decimal) -> None:
    """Refuse to invoice more than was accepted and kept."""
    _check_positive(wanted)
    _check_most(line, wanted, quantities.to_invoice)


def _check_most(line: int, wanted: Decimal, remaining: Decimal) -> None:
    if wanted > remaining:
        raise QuantityExceeded(line, wanted, max(remaining, ZERO))


def _check_positive(wanted: Decimal) -> None:
    if wanted <= 0:
        raise invalid("input.lines", "quantities must be greater than zero")


@dataclass(frozen=True)
class Inspection:
    """How one despatched quantity was received; reason is needed where something is not accepted."""

    accepted: Decimal
    rejected: Decimal = ZERO
    short: Decimal = ZERO
    reason: str | None = None
    fault: GoodsFault | None = None
    photos: tuple[UUID, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of it was accepted."""
        return not self.rejected and not self.short

    @property
    def coded(self) -> GoodsFault | None:
        """The fault as a code: OTHER where there are only words."""
        return None if self.is_whole else self.fault or GoodsFault.OTHER


def check_inspection(path: str, despatched: Decimal, found: Inspection) -> None:
    """Refuse an inspection that does not account for every despatched unit, or gives no reason for a fault."""
    total = found.accepted + found.rejected + found.short
    if min(found.accepted, found.rejected, found.short) < 0:
        raise invalid(path, "quantities cannot be negative")
    if total != despatched:
        raise invalid(path, _unequal(total, despatched))
    if not found.is_whole and not found.reason and found.fault in (None, GoodsFault.OTHER):
        raise invalid(f"{path}.reason", "say why goods are rejected or short")


def _unequal(total: Decimal, despatched: Decimal) -> Phrase:
    return Phrase(
        "accepted + rejected + short is {total}, but {despatched} were despatched",
        total=plain(total),
        despatched=plain(despatched),
    )


def order_quantity_fault(quantity: Decimal, minimum: Decimal, step: Decimal) -> tuple[Phrase, str] | None:
    """What is wrong with an ordered quantity and the next right one, or None."""
    if quantity <= 0:
        return Phrase("must be greater than zero"), plain(minimum)
    if quantity < minimum:
        return Phrase("is below the minimum order quantity {minimum}", minimum=plain(minimum)), plain(minimum)
    if quantity % step:
        return Phrase("is not a multiple of {step}", step=plain(step)), plain((quantity // step + 1) * step)
    return None


def plain(number: Decimal) -> str:
    """A number for people, without exponent or trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def all_closed(lines: Iterable[LineQuantities]) -> bool:
    """Whether nothing of the order is open."""
    return all(line.is_closed for line in lines)
