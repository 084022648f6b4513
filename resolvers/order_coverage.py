"""Whether a framework agreement stands for the signatures on an order, or would if the open quotation were accepted."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry

import models
from models.order import is_sealed_for
from models.rows import Row, related_rows
from resolvers.agreements import FrameworkAgreement
from resolvers.context import Context
from resolvers.words import label
from rules.agreement import AgreementStatus, CoverageGap
from rules.contract import IN_FORCE
from rules.lifecycle import OrderStatus
from rules.terms import QuotationStatus
from services.covering import best, call_off_of

Found = tuple[UUID | None, CoverageGap | None]


@strawberry.type(description="What framework agreements of the two parties mean for the signatures on an order.")
class Coverage:
    """The agreement that stands for the signatures, or what keeps the parties' agreements from it."""

    agreement: FrameworkAgreement | None = strawberry.field(
        description="The agreement that stands for the signatures, or would on acceptance; null where none does."
    )
    gap: CoverageGap | None = strawberry.field(description="Why none does; null where one does.")
    gap_label: str | None = strawberry.field(description="Why none does, in words of the caller's language.")


async def coverage_of(context: Context, orders: Sequence[Any]) -> list[Coverage | None]:
    """While a quotation is open, what would happen if it were accepted now; afterwards, what did. None where no agreement matters."""
    found = await _agreed([order.id for order in orders if order.status != OrderStatus.PENDING_BUYER])
    # What covers a sealed quotation, or not, would tell of its total.
    quoted = [o for o in orders if o.status == OrderStatus.PENDING_BUYER and not is_sealed_for(o, context.actor)]
    found |= await _expected(quoted)
    wanted = [agreement for agreement, _ in found.values() if agreement is not None]
    agreements = {one.id: one for one in await related_rows(models.FrameworkAgreement, by="id", ids=wanted)}
    return [_shown(found.get(order.id, (None, None)), agreements, context) for order in orders]


def _shown(found: Found, agreements: dict[UUID, Any], context: Context) -> Coverage | None:
    agreement, gap = found
    if agreement is None and gap is None:
        return None
    return Coverage(
        agreement=agreements[agreement] if agreement else None,
        gap=gap,
        gap_label=gap and label("coverage_gap", gap, context.locale),
    )


async def _agreed(orders: list[UUID]) -> dict[UUID, Found]:
    """What the contract of each order says: the version in force, else the newest."""
    columns = ("order_id", "version", "status", "agreement_id", "agreement_gap")
    versions = await related_rows(models.Contract, by="order_id", ids=orders, order_by=("version",), columns=columns)
    in_force = {contract.order_id: contract for contract in versions if contract.status in IN_FORCE}
    chosen = {contract.order_id: contract for contract in versions} | in_force
    return {order: (contract.agreement_id, contract.agreement_gap) for order, contract in chosen.items()}


async def _expected(orders: list[Any]) -> dict[UUID, Found]:
    """What accepting the open quotation of each order would come to now."""
    active = await _active(orders)
    open_ones = await related_rows(
        models.Quotation, by="order_id", ids=[order.id for order in orders], where={"status": QuotationStatus.SENT}
    )
    prices = await models.AgreementPrice.by_agreement(one.id for found in active.values() for one in found)
    products = {
        line.id: line.product_id
        for line in await related_rows(models.OrderLine, by="order_id", ids=[order.id for order in orders])
    }
    lines = defaultdict(list)
    for line in await related_rows(models.QuotationLine, by="quotation_id", ids=[one.id for one in open_ones]):
        lines[line.quotation_id].append(line)
    by_id = {order.id: order for order in orders}
    covers = {
        quotation.order_id: best(
            active[quotation.order_id],
            prices,
            call_off_of(by_id[quotation.order_id], quotation, quotation.total, lines[quotation.id], products),
        )
        for quotation in open_ones
    }
    return {
        order: (None if cover.agreement is None else cover.agreement.id, cover.gap) for order, cover in covers.items()
    }


async def _active(orders: list[Any]) -> dict[UUID, list[Row]]:
    """The agreements in force between the two parties of each order."""
    buyers = list({order.buyer_id for order in orders})
    found = defaultdict(list)
    for one in await related_rows(
        models.FrameworkAgreement, by="buyer_id", ids=buyers, where={"status": AgreementStatus.ACTIVE}
    ):
        found[one.buyer_id, one.supplier_id].append(one)
    return {order.id: found[order.buyer_id, order.supplier_id] for order in orders}
