"""The supplier's offer, the buyer's counter-offer, and the acceptance."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import CounterOffer, CounterOfferLine, Enquiry, Order, OrderLine, Quotation
from rules.events import EventKind
from rules.lifecycle import OrderStatus, step_for
from rules.money import check_amount
from rules.people import Actor
from rules.problems import NotFound, QuotationSuperseded, QuotationWithdrawn, invalid
from rules.terms import ApprovalStatus, PaymentMoment, QuotationStatus
from services import approvals, asking, budgets, clock
from services.agreeing import Chosen, Instead, agreement
from services.awarding import award, check_acceptable
from services.declining import decline_the_rest
from services.desk import check_version, lock_order, move, note, open_order
from services.offering import Offer, OfferLine, check_lines, write_quotation
from services.sealing import check_in_time
from services.verb import verb

__all__ = [
    "LineCounter",
    "Offer",
    "OfferLine",
    "TermsCounter",
    "accept_quotation",
    "counter_quotation",
    "decline_quotation",
    "send_quotation",
    "withdraw_quotation",
]


@dataclass(frozen=True)
class LineCounter:
    """The buyer's wishes on one line; None: as quoted."""

    order_line_id: UUID
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None
    quality_requirement: str | None = None


@dataclass(frozen=True)
class TermsCounter:
    """The buyer's wishes on the whole; None: as quoted."""

    freight: Decimal | None = None
    prepaid_share: Decimal | None = None
    payment_net_days: int | None = None
    payment_moment: PaymentMoment | None = None
    inspection_days: int | None = None
    warranty_days: int | None = None
    valid_until: datetime | None = None


AS_QUOTED = TermsCounter()


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
    quotation = await write_quotation(order, offer, actor, previous.revision + 1 if previous else 1)
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
    actor: Actor,
    order_id: UUID,
    expected_version: int,
    lines: tuple[LineCounter, ...],
    remark: str | None = None,
    terms: TermsCounter = AS_QUOTED,
) -> CounterOffer:
    """Say what would be acceptable instead; the supplier's turn."""
    order = await open_order(actor, "counter_quotation", order_id, expected_version)
    quotation = await _current(order)
    ordered = {line.id: line for line in await OrderLine.of(order.id)}
    check_lines([line.order_line_id for line in lines], ordered)
    if not lines and not remark and terms == AS_QUOTED:
        raise invalid("input.lines", "say what should be different, in lines or as a remark")
    if terms.freight is not None:
        check_amount("input.freight", terms.freight, order.currency)
    if terms.valid_until is not None and terms.valid_until <= clock.now():
        raise invalid("input.validUntil", "must be in the future")
    await approvals.close(order, actor, ApprovalStatus.VOIDED)
    offer = await CounterOffer.create(
        order_id=order.id,
        quotation_id=quotation.id,
        remark=remark,
        made_by=actor.name,
        created_at=clock.now(),
        **vars(terms),
    )
    await CounterOfferLine.write_all(_counter_line(offer, ordered[line.order_line_id], line) for line in lines)
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
    instead: Instead | None = None,
    *,
    under_agreement: bool = True,
) -> Order:
    """Accept the newest revision, or what is chosen of it; the buyer's approvers come first where one of their rules asks them.

    `under_agreement`: let a framework agreement that covers it stand for the signatures.
    """
    quotation = await Quotation.visible_to(actor).get_or_none(id=quotation_id)
    if quotation is None:
        raise NotFound("Quotation", quotation_id)
    enquiry = await Enquiry.around(actor, quotation.order_id)
    order = await lock_order(actor, quotation.order_id)
    await quotation.refresh_from_db()
    await _check_newest(order, quotation)
    check_version(order, actor, expected_version)
    await accept(order, quotation, actor, chosen, instead, under_agreement=under_agreement)
    await decline_the_rest(enquiry, actor)
    return order


async def accept(
    order: Order,
    quotation: Quotation,
    actor: Actor,
    chosen: Chosen | None,
    instead: Instead | None,
    *,
    under_agreement: bool = True,
) -> None:
    """Accept a quotation on a locked order, or ask the approvers; everything that may stand against it is checked here."""
    step_for("accept_quotation", order, order.side_of(actor))
    await check_acceptable(order, quotation)
    total = (await agreement(quotation, chosen, instead)).total
    await budgets.reserve(order, actor, total)
    asked = await asking.award_rule(order, total)
    if asked is None:
        await award(order, quotation, "accept_quotation", actor, chosen, instead, under_agreement=under_agreement)
        return
    move(order, "accept_quotation", to=OrderStatus.PENDING_BUYER)
    await approvals.request(order, actor, asked, quotation, chosen, instead, under_agreement)
    await order.save(update_fields=["approval_pending"])


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


def _named(quotation: Quotation) -> dict[str, object]:
    return {"quotationId": str(quotation.id), "revision": quotation.revision}
