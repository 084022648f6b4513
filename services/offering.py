"""A supplier's offer, priced and written down as a quotation: lines, freight, allowances and terms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from models import Alternative, Order, OrderLine, Quotation, QuotationAllowance, QuotationLine
from models.base import new_id
from rules.acceptance import INSPECTION_DAYS
from rules.allowances import Allowance, allowance_amount, check_carried
from rules.decimals import ONE
from rules.identifiers import Series
from rules.money import Charge, Rounding, RoundingMode, TaxInclusion, TaxLevel, Totals, totals
from rules.people import Actor
from rules.pricing.evaluation import Pricing
from rules.pricing.goods import PricedLine, explanation
from rules.problems import NotFound, invalid
from rules.returns import WARRANTY_DAYS
from rules.terms import Incoterm, PartialAcceptance, PaymentMoment
from services import clock, promoting
from services.alternatives import OfferedAlternative, alternatives, named_articles
from services.desk import number
from services.pricing import item
from services.tax import law_for

USUAL_TIME = timedelta(days=30)
"""Until when goods are promised where neither side has named a date."""


@dataclass(frozen=True)
class OfferLine:
    """The price of one order line; what is None follows the order line, and a price the proposal."""

    order_line_id: UUID
    unit_price: Decimal | None = None
    quantity: Decimal | None = None
    tax_rate: Decimal | None = None
    promised_on: date | None = None
    quality_remark: str | None = None
    over_delivery_tolerance: Decimal = Decimal(0)
    alternatives: tuple[OfferedAlternative, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A supplier's offer for a whole order."""

    lines: tuple[OfferLine, ...]
    valid_until: datetime
    freight: Decimal = Decimal(0)
    # None: what the law asks for today.
    freight_tax_rate: Decimal | None = None
    allowances: tuple[Allowance, ...] = ()
    # None: all that are open to the buyer and may stand beside each other.
    promotions: tuple[UUID, ...] | None = None
    payment_net_days: int = 30
    prepaid_share: Decimal = Decimal(0)
    payment_moment: PaymentMoment = PaymentMoment.AFTER_INVOICE
    inspection_days: int = INSPECTION_DAYS
    warranty_days: int = WARRANTY_DAYS
    incoterm: Incoterm | None = None
    incoterm_place: str | None = None
    rounding_mode: RoundingMode = RoundingMode.HALF_UP
    tax_level: TaxLevel = TaxLevel.LINE
    # How the offer states its prices, freight and allowances.
    tax_inclusion: TaxInclusion = TaxInclusion.EXCLUSIVE
    partial_acceptance: PartialAcceptance = PartialAcceptance.ALLOWED
    remark: str | None = None


async def write_quotation(order: Order, offer: Offer, actor: Actor, revision: int) -> Quotation:
    """The offer with its totals as the order's next revision."""
    ordered = await _quoted(order, offer)
    law = await law_for(order.supplier_id)
    freight_rate = law.on_freight(bool(offer.freight)) if offer.freight_tax_rate is None else offer.freight_tax_rate
    law.check(_rates(offer, ordered, freight_rate))
    articles = await named_articles(actor, [(ordered[line.order_line_id], line.alternatives) for line in offer.lines])
    rounding = Rounding(order.currency, offer.rounding_mode, offer.tax_level, offer.tax_inclusion)
    pricing = await _pricing(order, offer, ordered, rounding, articles)
    by_place = {line.item.key: line for line in pricing.lines}
    prices = {line.id: by_place[line.position] for line in ordered.values()}
    offer = replace(offer, allowances=(*offer.allowances, *pricing.allowances))
    charges = _charges(offer, freight_rate, ordered, prices, rounding)
    sums = totals(charges, rounding)
    check_carried("input.allowances", charges, sums)
    quotation = await _quotation(order, offer, freight_rate, actor, revision, sums)
    lines = [
        _line(order, quotation, ordered[line.order_line_id], line, prices[line.order_line_id], net, tax)
        for line, net, tax in zip(offer.lines, sums.nets, sums.taxes, strict=False)
    ]
    await QuotationLine.write_all(lines)
    await QuotationAllowance.write_all(_allowances(quotation, offer, sums))
    others = zip(lines, (line.alternatives for line in offer.lines), strict=True)
    await Alternative.write_all(alternatives(order, others, ordered, articles, pricing))
    return quotation


def check_lines(named: Sequence[UUID], ordered: Mapping[UUID, OrderLine]) -> None:
    """Refuse lines that are not the order's, or named twice."""
    for place, line in enumerate(named):
        if line not in ordered:
            raise NotFound("OrderLine", line)
        if line in named[:place]:
            raise invalid(f"input.lines[{place}].orderLineId", "names a line twice")


async def _quoted(order: Order, offer: Offer) -> dict[UUID, OrderLine]:
    """The order's lines, each of which the offer names once."""
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    check_lines([line.order_line_id for line in offer.lines], ordered)
    if len(offer.lines) != len(ordered):
        raise invalid("input.lines", "quote every line of the order once")
    return ordered


