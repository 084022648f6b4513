"""What finance has to look at: invoices, payments and refunds over all orders, as work lists."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info
from tortoise.queryset import QuerySet

import models
from models.base import NOTHING
from resolvers.billing import Invoice, Payment
from resolvers.checkouts import PaymentRefund
from resolvers.context import Context
from resolvers.ids import decode_id
from resolvers.inputs import PAGE_DEFAULT, Items, check
from resolvers.ledger import NOBODY
from resolvers.pages import NEWEST_FIRST, After, Connection, First, page
from resolvers.refunds import Refund
from rules.billing import InvoiceStatus, PaymentMethod, PaymentStatus, RefundStatus
from rules.lifecycle import Side
from rules.rails import ProviderRefundStatus


@strawberry.input(description="Which ones of all orders; what is null does not narrow.")
class _OfOrders:
    """What narrows each of the lists."""

    side: Side | None = strawberry.field(default=None, description="Those where the caller is on this side.")
    order_id: strawberry.ID | None = strawberry.field(default=None, description="Those of this order.")


@strawberry.input(description="Conditions on invoices; what is null does not narrow.")
class InvoiceFilter(_OfOrders):
    """What narrows a look at invoices."""

    statuses: Annotated[list[InvoiceStatus], Items(0, len(InvoiceStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )
    is_owed: bool | None = strawberry.field(
        default=None, description="Only those of which something is owed, or only those of which nothing is any more."
    )
    due_until: date | None = strawberry.field(
        default=None,
        description="Those to be paid on this day or earlier, at the supplier: with `isOwed` and yesterday, what is past its day.",
    )


@strawberry.input(description="Conditions on payments; what is null does not narrow.")
class PaymentFilter(_OfOrders):
    """What narrows a look at payments."""

    statuses: Annotated[list[PaymentStatus], Items(0, len(PaymentStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )
    method: PaymentMethod | None = strawberry.field(default=None, description="Those that travel so.")
    since: datetime | None = strawberry.field(default=None, description="Those reported at this time or later.")


@strawberry.input(description="Conditions on refunds by the bank; what is null does not narrow.")
class RefundFilter(_OfOrders):
    """What narrows a look at transfers back."""

    statuses: Annotated[list[RefundStatus], Items(0, len(RefundStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )


@strawberry.input(description="Conditions on refunds through a payment provider; what is null does not narrow.")
class PaymentRefundFilter(_OfOrders):
    """What narrows a look at refunds of online payments."""

    statuses: Annotated[list[ProviderRefundStatus], Items(0, len(ProviderRefundStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most; DUE is what has to be done."
    )


Invoices = Annotated[InvoiceFilter | None, strawberry.argument(description="Which ones; all of them unless said.")]
Payments = Annotated[PaymentFilter | None, strawberry.argument(description="Which ones; all of them unless said.")]
Refunds = Annotated[RefundFilter | None, strawberry.argument(description="Which ones; all of them unless said.")]
PaymentRefunds = Annotated[
    PaymentRefundFilter | None, strawberry.argument(description="Which ones; all of them unless said.")
]
# The platform's lists are read off the primary key, which is as old as its row. A company's are sorted, for which no index is there on
# purpose: PostgreSQL would walk everybody's rows back to the twentieth of a company that has five, instead of starting from its orders.
ALL = ("-id",)
# By a field of the input: which condition it is on the model.
CONDITIONS = {
    "statuses": "status__in",
    "is_owed": "obligations__is_owed",
    "due_until": "obligations__due_on__lte",
    "method": "method",
    "since": "created_at__gte",
}


def _conditions(given: _OfOrders) -> Iterator[tuple[str, Any]]:
    if given.order_id is not None:
        yield "order_id", decode_id("Order", given.order_id) or NOBODY
    for name, condition in CONDITIONS.items():
        said = getattr(given, name, None)
        if said is not None:
            yield condition, said


def _narrowed(found: QuerySet[Any], given: _OfOrders | None, context: Context) -> QuerySet[Any]:
    if given is None:
        return found
    check(given, "filter")
    if given.side is not None:
        is_own = given.side in (Side.BUYER, Side.SUPPLIER)
        found = (
            found.filter(**{f"order__{given.side.lower()}_id": context.actor.company})
            if is_own
            else found.filter(NOTHING)
        )
    return found.filter(**dict(_conditions(given)))


async def _shown(
    model: Any, given: _OfOrders | None, context: Context, first: int | None, after: str | None
) -> Connection[Any]:
    found = _narrowed(model.visible_to(context.actor), given, context)
    order = ALL if context.actor.is_operator else NEWEST_FIRST
    return Connection.of(await page(found, order, first=first, after=after))


@strawberry.type
class MoneyListQuery:
    """How to find what has to be done about money."""

    @strawberry.field(description="The invoices of the orders that the caller may see, the newest first.")
    async def invoices(
        self, info: Info[Context, None], filter: Invoices = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Invoice]:
        """One page of invoices."""
        return await _shown(models.Invoice, filter, info.context, first, after)

    @strawberry.field(description="The payments of the orders that the caller may see, the newest first.")
    async def payments(
        self, info: Info[Context, None], filter: Payments = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Payment]:
        """One page of payments."""
        return await _shown(models.Payment, filter, info.context, first, after)

    @strawberry.field(
        description="What suppliers sent back by the bank, of the orders that the caller may see, the newest first."
    )
    async def refunds(
        self, info: Info[Context, None], filter: Refunds = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Refund]:
        """One page of refunds."""
        return await _shown(models.Refund, filter, info.context, first, after)

    @strawberry.field(
        description="What of online payments went back through their providers, or is to, of the orders that the caller may see: "
        "all of them for the platform. The newest first."
    )
    async def payment_refunds(
        self, info: Info[Context, None], filter: PaymentRefunds = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[PaymentRefund]:
        """One page of refunds."""
        return await _shown(models.PaymentRefund, filter, info.context, first, after)
