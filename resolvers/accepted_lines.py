"""What of a quotation is accepted, where it is not everything as quoted."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import strawberry

from resolvers.inputs import Pieces
from resolvers.problems import known
from rules.quantity import each_once


@strawberry.input(description="How much of one line is accepted.")
class AcceptedLineInput:
    """A line of a partial acceptance."""

    order_line_id: strawberry.ID = strawberry.field(description="What is accepted.")
    quantity: Pieces = strawberry.field(description="How much of it, at most what was quoted.")
    alternative_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which alternative is taken instead of the line's own offer."
    )


def chosen_of(path: str, lines: Sequence[AcceptedLineInput]) -> dict[UUID, Decimal]:
    """How much of which order lines; refused where one is named twice."""
    return each_once(path, ((known("OrderLine", line.order_line_id), line.quantity) for line in lines))


def instead_of(lines: Sequence[AcceptedLineInput]) -> dict[UUID, UUID] | None:
    """Which alternatives are taken instead of which order lines' own offers; None where none is."""
    taken = {
        known("OrderLine", line.order_line_id): known("Alternative", line.alternative_id)
        for line in lines
        if line.alternative_id is not None
    }
    return taken or None
