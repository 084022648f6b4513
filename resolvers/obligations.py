"""What a buyer has to pay by when, as the schema shows it."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

import models
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.words import label
from rules.obligations import Obligation, ObligationKind
from services import clock

described(
    ObligationKind,
    "ObligationKind",
    "What the buyer has to pay for; expect new ones.",
    {
        "PREPAYMENT": "The share of the contract's total, tax included, that its terms ask for ahead; the first invoices use it up.",
        "INVOICE": "What of an invoice the prepayment does not cover.",
    },
)


class Dues:
    """The obligations of some orders, asked of the database once and only if anybody wants to know."""

    def __init__(self, orders: Sequence[Any]) -> None:
        self._orders = orders
        self._asked: asyncio.Future[dict[UUID, list[Obligation]]] | None = None

    @classmethod
    def of(cls, context: Context, orders: Sequence[Any]) -> "Dues":
        """Those of these rows, the same for each field that wants them."""
        # They keep the rows, so that no other row can get one's identity.
        dues: Dues = context.asked.setdefault(tuple(map(id, orders)), cls(orders))
        return dues

    async def found(self) -> dict[UUID, list[Obligation]]:
        """By order, the prepayment first."""
        if self._asked is None:
            self._asked = asyncio.ensure_future(models.PaymentObligation.by_order([one.id for one in self._orders]))
        return await self._asked


@strawberry.type(
    description="What the buyer of an order has to pay by when. All amounts follow from the contract and the ledger; those of an order add "
    "up to what was invoiced and not credited, and what is still to be prepaid."
)
class PaymentObligation:
    """One due date, and how much."""

    invoice_id: strawberry.ID | None = strawberry.field(description="The invoice; null for the prepayment.")
    invoice_number: str | None = strawberry.field(description="Its number; null for the prepayment.")
    kind: ObligationKind = strawberry.field(description="What it is for.")
    kind_label: str = strawberry.field(description="What it is for, in words of the caller's language.")
    amount: Money = strawberry.field(description="How much is to be paid by then.")
    paid: Money = strawberry.field(description="What of that was paid, by money, credit or set-off.")
    open: Money = strawberry.field(description="What is not.")
    due_on: date = strawberry.field(description="By which day, a working day at the supplier.")
    is_overdue: bool = strawberry.field(description="Whether something is open although that day is over.")


async def obligations_of(context: Context, orders: Sequence[Any]) -> list[list[PaymentObligation]]:
    """The obligations of each order, in one statement."""
    found = await Dues.of(context, orders).found()
    return [[_shown(one, context) for one in found[order.id]] for order in orders]


def _shown(one: Obligation, context: Context) -> PaymentObligation:
    return PaymentObligation(
        invoice_id=None if one.invoice is None else strawberry.ID(encode_id("Invoice", one.invoice)),
        invoice_number=one.invoice_number,
        kind=one.kind,
        kind_label=label("obligation_kind", one.kind, context.locale),
        amount=Money(amount=one.amount, currency=one.currency),
        paid=Money(amount=one.paid, currency=one.currency),
        open=Money(amount=one.open, currency=one.currency),
        due_on=one.due_on,
        is_overdue=one.is_overdue(clock.now()),
    )
