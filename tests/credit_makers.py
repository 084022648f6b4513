"""Makes credit lines by walking the real verbs, and looks whether they are what orders and books say."""

from decimal import Decimal
from typing import Any

from models import Contract, CreditEntry, CreditLine, CreditNote, Invoice, LedgerEntry, Order, Quotation
from rules.credit import CreditUse
from rules.lifecycle import OrderStatus
from rules.money import Currency
from services import clock
from services.credit_lines import CreditTerms, set_credit_line
from tests.order_makers import Parties, fresh

CNY = Currency.CNY


async def make_credit_line(
    parties: Parties, limit: str | None = "1000.00", *, for_all: bool = False, currency: Currency = CNY, **terms: Any
) -> CreditLine:
    """What the supplier lends the buyer, or all buyers without a limit of their own; set anew where it was set before."""
    buyer_id = None if for_all else parties.buyer.home
    found = await CreditLine.get_or_none(supplier_id=parties.supplier.home, buyer_id=buyer_id, currency=currency)
    said = CreditTerms(None if limit is None else Decimal(limit), **terms)
    return await set_credit_line(parties.supplier, buyer_id, currency, found.version if found else 0, said)


async def credit_of(parties: Parties, currency: Currency = CNY) -> CreditUse:
    """How the buyer's credit with the supplier stands."""
    pair = (parties.supplier.home, parties.buyer.home, currency)
    return (await CreditLine.uses([pair], clock.now()))[pair]


async def kept_by(order: Order) -> Decimal:
    """What the order keeps of its buyer's credit."""
    return Decimal(sum([entry.amount for entry in await CreditEntry.filter(order_id=order.id)]))


async def moves_of(order: Order) -> list[tuple[str, str]]:
    """What the order did to its buyer's credit, oldest first."""
    return [
        (entry.move.value, str(entry.amount)) for entry in await CreditEntry.filter(order_id=order.id).order_by("id")
    ]


async def check_credit(parties: Parties) -> CreditUse:
    """Figures of the pair's line, which are what its entries, its contracts and its invoices add up to."""
    use = await credit_of(parties)
    between = {"supplier_id": parties.supplier.home, "buyer_id": parties.buyer.home, "currency": CNY}
    line = await CreditLine.get_or_none(**between)
    entries = [entry.amount for entry in await CreditEntry.filter(line_id=line.id)] if line else []
    assert use.reserved == (line.reserved if line else 0) == sum(entries)
    orders = await Order.filter(**between)
    assert use.reserved == sum([await expected(order) for order in orders])
    invoices = await Invoice.filter(order_id__in=[order.id for order in orders])
    assert use.used == sum((await LedgerEntry.receivables([one.id for one in invoices])).values())
    return use


async def expected(order: Order) -> Decimal:
    """What an order should keep: of what is agreed and not invoiced the share that is lent; what it does keep once its goods are there."""
    order = await fresh(order)
    if order.status is OrderStatus.COMPLETED:
        return await kept_by(order)
    contract = await Contract.in_force(order.id)
    if contract is None:
        return Decimal(0)
    claimed = sum([one.total for one in await Invoice.filter(order_id=order.id)], Decimal(0))
    claimed -= sum([one.total for one in await CreditNote.filter(order_id=order.id)], Decimal(0))
    share = 1 - (await Quotation.get(id=contract.quotation_id)).prepaid_share
    return (max(contract.total - claimed, Decimal(0)) * share).quantize(Decimal("0.01"))
