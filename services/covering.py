"""Orders under a framework agreement: which one covers them, what they take of its total, and what they give back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import AgreementCallOff, AgreementPrice, FrameworkAgreement, Order, Quotation
from rules.agreement import CallOff, CoverageGap, Purchase, coverage_gap
from rules.events import EventKind
from rules.money import TaxInclusion
from rules.people import Actor
from rules.terms import credit_days
from services import clock
from services.agreeing import Agreement
from services.agreement_desk import note_agreement


@dataclass(frozen=True)
class Coverage:
    """The agreement that stands for an order's signatures, or what keeps the one that is nearest to it from that; or neither."""

    agreement: FrameworkAgreement | None = None
    gap: CoverageGap | None = None


UNCOVERED = Coverage()


async def find_cover(order: Order, quotation: Quotation, agreed: Agreement) -> Coverage:
    """The framework agreement, locked, within whose limits is what is agreed; the one that ends first where several are."""
    active = await FrameworkAgreement.active_between(order.buyer_id, order.supplier_id)
    if not active:
        return UNCOVERED
    products = {line.order_line_id: line.product_id for line in agreed.lines}
    wanted = call_off_of(order, quotation, agreed.total, agreed.lines, products)
    return best(active, await AgreementPrice.by_agreement(one.id for one in active), wanted)


def call_off_of(
    order: Any, quotation: Any, total: Decimal, lines: Sequence[Any], products: dict[UUID, UUID]
) -> CallOff:
    """What accepting these lines of the quotation would call off; `products` by order line."""
    return CallOff(
        total=total,
        currency=quotation.currency,
        today=clock.today(order.delivery_zone),
        net_days=credit_days(quotation.payment_net_days, quotation.prepaid_share, quotation.payment_moment),
        purchases=tuple(
            Purchase(products[line.order_line_id], line.quantity, _net_price(quotation, line)) for line in lines
        ),
    )


def _net_price(quotation: Any, line: Any) -> Decimal:
    """Prices are agreed without tax, whichever way the quotation states them."""
    stated = TaxInclusion(quotation.tax_inclusion)
    price: Decimal = stated.restated(line.unit_price, line.tax_rate, TaxInclusion.EXCLUSIVE)
    return price


def best(active: Sequence[Any], prices: dict[UUID, Any], wanted: CallOff) -> Coverage:
    """Of several agreements the one that covers and ends first; where none covers, what is in the way of the one that ends last."""
    gap = None
    for agreement in sorted(active, key=lambda one: (one.valid_to, one.id)):
        gap = coverage_gap(agreement, prices[agreement.id], wanted)
        if gap is None:
            return Coverage(agreement)
    return Coverage(gap=gap)


async def call_off(agreement: FrameworkAgreement, order: Order, actor: Actor, amount: Decimal) -> None:
    """Let the order take so much of the agreement's total, which is locked; less than zero gives it back."""
    if not amount:
        return
    agreement.called_off += amount
    await AgreementCallOff.create(
        agreement_id=agreement.id,
        order_id=order.id,
        amount=amount,
        currency=agreement.currency,
        created_at=clock.now(),
    )
    kind = EventKind.AGREEMENT_CALLED_OFF if amount > 0 else EventKind.AGREEMENT_RESTORED
    await note_agreement(agreement, kind, actor, {"orderId": str(order.id), "amount": str(abs(amount))})


async def follow(order: Order, actor: Actor, total: Decimal) -> None:
    """Let what the order holds of an agreement follow its new total; where that does not fit, the order leaves the agreement, for
    it stands on its own signatures now."""
    for agreement_id, held in sorted((await AgreementCallOff.sums(order.id)).items()):
        agreement = await FrameworkAgreement.locked(agreement_id)
        fits = total <= agreement.order_limit and agreement.called_off - held + total <= agreement.total_limit
        await call_off(agreement, order, actor, (total if fits else Decimal(0)) - held)


async def give_back(order: Order, actor: Actor) -> None:
    """Return what the order holds of agreements, whatever has become of them."""
    for agreement_id, held in sorted((await AgreementCallOff.sums(order.id)).items()):
        await call_off(await FrameworkAgreement.locked(agreement_id), order, actor, -held)
