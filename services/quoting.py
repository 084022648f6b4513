"""The supplier's offer, the buyer's counter-offer, and the acceptance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from models import CounterOffer, CounterOfferLine, Order, OrderLine, Quotation, QuotationLine
from models.base import new_id
from rules.events import EventKind
from rules.identifiers import Series
from rules.lifecycle import OrderStatus, step_for
from rules.money import Charge, Rounding, RoundingMode, TaxLevel, Totals, totals
from rules.people import Actor
from rules.problems import NotFound, QuotationSuperseded, QuotationWithdrawn, invalid
from rules.terms import ApprovalStatus, Incoterm, PartialAcceptance, QuotationStatus
from services import approvals, clock
from services.agreeing import Chosen, agreement
from services.awarding import award, check_acceptable
from services.desk import check_version, lock_order, move, note, number, open_order
from services.sealing import check_in_time
from services.verb import verb

ONE = Decimal(1)
# VAT on transport services in the PRC (Cai Shui [2018] 32, Announcement [2019] 39).
FREIGHT_TAX_RATE = Decimal("0.09")


@dataclass(frozen=True)
class OfferLine:
    """The price of one order line; what is None follows the order line."""

    order_line_id: UUID
    unit_price: Decimal
    quantity: Decimal | None = None
    tax_rate: Decimal | None = None
    promised_on: date | None = None
    quality_remark: str | None = None


@dataclass(frozen=True)
class Offer:
    """A supplier's offer for a whole order."""

    lines: tuple[OfferLine, ...]
    valid_until: datetime
    freight: Decimal = Decimal(0)
    freight_tax_rate: Decimal = FREIGHT_TAX_RATE
    payment_net_days: int = 30
    incoterm: Incoterm | None = None
    rounding_mode: RoundingMode = RoundingMode.HALF_UP
    tax_level: TaxLevel = TaxLevel.LINE
    partial_acceptance: PartialAcceptance = PartialAcceptance.ALLOWED
    remark: str | None = None


@dataclass(frozen=True)
class LineCounter:
    """The buyer's wishes on one line; None: as quoted."""

    order_line_id: UUID
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None
    quality_requirement: str | None = None


@verb
async def send_quotation(actor: Actor, order_id: UUID, expected_version: int, offer: Offer) -> Quotation:
    """The next revision, open for the buyer until its validity ends; the one before is superseded."""
    order = await open_order(actor, "send_quotation", order_id, expected_version)
    if offer.valid_until <= clock.now():
        raise invalid("input.validUntil", "must be in the future")
    check_in_time(order, offer.valid_until)
    previous = await Quotation.newest(order.id)
    if previous is not None and previous.status is not QuotationStatus.WITHDRAWN:
        previous.status = QuotationStatus.SUPERSEDED
        await previous.save(update_fields=["status"])
    quotation = await _write(order, offer, actor, revision=previous.revision + 1 if previous else 1)
    move(order, "send_quotation")
    await note(order, EventKind.QUOTATION_SENT, actor, _named(quotation))
    return quotation


