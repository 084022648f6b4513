"""What a version of a contract says differently from the one it would replace, or replaced."""

from collections.abc import Sequence
from typing import Any

import strawberry

import models
from models.rows import related_rows
from resolvers.context import Context
from resolvers.enums import described
from rules.change import ChangedTerm, Difference, differences

described(
    ChangedTerm,
    "ChangedTerm",
    "What of a contract a later version says differently; expect new ones.",
    {
        "QUANTITY": "How many, in the line's unit.",
        "UNIT_PRICE": "The price of one unit, stated as the contract's prices are.",
        "TAX_RATE": "The line's VAT as a share.",
        "PROMISED_ON": "When it will be there, as a date at the delivery place.",
        "QUALITY_REMARK": "What is agreed on the quality.",
        "FREIGHT": "Freight without tax.",
        "FREIGHT_TAX_RATE": "The VAT on freight as a share.",
        "DELIVERY_PLACE": "Where the goods are to be delivered.",
        "DELIVERY_ZONE": "The time zone of that place.",
        "TOTAL": "What is to be paid, with tax.",
    },
)


@strawberry.type(description="One term as a version of the contract says it, and as the one before said it.")
class ContractChange:
    """A difference between two versions."""

    term: ChangedTerm = strawberry.field(description="Which term.")
    line: int | None = strawberry.field(description="The order line's position; null where it is about the whole.")
    before: str | None = strawberry.field(
        description="As it was, in the contract's own spelling; null where it was not."
    )
    after: str | None = strawberry.field(description="As it is now; null where it is no more.")


async def changes_of(context: Context, contracts: Sequence[Any]) -> list[list[Difference]]:
    """What each version changes of the one it supersedes; nothing for a first one."""
    wanted = [contract.supersedes_id for contract in contracts if contract.supersedes_id]
    found = await related_rows(models.Contract, by="id", ids=wanted, columns=("id", "text"))
    before = {one.id: one.text for one in found}
    return [
        differences(before[contract.supersedes_id], contract.text) if contract.supersedes_id else []
        for contract in contracts
    ]
