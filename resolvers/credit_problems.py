"""Why a contract does not bind on credit, as the schema shows it."""

from decimal import Decimal

import strawberry

from resolvers.enums import described
from resolvers.problem import Problem
from rules.credit import CreditBlock

described(
    CreditBlock,
    "CreditBlock",
    "Why no new contract binds on credit, whatever is left of it; expect new ones.",
    {
        "SUSPENDED": "The supplier blocked the line.",
        "OVERDUE": "A prepayment or an invoice is overdue, and the line lends nothing meanwhile.",
    },
)


@strawberry.type(
    description="The contract, or its change, does not fit into what the supplier lends the buyer; told to these two alone."
)
class CreditProblem(Problem):
    """Too little credit, or none at the moment."""

    currency: str = strawberry.field(description="ISO 4217 code of the line and of all these amounts.")
    block: CreditBlock | None = strawberry.field(
        default=None, description="Why nothing more is lent at all; null where it is too little."
    )
    available: Decimal | None = strawberry.field(
        default=None, description="What is left; less than zero where the limit was lowered."
    )
    needed: Decimal | None = strawberry.field(
        default=None, description="How much more would be lent, without what is paid beforehand."
    )
    short_by: Decimal | None = strawberry.field(default=None, description="How much of that is too much.")
