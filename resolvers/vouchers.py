"""The documents that money is booked by, so that an entry in the books leads to what stands behind it."""

from collections.abc import Sequence
from typing import Any

import strawberry

import models
from models.rows import related_rows
from resolvers.context import Context
from resolvers.node import Node

DOCUMENTS = (
    models.Payment,
    models.Invoice,
    models.CreditNote,
    models.Refund,
    models.PaymentRefund,
    models.Settlement,
)
"""What postings name as their document, the most frequent first; besides an order's prepayment, of which more was paid than invoiced."""

KINDS = frozenset(model.__name__ for model in DOCUMENTS)
"""As their ids name them."""


@strawberry.interface(
    description="A document that money is booked by (原始凭证): an invoice, a credit note, a payment, a refund, or a split."
)
class Voucher(Node):
    """What an accountant looks for behind a posting."""

    number: str = strawberry.field(description="Its number.")


async def vouchers(context: Context, entries: Sequence[Any]) -> list[Any]:
    """The document of each entry, or None where it is none of these, or the caller may not see it: at most a statement for each kind."""
    found: dict[Any, Any] = {}
    missing = {one.document_id for one in entries}
    for model in DOCUMENTS:
        known = await related_rows(model, by="id", ids=list(missing), among=model.visible_to(context.actor))
        found |= {one.id: one for one in known}
        missing -= found.keys()
    return [found.get(one.document_id) for one in entries]