def _rates(offer: Offer, ordered: Mapping[UUID, OrderLine], freight_rate: Decimal) -> list[tuple[str, Decimal]]:
    """Every rate of tax in the offer, by the path where it is said, or would be."""
    found = []
    for place, line in enumerate(offer.lines):
        own = ordered[line.order_line_id].tax_rate if line.tax_rate is None else line.tax_rate
        found.append((f"input.lines[{place}].taxRate", own))
        others = [(nth, other.tax_rate) for nth, other in enumerate(line.alternatives) if other.tax_rate is not None]
        found += [(f"input.lines[{place}].alternatives[{nth}].taxRate", rate) for nth, rate in others]
    if offer.freight:
        found.append(("input.freightTaxRate", freight_rate))
    return found + [(f"input.allowances[{place}].taxRate", one.tax_rate) for place, one in enumerate(offer.allowances)]


async def _pricing(
    order: Order, offer: Offer, ordered: Mapping[UUID, OrderLine], rounding: Rounding, beside: Collection[UUID]
) -> Pricing:
    """The price of each line with the steps that led to it, and the promotions on them: what the supplier says, or what is proposed."""
    items = [item(ordered[line.order_line_id], line.quantity, line.tax_rate) for line in offer.lines]
    said = {ordered[line.order_line_id].position: line.unit_price for line in offer.lines}
    quoted = {place: price for place, price in said.items() if price is not None}
    return await promoting.offered(order, items, quoted, offer.promotions, rounding, beside)


def _charges(
    offer: Offer,
    freight_rate: Decimal,
    ordered: Mapping[UUID, OrderLine],
    prices: Mapping[UUID, PricedLine],
    rounding: Rounding,
) -> list[Charge]:
    """The goods in the offer's order, freight, then allowances and charges."""
    lines = [prices[line.order_line_id] for line in offer.lines]
    goods = [Charge(line.item.quantity, line.unit_price, line.item.tax_rate) for line in lines]
    beside = [
        Charge(ONE, allowance_amount(f"input.allowances[{place}]", one, goods, rounding), one.tax_rate)
        for place, one in enumerate(offer.allowances)
    ]
    return [*goods, Charge(ONE, offer.freight, freight_rate), *beside]


async def _quotation(
    order: Order, offer: Offer, freight_rate: Decimal, actor: Actor, revision: int, sums: Totals
) -> Quotation:
    freight = len(offer.lines)
    return await Quotation.create(
        id=new_id(),
        number=number(Series.QUOTATION),
        order_id=order.id,
        revision=revision,
        valid_until=offer.valid_until,
        currency=order.currency,
        rounding_mode=offer.rounding_mode,
        tax_level=offer.tax_level,
        tax_inclusion=offer.tax_inclusion,
        freight=sums.nets[freight],
        freight_tax_rate=freight_rate,
        freight_tax=sums.taxes[freight],
        payment_net_days=offer.payment_net_days,
        prepaid_share=offer.prepaid_share,
        payment_moment=offer.payment_moment,
        inspection_days=offer.inspection_days,
        warranty_days=offer.warranty_days,
        incoterm=offer.incoterm,
        incoterm_place=offer.incoterm_place,
        partial_acceptance=offer.partial_acceptance,
        remark=offer.remark,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        sent_by=actor.name,
        created_at=clock.now(),
    )


def _line(
    order: Order,
    quotation: Quotation,
    ordered: OrderLine,
    line: OfferLine,
    price: PricedLine,
    net: Decimal,
    tax: Decimal,
) -> QuotationLine:
    promised_on = line.promised_on or ordered.requested_on or order.requested_on
    return QuotationLine(
        id=new_id(),
        quotation_id=quotation.id,
        order_line_id=ordered.id,
        position=ordered.position,
        quantity=price.item.quantity,
        unit_price=price.unit_price,
        tax_rate=price.item.tax_rate,
        net=net,
        tax=tax,
        price_explanation=explanation(order.supplier_id, price.steps),
        promised_on=promised_on or clock.today(order.delivery_zone) + USUAL_TIME,
        quality_remark=line.quality_remark,
        over_delivery_tolerance=line.over_delivery_tolerance,
        created_at=clock.now(),
    )


def _allowances(quotation: Quotation, offer: Offer, sums: Totals) -> list[QuotationAllowance]:
    first = len(offer.lines) + 1
    amounts = zip(offer.allowances, sums.nets[first:], sums.taxes[first:], strict=True)
    return [
        QuotationAllowance(
            quotation_id=quotation.id,
            position=place,
            kind=one.kind,
            reason_code=one.reason_code,
            reason=one.reason,
            share=one.share,
            tax_rate=one.tax_rate,
            net=net,
            tax=tax,
            created_at=clock.now(),
        )
        for place, (one, net, tax) in enumerate(amounts, 1)
    ]