@verb
async def withdraw_quotation(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Take the open quotation back before the buyer has accepted it; an award that waits for approval goes with it."""
    order = await open_order(actor, "withdraw_quotation", order_id, expected_version)
    quotation = await _current(order)
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    quotation.status = QuotationStatus.WITHDRAWN
    await quotation.save(update_fields=["status"])
    move(order, "withdraw_quotation")
    await note(order, EventKind.QUOTATION_WITHDRAWN, actor, {**_named(quotation), "reason": reason})
    return order


@verb
async def counter_quotation(
    actor: Actor, order_id: UUID, expected_version: int, lines: tuple[LineCounter, ...], remark: str | None = None
) -> CounterOffer:
    """Say what would be acceptable instead; the supplier's turn."""
    order = await open_order(actor, "counter_quotation", order_id, expected_version)
    quotation = await _current(order)
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    _check_lines([line.order_line_id for line in lines], ordered)
    if not lines and not remark:
        raise invalid("input.lines", "say what should be different, in lines or as a remark")
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    offer = await CounterOffer.create(
        order_id=order.id, quotation_id=quotation.id, remark=remark, made_by=actor.name, created_at=clock.now()
    )
    await CounterOfferLine.bulk_create(_counter_line(offer, ordered[line.order_line_id], line) for line in lines)
    move(order, "counter_quotation")
    body: dict[str, object] = {"counterOfferId": str(offer.id), **_named(quotation)}
    await note(order, EventKind.QUOTATION_COUNTERED, actor, body)
    return offer


@verb
async def decline_quotation(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """End the order without a contract."""
    order = await open_order(actor, "decline_quotation", order_id, expected_version)
    quotation = await _current(order)
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    quotation.status = QuotationStatus.DECLINED
    await quotation.save(update_fields=["status"])
    order.closing_reason, order.closing_note = "DECLINED", reason
    move(order, "decline_quotation")
    await note(order, EventKind.QUOTATION_DECLINED, actor, {**_named(quotation), "reason": reason})
    return order


@verb
async def accept_quotation(
    actor: Actor,
    quotation_id: UUID,
    expected_version: int,
    chosen: Chosen | None = None,
    *,
    under_agreement: bool = True,
) -> Order:
    """Accept the newest revision, or what is chosen of it; the buyer's approvers come first where one of their rules asks them.

    `under_agreement`: let a framework agreement that covers it stand for the signatures.
    """
    quotation = await Quotation.visible_to(actor).get_or_none(id=quotation_id)
    if quotation is None:
        raise NotFound("Quotation", quotation_id)
    order = await lock_order(actor, quotation.order_id)
    await quotation.refresh_from_db()
    await _check_newest(order, quotation)
    check_version(order, actor, expected_version)
    step_for("accept_quotation", order, order.side_of(actor))
    await check_acceptable(order, quotation)
    asked = await approvals.award_rule(order, (await agreement(quotation, chosen)).total)
    if asked is None:
        await award(order, quotation, "accept_quotation", actor, chosen, under_agreement=under_agreement)
        return order
    move(order, "accept_quotation", to=OrderStatus.PENDING_BUYER)
    await approvals.request(order, actor, asked, quotation, chosen, under_agreement)
    await order.save(update_fields=["approval_pending"])
    return order


async def _check_newest(order: Order, quotation: Quotation) -> None:
    """Tell a caller who read an older revision, or one taken back, how it is now, before anything else is held against them."""
    latest = await Quotation.newest(order.id)
    if latest is not None and latest.id != quotation.id:
        raise QuotationSuperseded(latest.revision, latest.valid_until)
    if quotation.status is QuotationStatus.WITHDRAWN:
        raise QuotationWithdrawn(quotation.revision, quotation.valid_until)


async def _current(order: Order) -> Quotation:
    latest = await Quotation.newest(order.id)
    if latest is None:
        raise NotFound("Quotation", order.id)
    return latest


async def _quoted(order: Order, offer: Offer) -> dict[UUID, OrderLine]:
    """The order's lines, each of which the offer names once."""
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    _check_lines([line.order_line_id for line in offer.lines], ordered)
    if len(offer.lines) != len(ordered):
        raise invalid("input.lines", "quote every line of the order once")
    return ordered


async def _write(order: Order, offer: Offer, actor: Actor, revision: int) -> Quotation:
    ordered = await _quoted(order, offer)
    sums = _totals(order, offer, ordered)
    quotation = await Quotation.create(
        id=new_id(),
        number=number(Series.QUOTATION),
        order_id=order.id,
        revision=revision,
        valid_until=offer.valid_until,
        currency=order.currency,
        rounding_mode=offer.rounding_mode,
        tax_level=offer.tax_level,
        freight=sums.nets[-1],
        freight_tax_rate=offer.freight_tax_rate,
        freight_tax=sums.taxes[-1],
        payment_net_days=offer.payment_net_days,
        incoterm=offer.incoterm,
        partial_acceptance=offer.partial_acceptance,
        remark=offer.remark,
        net=sums.net,
        tax=sums.tax,
        total=sums.gross,
        sent_by=actor.name,
        created_at=clock.now(),
    )
    await QuotationLine.bulk_create(
        _quoted_line(order, quotation, ordered[line.order_line_id], line, net, tax)
        for line, net, tax in zip(offer.lines, sums.nets, sums.taxes, strict=False)
    )
    return quotation


def _totals(order: Order, offer: Offer, ordered: dict[UUID, OrderLine]) -> Totals:
    """The goods in the offer's order, and freight as the last charge."""
    goods = [
        Charge(
            ordered[line.order_line_id].quantity if line.quantity is None else line.quantity,
            line.unit_price,
            ordered[line.order_line_id].tax_rate if line.tax_rate is None else line.tax_rate,
        )
        for line in offer.lines
    ]
    freight = Charge(ONE, offer.freight, offer.freight_tax_rate)
    return totals([*goods, freight], Rounding(order.currency, offer.rounding_mode, offer.tax_level))


def _quoted_line(
    order: Order, quotation: Quotation, ordered: OrderLine, line: OfferLine, net: Decimal, tax: Decimal
) -> QuotationLine:
    promised_on = line.promised_on or ordered.requested_on or order.requested_on
    return QuotationLine(
        quotation_id=quotation.id,
        order_line_id=ordered.id,
        position=ordered.position,
        quantity=ordered.quantity if line.quantity is None else line.quantity,
        unit_price=line.unit_price,
        tax_rate=ordered.tax_rate if line.tax_rate is None else line.tax_rate,
        net=net,
        tax=tax,
        promised_on=promised_on or clock.today(order.delivery_zone) + timedelta(days=30),
        quality_remark=line.quality_remark,
        created_at=clock.now(),
    )


def _counter_line(offer: CounterOffer, ordered: OrderLine, line: LineCounter) -> CounterOfferLine:
    return CounterOfferLine(
        counter_offer_id=offer.id,
        order_line_id=ordered.id,
        position=ordered.position,
        quantity=line.quantity,
        unit_price=line.unit_price,
        promised_on=line.promised_on,
        quality_requirement=line.quality_requirement,
        created_at=clock.now(),
    )


def _check_lines(named: list[UUID], ordered: dict[UUID, OrderLine]) -> None:
    for place, line in enumerate(named):
        if line not in ordered:
            raise NotFound("OrderLine", line)
        if line in named[:place]:
            raise invalid(f"input.lines[{place}].orderLineId", "names a line twice")


def _named(quotation: Quotation) -> dict[str, object]:
    return {"quotationId": str(quotation.id), "revision": quotation.revision}
