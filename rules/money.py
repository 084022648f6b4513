"""Money without floats: exact amounts, one rounding at each named place, shares that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, localcontext
from enum import StrEnum

from rules.decimals import ZERO
from rules.phrase import Phrase
from rules.problems import invalid

# Documents stay below this: more digits neither the schema nor the columns of their sums take.
MOST = Decimal(10) ** 14
FINEST_PRICE = Decimal("0.000001")
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


class TaxInclusion(StrEnum):
    """Whether a document's prices, its freight and its allowances are stated without tax or with it; frozen in the quotation."""

    EXCLUSIVE = "EXCLUSIVE"
    INCLUSIVE = "INCLUSIVE"

    def stated(self, net: Decimal, tax: Decimal) -> Decimal:
        """An amount as the document states it."""
        return net + tax if self is TaxInclusion.INCLUSIVE else net

    def restated(self, price: Decimal, rate: Decimal, other: "TaxInclusion") -> Decimal:
        """The price of one that is stated like this, stated the other way, to the six decimals that prices have."""
        if self is other:
            return price
        with localcontext(EXACT):
            exact = price / (1 + rate) if other is TaxInclusion.EXCLUSIVE else price * (1 + rate)
            return exact.quantize(FINEST_PRICE, ROUND_HALF_UP)


def minor_unit(currency: Currency) -> Decimal:
    """The smallest amount of the currency, such as 0.01."""
    return Decimal(1).scaleb(-_EXPONENTS.get(currency, 2))


@dataclass(frozen=True)
class Rounding:
    """The rounding of one document."""

    currency: Currency = Currency.CNY
    mode: RoundingMode = RoundingMode.HALF_UP
    tax_level: TaxLevel = TaxLevel.LINE
    tax_inclusion: TaxInclusion = TaxInclusion.EXCLUSIVE

    def __call__(self, amount: Decimal) -> Decimal:
        """The amount at the currency's exponent."""
        return amount.quantize(minor_unit(self.currency), _MODES[self.mode])

    def tax(self, stated: Decimal, rate: Decimal) -> Decimal:
        """The tax on an amount that is stated without it, or the tax in one that is stated with it, rounded once."""
        return self(stated * rate / (1 + rate) if self.includes_tax else stated * rate)

    @property
    def includes_tax(self) -> bool:
        """Whether amounts are stated with tax."""
        return self.tax_inclusion is TaxInclusion.INCLUSIVE

    def stated(self, net: Decimal, tax: Decimal) -> Decimal:
        """An amount as the document states it, given both of its parts."""
        return self.tax_inclusion.stated(net, tax)

    def net(self, stated: Decimal, tax: Decimal) -> Decimal:
        """What of a stated amount is left without its tax."""
        return stated - tax if self.includes_tax else stated


@dataclass(frozen=True)
class Charge:
    """Something with a price: a line of goods, or freight as one unit."""

    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class Claimed:
    """An amount as the document states it, and what earlier documents have claimed of the same whole: together they claim exactly it."""

    amount: Decimal
    tax_rate: Decimal
    before: Decimal = ZERO


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


def instalment(charge: Charge, before: Decimal, rounding: Rounding) -> Claimed:
    """What the charge claims after so many of the same were claimed: the whole up to now, less the whole up to then."""
    had = worth(before, charge.unit_price, rounding)
    return Claimed(worth(before + charge.quantity, charge.unit_price, rounding) - had, charge.tax_rate, had)


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


def prorated_parts(
    parts: tuple[Decimal, Decimal], part: Decimal, whole: Decimal, rounding: Rounding
) -> tuple[Decimal, Decimal]:
    """As much of a net and its tax as the part is of the whole: the stated amount and the tax are rounded, what is left is the net."""
    net, tax = parts
    own = prorated(tax, part, whole, rounding)
    return rounding.net(prorated(rounding.stated(net, tax), part, whole, rounding), own), own


def totals(charges: Sequence[Charge], rounding: Rounding) -> Totals:
    """Round each charge once as it is stated, then its tax; see `added_up`."""
    return added_up([Claimed(worth(one.quantity, one.unit_price, rounding), one.tax_rate) for one in charges], rounding)


def added_up(claimed: Sequence[Claimed], rounding: Rounding) -> Totals:
    """Round the tax on each line, or once per rate and spread over its lines. Where tax is included, net is what is left without it."""
    with localcontext(EXACT):
        taxes = (
            _line_taxes(claimed, rounding) if rounding.tax_level is TaxLevel.LINE else _rate_taxes(claimed, rounding)
        )
        nets = tuple(rounding.net(one.amount, tax) for one, tax in zip(claimed, taxes, strict=True))
        sums = Totals(nets, taxes, sum(nets, ZERO), sum(taxes, ZERO))
    if sums.gross >= MOST:
        raise invalid("input.lines", Phrase("the total must be less than {most}", most=f"{MOST:f}"))
    return sums


def _line_taxes(claimed: Sequence[Claimed], rounding: Rounding) -> tuple[Decimal, ...]:
    return tuple(_tax_now(one.before, one.amount, one.tax_rate, rounding) for one in claimed)


def _rate_taxes(claimed: Sequence[Claimed], rounding: Rounding) -> tuple[Decimal, ...]:
    taxes = [ZERO] * len(claimed)
    for rate in {one.tax_rate for one in claimed}:
        places = [place for place, one in enumerate(claimed) if one.tax_rate == rate]
        amounts = [claimed[place].amount for place in places]
        before = sum((claimed[place].before for place in places), ZERO)
        tax = _tax_now(before, sum(amounts, ZERO), rate, rounding)
        for place, share in zip(places, spread(tax, amounts, rounding.currency), strict=True):
            taxes[place] = share
    return tuple(taxes)


def _tax_now(before: Decimal, amount: Decimal, rate: Decimal, rounding: Rounding) -> Decimal:
    """The tax on all that is claimed by now, less what was claimed before: no fen is lost between the parts of a whole."""
    return rounding.tax(before + amount, rate) - rounding.tax(before, rate)


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
