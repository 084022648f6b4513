"""Whether what is offered or about to be signed would fit into its buyer's credit."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

import resolvers.credit_problems  # noqa: F401  # describes the blocks
from models.order import is_sealed_for, side_of
from resolvers.accepted_lines import AcceptedLineInput, chosen_of, instead_of
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.errors import bad_input
from resolvers.inputs import Items, check
from resolvers.relations import related
from resolvers.words import spoken
from rules.credit import CreditBlock, CreditStanding, may_check
from rules.line_sheets import MOST_LINES
from rules.phrase import Phrase
from services.credit import CreditLook, look_at_part, looks

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


_OF_ONE = Phrase("must be of one order")
AcceptedLines = Annotated[
    list[AcceptedLineInput] | None,
    strawberry.argument(
        description="What of the open quotation would be accepted, if not everything as quoted: 1 to 5000 lines, of one order "
        "alone; refused as acceptQuotation would refuse them."
    ),
]


async def check_of_orders(
    context: Context, orders: Sequence[Any], lines: AcceptedLines = None
) -> list[CreditCheck | None]:
    """Of each what it waits for: the contract or the change that is to be signed, or else the open quotation."""
    actor = context.actor
    open_to = [order for order in orders if may_check(side_of(order, actor), actor.roles, actor.scopes)]
    # Whether a sealed quotation fits would tell of its total.
    sealed = {order.id for order in open_to if is_sealed_for(order, actor)}
    if lines is None:
        found = await looks(open_to, sealed) if open_to else {}
    else:
        found = await _of_part([order for order in open_to if order.id not in sealed], lines, context.locale)
    return [CreditCheck.of(found[order.id]) if order.id in found else None for order in orders]


async def _of_part(orders: Sequence[Any], lines: list[AcceptedLineInput], locale: str) -> dict[UUID, CreditLook]:
    if fault := Items(1, MOST_LINES).fault(lines):
        raise bad_input("lines", spoken(fault, locale))
    check(lines, "lines")
    if len(orders) > 1:
        raise bad_input("lines", spoken(_OF_ONE, locale))
    look = await look_at_part(orders[0], chosen_of("lines", lines), instead_of(lines)) if orders else None
    return {} if look is None else {orders[0].id: look}


@strawberry.type
class Lent:
    """What an order needs of its buyer's credit."""

    credit_check: CreditCheck | None = related(
        check_of_orders,
        description="Whether what waits for acceptance or signatures would fit into the buyer's credit; null while nothing "
        "does, and for everybody else than ADMIN, FINANCE, SIGNATORY, and REQUESTER or SALES, of the two.",
    )
