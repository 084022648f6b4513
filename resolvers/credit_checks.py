"""Whether what is offered or about to be signed would fit into its buyer's credit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

import models
import resolvers.credit_problems  # noqa: F401  # describes the blocks
from models.order import is_sealed_for, side_of
from models.rows import Row, related_rows
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.relations import related
from rules.contract import UNSIGNED
from rules.credit import CreditBlock, CreditStanding, may_check
from rules.terms import QuotationStatus
from services.credit import CreditLook, CreditWish, looks

described(
    CreditStanding,
    "CreditStanding",
    "Whether a contract fits into its buyer's credit; expect new ones.",
    {
        "ENOUGH": "It fits.",
        "NOT_ENOUGH": "It needs more than is left: CREDIT_LIMIT_EXCEEDED.",
        "BLOCKED": "Nothing more is lent at the moment: CREDIT_BLOCKED.",
        "NO_LIMIT": "The supplier set no limit.",
    },
)


@strawberry.type(
    description="How a contract would fit into what the supplier lends the buyer if it took effect now; nothing is kept for it."
)
class CreditCheck:
    """A look at the buyer's credit."""

    standing: CreditStanding = strawberry.field(description="Whether it would fit.")
    needed: Money = strawberry.field(
        description="How much more would be lent, without what is paid beforehand and what the order keeps already."
    )
    available: Money | None = strawberry.field(
        description="What is left; less than zero where the limit was lowered; null without a limit."
    )
    block: CreditBlock | None = strawberry.field(description="Why nothing more is lent at all; or null.")

    @classmethod
    def of(cls, look: CreditLook) -> "CreditCheck":
        """A look, to be shown."""
        available = look.use.available
        return cls(
            standing=look.standing,
            needed=Money(amount=look.needed, currency=look.currency),
            available=None if available is None else Money(amount=available, currency=look.currency),
            block=look.use.block,
        )


async def check_of_quotations(context: Context, quotations: Sequence[Any]) -> list[CreditCheck | None]:
    """Of each that is open what accepting and signing the whole of it would come to."""
    sent = {one.id: one for one in quotations if one.status == QuotationStatus.SENT}
    wanted = list({one.order_id for one in sent.values()})
    orders = {one.id: one for one in await related_rows(models.Order, by="id", ids=wanted)}
    wishes = {id_: CreditWish(orders[one.order_id], one.total, one.prepaid_share) for id_, one in sent.items()}
    checks = await _checks(context, wishes)
    return [checks.get(one.id) for one in quotations]


async def check_of_orders(context: Context, orders: Sequence[Any]) -> list[CreditCheck | None]:
    """Of each what it waits for: the contract or the change that is to be signed, or else the open quotation."""
    open_to = [order for order in orders if _may_check(context, order)]
    ids = [order.id for order in open_to]
    contracts = {
        one.order_id: one
        for one in await related_rows(models.Contract, by="order_id", ids=ids, columns=_CONTRACT)
        if one.status in UNSIGNED
    }
    read = [order.id for order in open_to if order.id not in contracts and not is_sealed_for(order, context.actor)]
    sent = {"status": QuotationStatus.SENT}
    quoted = {one.order_id: one for one in await related_rows(models.Quotation, by="order_id", ids=read, where=sent)}
    shares = await _shares(contracts.values())
    wishes = {
        order.id: CreditWish(order, contract.total, shares[contract.quotation_id])
        for order in open_to
        if (contract := contracts.get(order.id))
    }
    wishes |= {
        order.id: CreditWish(order, offer.total, offer.prepaid_share)
        for order in open_to
        if (offer := quoted.get(order.id))
    }
    checks = await _checks(context, wishes)
    return [checks.get(order.id) for order in orders]


_CONTRACT = frozenset({"status", "total", "quotation_id"})


async def _shares(contracts: Any) -> dict[UUID, Decimal]:
    """Which share is paid beforehand by the quotation that each of these stands on."""
    wanted = [one.quotation_id for one in contracts]
    found: list[Row] = await related_rows(models.Quotation, by="id", ids=wanted)
    return {one.id: one.prepaid_share for one in found}


async def _checks(context: Context, wishes: dict[UUID, CreditWish]) -> dict[UUID, CreditCheck]:
    allowed = {key: wish for key, wish in wishes.items() if _may_check(context, wish.order)}
    found = await looks(list(allowed.values()))
    return {key: CreditCheck.of(look) for key, look in zip(allowed, found, strict=True)}


def _may_check(context: Context, order: Any) -> bool:
    actor = context.actor
    return may_check(side_of(order, actor), actor.roles, actor.scopes)


@strawberry.type
class Lent:
    """What an order needs of its buyer's credit."""

    credit_check: CreditCheck | None = related(
        check_of_orders,
        description="Whether what waits for acceptance or signatures would fit into the buyer's credit; null while nothing "
        "does, and for everybody else than ADMIN, FINANCE, SIGNATORY, and REQUESTER or SALES, of the two.",
    )
