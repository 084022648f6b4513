"""The two ledgers of an order: quantities and money. Both only grow, under the order's row lock."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from models import Invoice, LedgerEntry, Order, QuantityEntry, Refund
from models.base import new_id
from models.line_quantities import quantities_of
from rules.accounts import Account, Entry, Posting, Standing, is_balanced
from rules.decimals import ZERO
from rules.postings import Owing, owed_again_posting, reversal, set_off_posting
from rules.quantity import LineQuantities, Movement
from services import clock

Book = tuple[UUID, UUID, tuple[Entry, ...]]
"""Whose books, who stands across the table, and what is written there."""


async def line_quantities(order: Order) -> dict[UUID, LineQuantities]:
    """What the quantity ledger says of each line of the order."""
    return await quantities_of(order.id)


async def record(movement: Movement, document: UUID, quantities: Mapping[UUID, Decimal]) -> None:
    """Add an entry for each line; nothing is recorded for nothing."""
    moment = clock.now()
    await QuantityEntry.bulk_create(
        QuantityEntry(order_line_id=line, movement=movement, quantity=amount, document_id=document, created_at=moment)
        for line, amount in quantities.items()
        if amount
    )


async def take_back(movement: Movement, document: UUID, quantities: Mapping[UUID, Decimal]) -> None:
    """Undo so much of what the document's entries recorded, by entries below zero: none is ever changed."""
    await record(movement, document, {line: -amount for line, amount in quantities.items()})


async def post(order: Order, document: UUID, posting: Posting, *, reverses: UUID | None = None) -> None:
    """Add one posting to the supplier's books, and what it means to the buyer to the buyer's; each adds up to zero."""
    await LedgerEntry.write_all(_entries(order, document, posting, _books(order, posting), reverses))


async def post_each(postings: Iterable[tuple[Order, UUID, Posting]]) -> None:
    """Add several at once, each of an order and of a document."""
    await LedgerEntry.write_all(
        entry
        for order, document, posting in postings
        for entry in _entries(order, document, posting, _books(order, posting))
    )


async def post_apart(order: Order, document: UUID, company: UUID, posting: Posting) -> None:
    """Add one posting to the books of a company that is no party of the order, about what its supplier owes it, and to no others."""
    await LedgerEntry.write_all(_entries(order, document, posting, [(company, order.supplier_id, tuple(posting))]))


def _books(order: Order, posting: Posting) -> tuple[Book, Book]:
    return (
        (order.supplier_id, order.buyer_id, tuple(posting)),
        (order.buyer_id, order.supplier_id, posting.mirrored()),
    )


def _entries(
    order: Order, document: UUID, posting: Posting, books: Iterable[Book], reverses: UUID | None = None
) -> list[LedgerEntry]:
    if not is_balanced(posting):
        raise ValueError("a posting must add up to zero")
    number, moment = new_id(), clock.now()
    return [
        LedgerEntry(
            id=new_id(),
            posting=number,
            kind=posting.kind,
            company_id=company,
            counterparty_id=other,
            order_id=order.id,
            invoice_id=entry.invoice,
            account=entry.account,
            currency=order.currency,
            amount=entry.amount,
            document_id=document,
            reverses=reverses,
            created_at=moment,
        )
        for company, other, entries in books
        for entry in entries
        if entry.amount
    ]


async def standing(order: Order) -> Standing:
    """What the supplier's books say of the order's money."""
    return (await LedgerEntry.standings([order.id]))[order.id]


async def invoiced_and_paid(order: Order) -> tuple[Decimal, Decimal]:
    """What was claimed for the order and not credited, and what has come in and stayed."""
    now = await standing(order)
    return now.invoiced, now.paid


async def set_off(order: Order, document: UUID, *kept: Account) -> None:
    """Let what is to be refunded of the order pay what is owed of it, so that money goes one way at most; or, one after the other, what
    lies in these accounts: its credit, or what was paid in advance.

    What is on its way back to the buyer pays nothing.
    """
    now, (due_sent, credit_sent) = await standing(order), await Refund.on_its_way(order.id)
    for account in kept or (Account.REFUNDS,):
        held = {Account.CREDIT: now.credit - credit_sent, Account.ADVANCES: now.advance}
        free = held.get(account, now.refund_due - due_sent)
        if now.owed > 0 and free > 0:
            await _pay_off(order, document, account, free)
            now = await standing(order)


async def _pay_off(order: Order, document: UUID, kept: Account, free: Decimal) -> None:
    invoices = [invoice.id for invoice in await Invoice.of(order.id).order_by("due_on", "id")]
    owed: dict[UUID | None, Decimal] = {None: await LedgerEntry.owed_of_none(order.id)}
    owed.update((await LedgerEntry.receivables(invoices)).items())
    await post(order, document, set_off_posting(shares(free, owed), kept))


async def claim_again(order: Order, document: UUID, first: Sequence[UUID] = ()) -> None:
    """Money that was taken back, and was used or paid back by then, or is on its way to the buyer, is owed again: of the order's invoices
    as far as they stand and are not owed, `first` and then the newest; what is beyond that, of none."""
    now, (due_sent, credit_sent) = await standing(order), await Refund.on_its_way(order.id)
    kept = {
        Account.REFUNDS: due_sent - now.refund_due,
        Account.CREDIT: credit_sent - now.credit,
        Account.ADVANCES: -now.advance,
    }
    missing = {account: much for account, much in kept.items() if much > 0}
    invoices = [*first, *[invoice.id for invoice in await Invoice.of(order.id).order_by("-id")]]
    settled = {invoice: owed.settled for invoice, owed in (await LedgerEntry.owed(invoices)).items()}
    whole, parts = sum(missing.values(), ZERO), dict[UUID | None, Decimal]()
    parts.update((invoice, much) for invoice, much in settled.items() if much < 0)
    parts.update(shares(whole, settled).items())
    if missing or parts:
        parts[None] = whole - sum(parts.values(), ZERO)
        await post(order, document, owed_again_posting(missing, parts))


async def reverse(orders: Mapping[UUID, Order], document: UUID) -> None:
    """Take back what a document posted to these orders, posting by posting; nothing that is written is changed."""
    postings: dict[tuple[UUID, UUID], list[Entry]] = {}
    for row in await LedgerEntry.of_document(document):
        if row.company_id == orders[row.order_id].supplier_id:
            entry = Entry(row.account, row.amount, row.invoice_id)
            postings.setdefault((row.posting, row.order_id), []).append(entry)
    for (posting, order_id), entries in postings.items():
        await post(orders[order_id], document, reversal(entries), reverses=posting)


def shares(amount: Decimal, owed: Mapping[Owing, Decimal]) -> dict[Owing, Decimal]:
    """How an amount pays what is owed, one after the other; without those that get nothing."""
    found: dict[Owing, Decimal] = {}
    for invoice, much in owed.items():
        part = min(amount, much)
        if part > 0:
            found[invoice] = part
            amount -= part
    return found
