"""Makes credit lines by walking the real verbs, and looks whether they are what orders and books say."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models import Contract, CreditEntry, CreditLine, CreditNote, Invoice, LedgerEntry, Order, Quotation
from rules.credit import CreditUse
from rules.lifecycle import OrderStatus
from rules.money import Currency, added_up
from services import clock, ledger
from services.claiming import claims
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


async def check_credit(parties: Parties, *, each: bool = True) -> CreditUse:
    """Figures of the pair's line, which are what its entries and invoices add up to, and of each order what its contract says."""
    use, between = await credit_of(parties), _between(parties)
    line = await CreditLine.get_or_none(**between)
    entries = [entry.amount for entry in await CreditEntry.filter(line_id=line.id)] if line else []
    assert use.reserved == (line.reserved if line else 0) == sum(entries)
    invoices = await Invoice.filter(order__supplier_id=parties.supplier.home, order__buyer_id=parties.buyer.home)
    mine = [one.id for one in invoices if one.currency is CNY]
    again = [await LedgerEntry.owed_of_none(order.id) for order in await Order.filter(**between)]
    assert use.used == sum((await LedgerEntry.receivables(mine)).values()) + sum(again)
    for order in await Order.filter(**between, contracted_at__isnull=False) if each else ():
        await check_kept(order)
    return use


async def check_kept(order: Order) -> None:
    """The order keeps the share that is lent of what is agreed and not invoiced, or, once its goods are there, may still be invoiced."""
    order, contract = await fresh(order), await Contract.in_force(order.id)
    if contract is None:
        assert await kept_by(order) == 0
        return
    share = 1 - (await Quotation.get(id=contract.quotation_id)).prepaid_share
    left = await _claimable(order, contract)
    if order.status is not OrderStatus.COMPLETED:
        claimed = sum([one.total for one in await Invoice.filter(order_id=order.id)], Decimal(0))
        claimed -= sum([one.total for one in await CreditNote.filter(order_id=order.id)], Decimal(0))
        left = max(contract.total - claimed, Decimal(0))
    assert await kept_by(order) == (left * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def _claimable(order: Order, contract: Contract) -> Decimal:
    """What one more invoice for all that was accepted, or is to come, would claim."""
    booked = await ledger.line_quantities(order)
    owed = {id_: line.kept + line.under_way + line.to_despatch for id_, line in booked.items()}
    wanted = {id_: much - booked[id_].invoiced + booked[id_].credited for id_, much in owed.items()}
    wanted = {id_: much for id_, much in wanted.items() if much > 0}
    if not wanted:
        return Decimal(0)
    rounding = (await Quotation.get(id=contract.quotation_id)).rounding
    return added_up([one.claimed for one in await claims(order, contract, wanted, rounding)], rounding).gross


def _between(parties: Parties) -> dict[str, Any]:
    return {"supplier_id": parties.supplier.home, "buyer_id": parties.buyer.home, "currency": CNY}
