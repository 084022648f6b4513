"""Money without floats: exact amounts, one rounding at each named place, shares that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, localcontext
from enum import StrEnum

from rules.phrase import Phrase
from rules.problems import invalid

ZERO = Decimal(0)
# Documents stay below this: more digits neither the schema nor the columns of their sums take.
MOST = Decimal(10) ** 14
# A quantity and a price have 20 digits each, their product 40: Python's usual 28 would fail at rounding what is to be refused.
EXACT = Context(prec=80)


class Currency(StrEnum):
    """ISO 4217 alphabetic codes that orders may be made in."""

    CNY = "CNY"
    USD = "USD"
    EUR = "EUR"
    HKD = "HKD"
    JPY = "JPY"
    GBP = "GBP"
    SGD = "SGD"


# ISO 4217 minor units; every other currency listed above has two.
_EXPONENTS = {Currency.JPY: 0}


class RoundingMode(StrEnum):
    """How a document rounds; frozen in the quotation and copied from there."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"
    UP = "UP"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
    RoundingMode.UP: ROUND_UP,
}


class TaxLevel(StrEnum):
    """Whether tax is rounded on each line or once per rate on the document (EN 16931 BT-117 allows both)."""

    LINE = "LINE"
    DOCUMENT = "DOCUMENT"


def minor_unit(currency: Currency) -> Decimal:
    """The smallest amount of the currency, such as 0.01."""
    return Decimal(1).scaleb(-_EXPONENTS.get(currency, 2))


@dataclass(frozen=True)
class Rounding:
    """The rounding of one document."""

    currency: Currency = Currency.CNY
    mode: RoundingMode = RoundingMode.HALF_UP
    tax_level: TaxLevel = TaxLevel.LINE

    def __call__(self, amount: Decimal) -> Decimal:
        """The amount at the currency's exponent."""
        return amount.quantize(minor_unit(self.currency), _MODES[self.mode])


@dataclass(frozen=True)
class Charge:
    """Something with a price: a line of goods, or freight as one unit."""

    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class Totals:
    """What a document adds up to; net + tax = gross, and each charge's parts in the order given."""

    nets: tuple[Decimal, ...]
    taxes: tuple[Decimal, ...]
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax


def worth(quantity: Decimal, price: Decimal, rounding: Rounding) -> Decimal:
    """What so many cost at a price for one, rounded once."""
    with localcontext(EXACT):
        return rounding(quantity * price)


def prorated(amount: Decimal, part: Decimal, whole: Decimal, rounding: Rounding) -> Decimal:
    """As much of the amount as the part is of the whole, rounded once; all of it where the whole is nothing."""
    with localcontext(EXACT):
        return rounding(amount * part / whole) if whole else amount


def landed(grosses: Sequence[Decimal], total: Decimal, currency: Currency) -> list[Decimal]:
    """What each line costs with its share of everything else on the document, tax included; the shares add up to the total."""
    beside = spread(total - sum(grosses, ZERO), grosses, currency)
    return [gross + share for gross, share in zip(grosses, beside, strict=True)]


def check_amount(path: str, amount: Decimal, currency: Currency) -> None:
    """Refuse an amount finer than the currency's smallest unit, which storing would round in silence."""
    if amount % minor_unit(currency):
        raise invalid(
            path,
            Phrase(
                "is finer than {unit}, the smallest amount of {currency}", unit=minor_unit(currency), currency=currency
            ),
        )


def totals(charges: Sequence[Charge], rounding: Rounding) -> Totals:
    """Round each net once, then the tax on each line, or once per rate and spread over its lines."""
    with localcontext(EXACT):
        sums = _totals(charges, rounding)
    if sums.gross >= MOST:
        raise invalid("input.lines", Phrase("the total must be less than {most}", most=f"{MOST:f}"))
    return sums


def _totals(charges: Sequence[Charge], rounding: Rounding) -> Totals:
    nets = tuple(rounding(charge.quantity * charge.unit_price) for charge in charges)
    if rounding.tax_level is TaxLevel.LINE:
        taxes = tuple(rounding(net * charge.tax_rate) for net, charge in zip(nets, charges, strict=True))
    else:
        taxes = _document_taxes(nets, charges, rounding)
    return Totals(nets, taxes, sum(nets, ZERO), sum(taxes, ZERO))


def _document_taxes(nets: Sequence[Decimal], charges: Sequence[Charge], rounding: Rounding) -> tuple[Decimal, ...]:
    taxes = [ZERO] * len(nets)
    for rate in {charge.tax_rate for charge in charges}:
        places = [i for i, charge in enumerate(charges) if charge.tax_rate == rate]
        tax = rounding(sum((nets[i] for i in places), ZERO) * rate)
        for i, share in zip(places, spread(tax, [nets[i] for i in places], rounding.currency), strict=True):
            taxes[i] = share
    return tuple(taxes)


def spread(amount: Decimal, weights: Sequence[Decimal], currency: Currency) -> list[Decimal]:
    """Split an amount in proportion to the weights so that the parts add up exactly (largest remainder)."""
    with localcontext(EXACT):
        return _spread(amount, weights, minor_unit(currency))


def _spread(amount: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    whole = sum(weights, ZERO)
    if not weights:
        return []
    exact = [amount * weight / whole if whole else amount / len(weights) for weight in weights]
    parts = [share.quantize(unit, ROUND_DOWN) for share in exact]
    missing = int((amount - sum(parts, ZERO)) / unit)
    step = unit.copy_sign(Decimal(missing))
    by_remainder = sorted(range(len(parts)), key=lambda i: abs(exact[i] - parts[i]), reverse=True)
    for i in by_remainder[: abs(missing)]:
        parts[i] += step
    return parts
