"""The price of every line of an order with each step that led to it: the same goods always cost the same, in whatever order they come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from uuid import UUID

from rules.allowances import Allowance, AllowanceKind
from rules.decimals import ONE, ZERO
from rules.money import EXACT, Charge, Rounding, TaxInclusion, worth
from rules.pricing.goods import Item, PricedLine, Step
from rules.pricing.policy import UnitPrice, Worth
from rules.pricing.price_lists import Offers, PriceBreak, PriceList, by_precedence
from rules.pricing.promotion import LeftOut, Promotion, in_turn, why_not
from rules.pricing.registry import price_policies, promotion_policies

DISCOUNT = "95"
"""UNCL 5189: Discount."""

NOTHING_QUOTED: Mapping[int, Decimal] = {}


@dataclass(frozen=True)
class Applied:
    """A promotion with what it takes off each line, by the line's key; `reason`: why that is nothing."""

    promotion: Promotion
    shares: Mapping[int, Decimal]
    reason: LeftOut | None = None

    @property
    def amount(self) -> Decimal:
        """What it takes off altogether, as the prices are stated."""
        return sum(self.shares.values(), ZERO)


@dataclass(frozen=True)
class Pricing:
    """The lines by their key, every promotion that was looked at, in turn, and what the price policies looked at."""

    lines: tuple[PricedLine, ...]
    promotions: tuple[Applied, ...]
    rounding: Rounding
    offers: Offers = field(default_factory=Offers)

    @property
    def goods(self) -> list[Charge]:
        """The lines as they stand on a document, before promotions."""
        return [Charge(line.item.quantity, line.unit_price, line.item.tax_rate) for line in self.lines]

    @property
    def charges(self) -> list[Charge]:
        """All of it as it stands on a document: the lines, then what is taken off."""
        return [*self.goods, *(Charge(ONE, -(one.amount or ZERO), one.tax_rate) for one in self.allowances)]

    @property
    def allowances(self) -> list[Allowance]:
        """The promotions as they stand on a document: one allowance for each and each tax rate."""
        return [allowance for applied in self.promotions for allowance in self.allowances_of(applied)]

    def instead(self, line: PricedLine, item: Item, price: Decimal) -> PricedLine:
        """What else is offered for a line, at the price that the supplier asks: its steps, were it taken and the other lines as they are.

        Promotions are not among them: what they take off is reckoned on the lines.
        """
        with localcontext(EXACT):
            wanted = self.offers.quantities.get(item.product, ZERO) + item.quantity
            if item.product == line.item.product:
                wanted -= line.item.quantity
            offers = replace(self.offers, quantities={item.product: wanted}, quoted={item.key: price})
            return _line(item, offers, self.rounding)

    def allowances_of(self, applied: Applied) -> list[Allowance]:
        """What one promotion comes to at each tax rate."""
        by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            by_rate[line.item.tax_rate] += applied.shares.get(line.item.key, ZERO)
        name = applied.promotion.name
        return [
            Allowance(AllowanceKind.ALLOWANCE, rate, name, DISCOUNT, amount=amount)
            for rate, amount in sorted(by_rate.items())
            if amount
        ]


def priced(
    items: Iterable[Item],
    price_lists: Iterable[PriceList],
    promotions: Iterable[Promotion],
    rounding: Rounding,
    quoted: Mapping[int, Decimal] = NOTHING_QUOTED,
) -> Pricing:
    """What the lines cost with the price lists and promotions that are open to the buyer now; `quoted`: what the supplier asks instead."""
    ordered = sorted(items, key=lambda item: item.key)
    with localcontext(EXACT):
        offers = Offers(tuple(by_precedence(price_lists)), _quantities(ordered), quoted)
        pricing = _reduced([_line(item, offers, rounding) for item in ordered], promotions, rounding)
        return replace(pricing, offers=offers)


def cheaper_from(item: Item, price_lists: Sequence[PriceList], step: Decimal) -> PriceBreak | None:
    """The smallest larger multiple of the step that costs less altogether, and its price for one without tax; None where there is none."""
    with localcontext(EXACT):
        larger = {
            _multiple(one.minimum_quantity, step)
            for prices in price_lists
            for one in prices.prices.get(item.product, ())
            if one.minimum_quantity > item.quantity
        }
        now = item.quantity * _unit_price(item, price_lists) if larger else ZERO
        for quantity in sorted(larger):
            price = _unit_price(replace(item, quantity=quantity), price_lists)
            if quantity * price < now:
                return PriceBreak(quantity, price)
    return None


def _multiple(least: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of the step that is not less."""
    return least if not least % step else (least // step + 1) * step


def _unit_price(item: Item, price_lists: Iterable[PriceList]) -> Decimal:
    offers = Offers(tuple(by_precedence(price_lists)), {item.product: item.quantity})
    found = (policy.price(item, offers) for policy in price_policies())
    return [one.on(TaxInclusion.EXCLUSIVE, item.tax_rate).amount for one in found if one is not None][-1]


def _quantities(items: Iterable[Item]) -> dict[UUID, Decimal]:
    together: dict[UUID, Decimal] = defaultdict(Decimal)
    for item in items:
        together[item.product] += item.quantity
    return together


def _line(item: Item, offers: Offers, rounding: Rounding) -> PricedLine:
    """The line at the last price that a policy has for it."""
    line = PricedLine(item, item.list_price, ())
    for policy in price_policies():
        said = policy.price(item, offers)
        found = said and said.on(rounding.tax_inclusion, item.tax_rate)
        if found and not _is_said(line, found):
            amount = worth(item.quantity, found.amount, rounding)
            before = line.steps[-1].after if line.steps else amount
            step = Step(policy.code, before, amount, found.amount, found.source, found.name, dict(found.facts))
            line = line.then(step)
    return line


def _is_said(line: PricedLine, found: UnitPrice) -> bool:
    """Whether a price that comes from nowhere else is the one that stands already."""
    return bool(line.steps) and found.source is None and found.amount == line.unit_price


def _reduced(lines: list[PricedLine], promotions: Iterable[Promotion], rounding: Rounding) -> Pricing:
    """The lines with every promotion that may be applied, one after the other."""
    applied: list[Applied] = []
    for promotion in in_turn(promotions):
        places = [place for place, line in enumerate(lines) if promotion.is_about(line.item.product)]
        about = [lines[place] for place in places]
        before = [one.promotion for one in applied if one.reason is None]
        reason = why_not(promotion, about, before)
        shares = _shares(promotion, about, rounding) if reason is None else {}
        if reason is None and not any(shares.values()):
            reason, shares = LeftOut.NOTHING_OFF, {}
        for place in places:
            if share := shares.get(lines[place].item.key):
                lines[place] = lines[place].then(_step(promotion, lines[place], share))
        applied.append(Applied(promotion, shares, reason))
    return Pricing(tuple(lines), tuple(applied), rounding)


def _shares(promotion: Promotion, lines: Sequence[PricedLine], rounding: Rounding) -> dict[int, Decimal]:
    """What the promotion takes off each line, never more than is left of it."""
    found = [Worth(line.item, line.unit_price, line.net) for line in lines]
    policy = promotion_policies()[promotion.policy]
    off = policy.reductions(promotion.terms, promotion.products, found, rounding)
    return {line.item.key: min(max(amount, ZERO), line.left) for line, amount in zip(found, off, strict=True)}


def _step(promotion: Promotion, line: PricedLine, share: Decimal) -> Step:
    facts = promotion_policies()[promotion.policy].facts(promotion.terms)
    return Step(promotion.policy, line.net, line.net - share, None, promotion.id, promotion.name, facts)
