"""Credit lines as the schema shows them to the two companies they are between, and how to find them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info
from tortoise.queryset import QuerySet

import models
from models.base import NOTHING
from resolvers.amounts import Money, amount_of
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows
from rules.credit import CreditBlock, CreditMove, CreditUse
from rules.lifecycle import Side
from rules.money import Currency
from services import clock

if TYPE_CHECKING:
    from resolvers.companies import Company
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
NEWEST = 50
"""How many entries a line shows by itself; `creditEntries` pages through all."""

described(
    CreditMove,
    "CreditMove",
    "What an order did to its buyer's credit; expect new ones.",
    {
        "RESERVED": "It keeps more: its contract took effect, or a change that makes it dearer.",
        "CONSUMED": "It keeps less: that was invoiced, and is used until it is paid.",
        "RELEASED": "It keeps less: its contract ended or became smaller, or nothing of it is left to invoice.",
        "RESTORED": "It keeps more without a signature: a credit note, or a receipt taken back, lets more be invoiced.",
    },
)


@strawberry.type(description="How a buyer's credit with a supplier stands in one currency.")
class CreditStatement:
    """Limit, and what of it is taken."""

    limit: Money | None = strawberry.field(
        description="What may be taken: the buyer's own limit, or the supplier's for all without one; null: as much as they like."
    )
    reserved: Money = strawberry.field(
        description="Agreed in contracts in force and not invoiced yet, without what is paid beforehand."
    )
    used: Money = strawberry.field(description="Invoiced and not paid, by the supplier's books.")
    available: Money | None = strawberry.field(
        description="What is left; less than zero where the limit was lowered; null without a limit."
    )
    block: CreditBlock | None = strawberry.field(description="Why nothing more is lent at all; or null.")
    is_nearly_exhausted: bool = strawberry.field(description="Whether at least nine tenths of the limit are taken.")

    @classmethod
    def of(cls, use: CreditUse, currency: Currency) -> "CreditStatement":
        """What is lent, to be shown."""

        def money(amount: Any) -> Any:
            return None if amount is None else Money(amount=amount, currency=currency)

        return cls(
            limit=money(use.limit),
            reserved=money(use.reserved),
            used=money(use.used),
            available=money(use.available),
            block=use.block,
            is_nearly_exhausted=use.is_nearly_exhausted(),
        )


async def statements_of(_context: Context, lines: Sequence[Any]) -> list[CreditStatement]:
    """The figures of each line, in one statement."""
    pairs = [(line.supplier_id, line.buyer_id, Currency(line.currency)) for line in lines]
    uses = await models.CreditLine.uses(pairs, clock.now())
    return [CreditStatement.of(uses[pair], pair[2]) for pair in pairs]


def _suppliers(field: str, description: str) -> Any:
    """Something of the row that its supplier alone reads."""
    return derived(
        lambda row, context: getattr(row, field) if context.actor.company == row.supplier_id else None,
        description=description,
    )


@strawberry.type(
    description="By how much an order changed what it keeps of its buyer's credit; entries are added, never changed."
)
@shows(models.CreditEntry)
class CreditEntry(Node):
    """An entry of a line's ledger."""

    id: strawberry.ID = derived(lambda row: encode_id("CreditEntry", row.id), description="Opaque id.")
    move: CreditMove = strawberry.field(description="What the order did.")
    amount: Money = amount_of("amount", "How much more it keeps; less than zero for less.")
    at: datetime = derived(lambda row: row.created_at, description="When it was written.")
    order: LazyOrder | None = related(One(models.Order, "order_id", visible=True), description="The order.")


