"""The documents that money is booked by, so that an entry in the books leads to what stands behind it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import strawberry

import models
from models.rows import related_rows
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id


class LedgerDocumentKind(StrEnum):
    """What money is booked by."""

    PAYMENT = "PAYMENT"
    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"
    REFUND = "REFUND"
    PAYMENT_REFUND = "PAYMENT_REFUND"
    SETTLEMENT = "SETTLEMENT"
    PREPAYMENT = "PREPAYMENT"


K = LedgerDocumentKind
MODELS: dict[LedgerDocumentKind, Any] = {
    K.PAYMENT: models.Payment,
    K.INVOICE: models.Invoice,
    K.CREDIT_NOTE: models.CreditNote,
    K.REFUND: models.Refund,
    K.PAYMENT_REFUND: models.PaymentRefund,
    K.SETTLEMENT: models.Settlement,
    K.PREPAYMENT: models.PaymentObligation,
}
"""The rows of each kind, the most frequent first."""

NAMES = frozenset(model.__name__ for model in MODELS.values())
"""As their ids name them."""

described(
    LedgerDocumentKind,
    "LedgerDocumentKind",
    "What money is booked by; expect new ones.",
    {
        "PAYMENT": "A payment: `payment`.",
        "INVOICE": "An invoice: `invoice`.",
        "CREDIT_NOTE": "A credit note: `creditNote`.",
        "REFUND": "A refund by the bank: `refund`.",
        "PAYMENT_REFUND": "A refund through a payment provider.",
        "SETTLEMENT": "The split of an online payment.",
        "PREPAYMENT": "That no more is to be prepaid of an order, of which something is left that was.",
    },
)


@strawberry.type(description="The document that a posting was booked by (原始凭证).")
class LedgerDocument:
    """What an accountant looks for behind an entry."""

    id: strawberry.ID = strawberry.field(
        description="Its opaque id, by which `node` finds it, unless it is a PREPAYMENT; `LedgerFilter.documentId` takes each."
    )
    kind: LedgerDocumentKind = strawberry.field(description="What it is.")
    number: str | None = strawberry.field(description="Its number; null for a PREPAYMENT, which has none.")
    bank_reference: str | None = strawberry.field(
        description="The bank's number for the transfer, the cheque's, or ours with the provider; null for what moved no money."
    )


async def documents_of(context: Context, entries: Sequence[Any]) -> list[LedgerDocument | None]:
    """The document of each entry, or None where the caller may not see it: at most one statement for each kind."""
    found: dict[Any, LedgerDocument] = {}
    missing = {one.document_id for one in entries}
    for kind, model in MODELS.items():
        among = model.visible_to(context.actor)
        for one in await related_rows(model, by="id", ids=list(missing), among=among):
            found[one.id] = _shown(kind, model, one)
        missing -= found.keys()
    return [found.get(one.document_id) for one in entries]


def _shown(kind: LedgerDocumentKind, model: Any, row: Any) -> LedgerDocument:
    number = None if kind is K.PREPAYMENT else row.number
    with_bank = kind in (K.PAYMENT, K.REFUND)
    return LedgerDocument(
        id=strawberry.ID(encode_id(model.__name__, row.id)),
        kind=kind,
        number=number,
        bank_reference=row.bank_reference if with_bank else number if kind is K.PAYMENT_REFUND else None,
    )
