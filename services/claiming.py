"""What one invoice claims of a contract: goods, freight once, and of each allowance as much as belongs to the goods."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from models import Contract, ContractAllowance, ContractLine, Invoice, Order
from models.crediting import left_of
from rules.allowances import goods_worth
from rules.crediting import Left
from rules.decimals import ZERO
from rules.money import Charge, Claimed, Rounding, instalment, prorated
from services import ledger


@dataclass(frozen=True)
class Claim:
    """One line of an invoice: goods of an order line, an allowance or charge by its reason, or else freight; none of it where nothing
    of it is claimed now, which still counts for the tax on the whole."""

    claimed: Claimed
    quantity: Decimal
    unit_price: Decimal
    order_line_id: UUID | None = None
    allowance: str | None = None

    def taxed(self, rates: Mapping[Decimal, Decimal]) -> "Claim":
        """The same at the rates instead of those that are named."""
        rate = self.claimed.tax_rate
        return replace(self, claimed=replace(self.claimed, tax_rate=rates.get(rate, rate)))


async def claims(order: Order, contract: Contract, wanted: Mapping[UUID, Decimal], rounding: Rounding) -> list[Claim]:
    """The goods as agreed, freight with the first invoice, allowances in proportion: all invoices together claim the contract."""
    agreed = list(await ContractLine.of(contract.id))
    before = await _claimed(order)
    after = {line: before.get(line, ZERO) + wanted.get(line, ZERO) for line in before.keys() | wanted.keys()}
    found = [_goods(line, before, wanted, rounding) for line in agreed]
    standing = await _standing(order)
    found.append(_freight(contract, rounding, is_due=all(line.order_line or line.is_allowance for line in standing)))
    for one in await ContractAllowance.of(contract.id):
        earlier = _due(one, agreed, before, rounding) if standing else ZERO
        amount = _due(one, agreed, after, rounding) - earlier
        found.append(_beside(Claimed(amount, one.tax_rate, earlier), one.reason))
    return found


def _goods(
    line: ContractLine, before: Mapping[UUID, Decimal], wanted: Mapping[UUID, Decimal], rounding: Rounding
) -> Claim:
    quantity, earlier = (much.get(line.order_line_id, ZERO) for much in (wanted, before))
    claimed = instalment(Charge(quantity, line.unit_price, line.tax_rate), earlier, rounding)
    return Claim(claimed, quantity, line.unit_price, line.order_line_id)


def _freight(contract: Contract, rounding: Rounding, *, is_due: bool) -> Claim:
    amount = rounding.stated(contract.freight, contract.freight_tax)
    now, before = (amount, ZERO) if is_due else (ZERO, amount)
    return _beside(Claimed(now, contract.freight_tax_rate, before))


def _beside(claimed: Claimed, reason: str | None = None) -> Claim:
    """What is no goods, as one unit."""
    return Claim(claimed, Decimal(bool(claimed.amount)), claimed.amount, allowance=reason)


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
    stated = rounding.stated(one.net, one.tax)
    return prorated(stated, goods_worth(part, one.tax_rate, whole), goods_worth(whole, one.tax_rate), rounding)
