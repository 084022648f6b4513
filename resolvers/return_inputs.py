"""What the steps on returns are given."""

from decimal import Decimal
from typing import Annotated

import strawberry

import resolvers.return_enums  # noqa: F401  # describes the enums below
from resolvers.inputs import Items, Number, Text
from resolvers.steps import KEY, Key, Reason
from rules.acceptance import GoodsFault
from rules.line_sheets import MOST_LINES
from rules.returns import Arbitration, Resolution, ReturnedFrom

Goods = Annotated[Decimal, Number(above=0, most=10**12, places=6)]
Found = Annotated[Decimal, Number(least=0, most=10**12, places=6)]
Remark = Annotated[str, Text(1, 1000)]


@strawberry.input(description="How much of one order line goes back.")
class ReturnLineInput:
    """A line of a return."""

    order_line_id: strawberry.ID = strawberry.field(description="What goes back.")
    quantity: Goods = strawberry.field(description="How much, in the line's unit, with at most 6 decimals.")
    origin: ReturnedFrom = strawberry.field(
        default=ReturnedFrom.ACCEPTED, description="Of which goods: those accepted unless said."
    )
    fault: GoodsFault = strawberry.field(description="What is wrong with it.")
    remark: Remark | None = strawberry.field(default=None, description="The same in words, at most 1000 characters.")


@strawberry.input(description="Goods to be returned or exchanged.")
class RequestReturnInput:
    """A request."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int | None = strawberry.field(
        default=None,
        description="The order's version that was read; without it the quantities alone decide, whatever else happened.",
    )
    lines: Annotated[list[ReturnLineInput], Items(1, MOST_LINES)] = strawberry.field(
        description="Each line that goes back once for each origin: 1 to 5000."
    )
    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")
    wanted: Resolution | None = strawberry.field(default=None, description="What should come of it.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A return, as it was read.")
class ReturnStepInput:
    """Which return takes the step."""

    return_id: strawberry.ID = strawberry.field(description="The return.")
    expected_version: int = strawberry.field(description="The return's version that was read.")


@strawberry.input(description="A return, as it was read, and why.")
class ReturnReasonInput(ReturnStepInput):
    """Which return takes the step, for which reason."""

    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.input(description="A return whose goods are on their way back.")
class ShipBackReturnInput(ReturnStepInput):
    """Who carries what back."""

    carrier: Annotated[str, Text(1, 120)] = strawberry.field(description="Who carries it: 1 to 120 characters.")
    waybill: Annotated[str, Text(1, 64)] = strawberry.field(
        description="The carrier's number for it: 1 to 64 characters."
    )


@strawberry.input(description="What the operator decides about a disputed return.")
class ArbitrateReturnInput(ReturnStepInput):
    """A decision."""

    decision: Arbitration = strawberry.field(description="Whether the goods go back.")
    note: Reason = strawberry.field(description="Why: 1 to 1000 characters, for both sides.")


@strawberry.input(description="How one line of a return came back.")
class ReturnFindingInput:
    """What became of a line."""

    return_line_id: strawberry.ID = strawberry.field(description="What was looked at.")
    confirmed: Found = strawberry.field(description="How much came back and is as claimed.")
    remark: Remark | None = strawberry.field(
        default=None, description="Why not all is, at most 1000 characters; needed then."
    )
    restocked: Found = strawberry.field(
        default=Decimal(0),
        description="How much of what is confirmed is as good as new and goes back on the shelf once the return is resolved as one; "
        "nothing unless said. Only the company itself learns it.",
    )


@strawberry.input(description="How the goods of a return came back.")
class TakeBackReturnInput(ReturnStepInput):
    """An inspection at the supplier."""

    lines: Annotated[list[ReturnFindingInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="Lines that are not simply as claimed: at most 5000."
    )
    warehouse_id: strawberry.ID | None = strawberry.field(
        default=None, description="The company's warehouse for what is restocked; the default one unless said."
    )


@strawberry.input(description="What comes of a return.")
class ResolveReturnInput(ReturnStepInput):
    """The end of a return."""

    resolution: Resolution = strawberry.field(description="What comes of the goods.")