@strawberry.type(
    description="What a supplier lends a buyer in one currency; or, without a buyer, all those that have no limit of their own. The "
    "supplier's ADMIN, FINANCE and SALES read it, and the buyer's ADMIN, FINANCE and REQUESTER; nobody else."
)
@shows(models.CreditLine)
class CreditLine(Node):
    """A credit line."""

    id: strawberry.ID = derived(lambda row: encode_id("CreditLine", row.id), description="Opaque id.")
    supplier: LazyCompany = related(One(models.Company, "supplier_id"), description="Who lends.")
    buyer: LazyCompany | None = related(
        One(models.Company, "buyer_id"), description="Who is lent to; null: every buyer without a limit of its own."
    )
    currency: Currency = strawberry.field(description="The currency of the line; contracts in others have lines apart.")
    has_own_limit: bool = derived(
        lambda row: row.credit_limit is not None,
        description="Whether the limit was set on this line, and does not follow the one for all without.",
    )
    blocks_overdue: bool = strawberry.field(
        description="Whether nothing more is lent while anything is overdue, a prepayment or an invoice."
    )
    blocked_at: datetime | None = strawberry.field(description="When the supplier blocked it; null while it is open.")
    block_reason: str | None = _suppliers("block_reason", "Why it is blocked; null for the buyer.")
    remark: str | None = _suppliers("remark", "What the supplier notes of it; null for the buyer.")
    version: int = strawberry.field(description="Rises with each event of it: what mutations expect.")
    statement: CreditStatement = related(statements_of, description="How it stands now.")
    entries: list[CreditEntry] = related(
        Many(models.CreditEntry, by="line_id", order_by=("-id",), limit=NEWEST),
        description=f"Its newest {NEWEST} entries, newest first; `creditEntries` gives all.",
    )


@strawberry.input(description="Which credit lines; what is not said does not narrow.")
class CreditLineFilter:
    """What narrows a look at credit lines."""

    side: Side | None = strawberry.field(
        default=None, description="Only those on which the caller's company is on this side."
    )
    counterparty_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those with this company on the other side."
    )
    currency: Currency | None = strawberry.field(default=None, description="Only those in this currency.")
    is_blocked: bool | None = strawberry.field(
        default=None, description="Only those that the supplier blocked, or only the others."
    )


def _narrowed(found: QuerySet[Any], given: CreditLineFilter, company: Any) -> QuerySet[Any]:
    if given.side is not None:
        column = {Side.BUYER: "buyer_id", Side.SUPPLIER: "supplier_id"}.get(given.side)
        found = found.filter(**{column: company}) if column else found.filter(NOTHING)
    if given.counterparty_id is not None:
        found = found.filter(models.CreditLine.with_company(decode_id("Company", given.counterparty_id)))
    if given.currency is not None:
        found = found.filter(currency=given.currency)
    return found if given.is_blocked is None else found.filter(blocked_at__isnull=not given.is_blocked)


@strawberry.type
class CreditLineQuery:
    """How to find credit lines."""

    @strawberry.field(
        description="What the caller's company lends its buyers and is lent by its suppliers, newest first; lines are there from the first "
        "contract of a pair on, or since a limit was set."
    )
    async def credit_lines(
        self,
        info: Info[Context, None],
        filter: Annotated[
            CreditLineFilter | None, strawberry.argument(description="Which ones; all of them unless said.")
        ] = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[CreditLine]:
        """One page of credit lines."""
        actor = info.context.actor
        found = models.CreditLine.visible_to(actor)
        found = found if filter is None else _narrowed(found, filter, actor.company)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(
        description="All that orders did to a credit line, newest first; null if there is no such line that the caller may see."
    )
    async def credit_entries(
        self,
        info: Info[Context, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The credit line's opaque id.")],
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[CreditEntry] | None:
        """One page of entries; a missing, a malformed and a stranger's id look the same."""
        actor, key = info.context.actor, decode_id("CreditLine", id)
        found = await page(models.CreditEntry.visible_to(actor).filter(line_id=key), first=first, after=after)
        known = key is not None and await models.CreditLine.visible_to(actor).filter(id=key).exists()
        return Connection.of(found) if known else None
