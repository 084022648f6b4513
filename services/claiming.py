"""What one invoice claims of a contract: goods, freight once, and of each allowance as much as belongs to the goods."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Contract, ContractAllowance, ContractLine, Invoice, Order
from models.crediting import left_of
from rules.allowances import goods_worth
from rules.crediting import Left
from rules.money import ZERO, Charge, Rounding, prorated
from services import ledger


@dataclass(frozen=True)
class Claim:
    """One line of an invoice: goods of an order line, an allowance or charge by its reason, or else freight."""

    charge: Charge
    order_line_id: UUID | None = None
    allowance: str | None = None


async def claims(order: Order, contract: Contract, wanted: Mapping[UUID, Decimal], rounding: Rounding) -> list[Claim]:
    """The goods as agreed, freight with the first invoice, allowances in proportion: all invoices together claim the contract."""
    agreed = list(await ContractLine.of(contract.id))
    before = await _claimed(order)
    after = {line: before.get(line, ZERO) + wanted.get(line, ZERO) for line in before.keys() | wanted.keys()}
    found = [
        Claim(Charge(wanted[line.order_line_id], line.unit_price, line.tax_rate), line.order_line_id)
        for line in agreed
        if line.order_line_id in wanted
    ]
    claimed = await _standing(order)
    is_first = not claimed
    if contract.freight and all(line.order_line or line.is_allowance for line in claimed):
        found.append(Claim(Charge(Decimal(1), contract.freight, contract.freight_tax_rate)))
    for one in await ContractAllowance.of(contract.id):
        net = _due(one, agreed, after, rounding) - (ZERO if is_first else _due(one, agreed, before, rounding))
        if net:
            found.append(Claim(Charge(Decimal(1), net, one.tax_rate), allowance=one.reason))
    return found


async def _standing(order: Order) -> list[Left]:
    """The lines of invoices that were not credited altogether; what was credited may be claimed again."""
    left = await left_of([invoice.id for invoice in await Invoice.of(order.id)])
    return [line for lines in left.values() for line in lines.values() if line.quantity]


async def _claimed(order: Order) -> dict[UUID, Decimal]:
    """How much of each line was invoiced and not credited."""
    return {line: sums.invoiced - sums.credited for line, sums in (await ledger.line_quantities(order)).items()}


def _due(
    one: ContractAllowance, agreed: list[ContractLine], quantities: Mapping[UUID, Decimal], rounding: Rounding
) -> Decimal:
    """How much of the allowance belongs to so much of the goods; counted from the beginning, so that no cent is lost on the way."""
    whole = [Charge(line.quantity, line.unit_price, line.tax_rate) for line in agreed]
    part = [Charge(quantities.get(line.order_line_id, ZERO), line.unit_price, line.tax_rate) for line in agreed]
    return prorated(one.net, goods_worth(part, one.tax_rate, whole), goods_worth(whole, one.tax_rate), rounding)
