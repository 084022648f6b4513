"""What of an invoice a credit note takes back: never more than is left, and all credit notes together exactly the invoice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from rules.allowances import goods_worth
from rules.decimals import ZERO
from rules.money import Charge, Rounding, check_amount, prorated, prorated_parts
from rules.problems import AmountMismatch, NotFound, QuantityExceeded, invalid


@dataclass(frozen=True)
class Part:
    """A line of a credit note."""

    line: UUID
    quantity: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Left:
    """What of an invoice line is not credited yet: goods where it names an order line, else freight, an allowance or a charge."""

    id: UUID
    position: int
    quantity: Decimal
    net: Decimal
    tax: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    order_line: UUID | None = None
    is_allowance: bool = False

    @property
    def is_open(self) -> bool:
        """Whether anything is left."""
        return bool(self.quantity or self.net or self.tax)

    def is_gone(self, part: Part | None) -> bool:
        """Whether nothing is left to pay of it after this part; of what is free, whether none of it is left."""
        taken = part or Part(self.id, ZERO, ZERO, ZERO)
        is_paid_for = self.net == taken.net and self.tax == taken.tax
        return is_paid_for and (bool(self.unit_price) or self.quantity == taken.quantity)


@dataclass(frozen=True)
class CreditWish:
    """How much of an invoice line: so many of its goods, or so much of its amount without tax; all that is left where neither is said."""

    line: UUID
    quantity: Decimal | None = None
    net: Decimal | None = None


def whole(lines: Iterable[Left]) -> list[Part]:
    """All that is left."""
    return [_all(line) for line in lines if line.is_open]


def chosen(lines: Mapping[UUID, Left], wishes: Iterable[CreditWish], rounding: Rounding) -> list[Part]:
    """What is wished for, and of allowances and charges as much as goes with the goods, where they are not named themselves."""
    parts: dict[UUID, Part] = {}
    for place, wish in enumerate(wishes):
        path = f"input.lines[{place}]"
        if wish.line not in lines:
            raise NotFound("InvoiceLine", wish.line)
        if wish.line in parts:
            raise invalid(f"{path}.invoiceLineId", "names a line twice")
        parts[wish.line] = _part(path, lines[wish.line], wish, rounding)
    goods = {line: part.quantity for line, part in parts.items() if lines[line].order_line and part.quantity}
    for part in _going_along(lines, goods, rounding):
        if part.line not in parts:
            parts[part.line] = _within(lines, parts.values(), part, rounding)
    return [part for part in parts.values() if part.quantity or part.net or part.tax]


def _part(path: str, line: Left, wish: CreditWish, rounding: Rounding) -> Part:
    if wish.quantity is not None and wish.net is not None:
        raise invalid(path, "give either a quantity or an amount")
    if wish.quantity is None and not line.is_open:
        raise invalid(f"{path}.invoiceLineId", "names a line of which nothing is left to credit")
    if wish.net is not None:
        check_amount(f"{path}.net", wish.net, rounding.currency)
        if wish.net == 0 or not min(line.net, ZERO) <= wish.net <= max(line.net, ZERO):
            raise AmountMismatch(line.net, wish.net, rounding.currency)
        return Part(line.id, ZERO, wish.net, prorated(line.tax, wish.net, line.net, rounding))
    if wish.quantity is None:
        return _all(line)
    if wish.quantity <= 0:
        raise invalid(f"{path}.quantity", "must be greater than zero")
    if wish.quantity > line.quantity:
        raise QuantityExceeded(line.position, wish.quantity, line.quantity)
    return _of(line, wish.quantity, rounding)


def _all(line: Left) -> Part:
    return Part(line.id, line.quantity, line.net, line.tax)


def _of(line: Left, quantity: Decimal, rounding: Rounding) -> Part:
    """So many of what is left, at what is left of their amount: the last of them take the last fen with them."""
    return Part(line.id, quantity, *prorated_parts((line.net, line.tax), quantity, line.quantity, rounding))


def _going_along(lines: Mapping[UUID, Left], goods: Mapping[UUID, Decimal], rounding: Rounding) -> list[Part]:
    left = [_charge(line, line.quantity) for line in lines.values() if line.order_line]
    taken = [_charge(lines[line], quantity) for line, quantity in goods.items()]
    found = []
    for line in lines.values():
        worth = goods_worth(taken, line.tax_rate, left)
        if line.is_allowance and worth:
            share = replace(line, quantity=goods_worth(left, line.tax_rate))
            part = _of(share, worth, rounding)
            found.append(replace(part, quantity=line.quantity if worth == share.quantity else ZERO))
    return found


def _within(lines: Mapping[UUID, Left], others: Iterable[Part], part: Part, rounding: Rounding) -> Part:
    """As much of an allowance that goes along that the whole is neither less than nothing nor more than is left: its goods may have
    become cheaper since."""
    line, (taken, taken_tax) = lines[part.line], _sums(others)
    net = min(max(part.net, -taken), _sums(lines.values())[0] - taken)
    net = max(min(net, max(line.net, ZERO)), min(line.net, ZERO))
    tax = part.tax if net == part.net else prorated(line.tax, net, line.net, rounding)
    tax = max(tax, min(-taken - net - taken_tax, ZERO))  # taxes are rounded line by line: not a fen below nothing
    return part if (net, tax) == (part.net, part.tax) else Part(line.id, ZERO, net, tax)


def check_total(lines: Iterable[Left], parts: Iterable[Part], rounding: Rounding) -> None:
    """Refuse a credit note that comes to less than nothing, or to more than is left of the invoice as a whole."""
    left, taken = _sums(lines), _sums(parts)
    if taken[0] < 0 or sum(taken) < 0:
        raise invalid("input.lines", "come to less than nothing")
    if taken[0] > left[0]:
        raise AmountMismatch(sum(left, ZERO), sum(taken, ZERO), rounding.currency)


def _sums(parts: Iterable[Left | Part]) -> tuple[Decimal, Decimal]:
    known = list(parts)
    return sum((part.net for part in known), ZERO), sum((part.tax for part in known), ZERO)


def _charge(line: Left, quantity: Decimal) -> Charge:
    return Charge(quantity, line.unit_price, line.tax_rate)
