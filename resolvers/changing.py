"""Steps that change or end a contract in force."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.contracts import Contract
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import CHANGING, MOVING, SPENDING, TAXING, ApproverMissingProblem, answers, known
from resolvers.steps import OrderNow, OrderReasonInput, OrderStepInput, Reason, shown
from resolvers.tax_inputs import TaxRateChanges, rate_changes
from services import changing, terminating
from services.contract_changes import Change, LineChange

MOST_LINES = 500


@strawberry.input(description="What is to be different on one line of the contract; what is null stays as it is.")
class LineChangeInput:
    """A line of a change."""

    order_line_id: strawberry.ID = strawberry.field(description="The order line it is about.")
    quantity: Annotated[Decimal, Number(least=0, most=10**12, places=6)] | None = strawberry.field(
        default=None, description="How many instead; 0 takes the line out. Never fewer than have left the supplier."
    )
    unit_price: Annotated[Decimal, Number(least=0, most=10**12, places=6)] | None = strawberry.field(
        default=None,
        description="The price of one unit instead, stated as the contract's prices are, at most 6 decimals.",
    )
    promised_on: date | None = strawberry.field(default=None, description="When it will be there instead.")
    quality_remark: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What is agreed on its quality instead, at most 2000 characters."
    )
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where to deliver this line instead, at most 300 characters."
    )
    delivery_zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None, description="IANA time zone of that place, such as Asia/Shanghai."
    )


@strawberry.input(description="A change of a contract in force; what is null stays as it is.")
class ProposeChangeInput(OrderStepInput):
    """A change."""

    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")
    lines: Annotated[list[LineChangeInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="The lines that change, at most 500."
    )
    freight: Annotated[Decimal, Number(least=0, most=10**12, places=2)] | None = strawberry.field(
        default=None,
        description="Freight instead, stated as the contract's prices are, with at most 2 decimals; not once it was invoiced.",
    )
    tax_rates: TaxRateChanges = strawberry.field(
        default_factory=list,
        description="The rates of VAT that change, at most 10. Prices stay as they are stated; what was invoiced stays as it is.",
    )
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where to deliver instead, at most 300 characters."
    )
    delivery_zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None, description="IANA time zone of that place, such as Asia/Shanghai."
    )


@strawberry.input(description="An order, as it was read, and if one likes why.")
class OrderRemarkInput(OrderStepInput):
    """Which order takes the step, perhaps for which reason."""

    reason: Reason | None = strawberry.field(default=None, description="Why, at most 1000 characters.")


@strawberry.type(description="The change waits for the other side; nothing is different yet.")
class ProposeChangeSuccess:
    """The contract's next version."""

    contract: Contract = strawberry.field(description="The version that both sides would sign.")


@strawberry.type(description="The short close waits for the other side; nothing is different yet.")
class ProposeShortCloseSuccess:
    """The contract's last version."""

    contract: Contract = strawberry.field(description="The version that both sides would sign: no more than has left.")


@strawberry.type(description="Both sides can sign the change, or the buyer's approvers have to agree first.")
class AgreeChangeSuccess(OrderNow):
    """Both sides can sign the change, or the buyer's approvers have to agree first."""


@strawberry.type(description="The contract stays as it is.")
class RefuseChangeSuccess(OrderNow):
    """The contract stays as it is."""


@strawberry.type(description="The proposal is taken back; the contract stays as it is.")
class WithdrawChangeSuccess(OrderNow):
    """The proposal is taken back."""


@strawberry.type(description="The other side is asked to end the contract.")
class ProposeTerminationSuccess(OrderNow):
    """The other side is asked to end the contract."""


@strawberry.type(description="The contract has ended; nothing is owed any more.")
class AgreeTerminationSuccess(OrderNow):
    """The contract has ended."""


@strawberry.type(description="The contract stands.")
class RefuseTerminationSuccess(OrderNow):
    """The contract stands."""


@strawberry.type(description="The operator has ended the contract; nothing is owed any more.")
class TerminateOrderSuccess(OrderNow):
    """The operator has ended the contract."""


def _change(given: ProposeChangeInput) -> Change:
    return Change(
        reason=given.reason,
        lines=tuple(
            LineChange(
                known("OrderLine", line.order_line_id),
                line.quantity,
                line.unit_price,
                line.promised_on,
                line.quality_remark,
                line.delivery_place,
                line.delivery_zone,
            )
            for line in given.lines
        ),
        freight=given.freight,
        tax_rates=rate_changes(given.tax_rates),
        delivery_place=given.delivery_place,
        delivery_zone=given.delivery_zone,
    )


@strawberry.type
class ChangingMutation:
    """Both sides' steps on a contract in force, and the operator's one."""

    @strawberry.mutation(
        graphql_type=answers(ProposeChangeSuccess, *CHANGING, *MOVING, *SPENDING, *TAXING, ApproverMissingProblem),
        description="Propose the next version of a contract in force; both sides sign it once the other one has agreed.",
    )
    async def propose_change(self, info: Info[Context, None], input: ProposeChangeInput) -> ProposeChangeSuccess:
        """The next version, drawn up."""
        check(input)
        order_id = known("Order", input.order_id)
        contract = await changing.propose_change(info.context.actor, order_id, input.expected_version, _change(input))
        return ProposeChangeSuccess(contract=shown(contract))

    @strawberry.mutation(
        graphql_type=answers(ProposeShortCloseSuccess, *CHANGING, *MOVING, *SPENDING, ApproverMissingProblem),
        description="Propose that what has not left the supplier is owed no more: a change down to what was delivered, which the other "
        "side agrees to and both sign as any change. Completes the order once all that left is received.",
    )
    async def propose_short_close(self, info: Info[Context, None], input: OrderReasonInput) -> ProposeShortCloseSuccess:
        """The last version, drawn up."""
        check(input)
        order_id = known("Order", input.order_id)
        contract = await changing.propose_short_close(
            info.context.actor, order_id, input.expected_version, input.reason
        )
        return ProposeShortCloseSuccess(contract=shown(contract))

    @strawberry.mutation(
        graphql_type=answers(AgreeChangeSuccess, *CHANGING, *MOVING, *SPENDING, ApproverMissingProblem),
        description="Agree to the change that the other side proposed; then both sign it.",
    )
    async def agree_change(self, info: Info[Context, None], input: OrderStepInput) -> AgreeChangeSuccess:
        """The order, with a change to sign or an approval to wait for."""
        order_id = known("Order", input.order_id)
        order = await changing.agree_change(info.context.actor, order_id, input.expected_version)
        return AgreeChangeSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(RefuseChangeSuccess, *CHANGING),
        description="Refuse the change that the other side proposed, or one that was agreed and that one has not signed.",
    )
    async def refuse_change(self, info: Info[Context, None], input: OrderReasonInput) -> RefuseChangeSuccess:
        """The order, as it was."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await changing.refuse_change(info.context.actor, order_id, input.expected_version, input.reason)
        return RefuseChangeSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(WithdrawChangeSuccess, *CHANGING),
        description="Take one's own proposed change back before the other side has agreed.",
    )
    async def withdraw_change(self, info: Info[Context, None], input: OrderRemarkInput) -> WithdrawChangeSuccess:
        """The order, as it was."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await changing.withdraw_change(info.context.actor, order_id, input.expected_version, input.reason)
        return WithdrawChangeSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(ProposeTerminationSuccess, *CHANGING),
        description="Ask the other side to end a contract of which nothing was despatched.",
    )
    async def propose_termination(
        self, info: Info[Context, None], input: OrderReasonInput
    ) -> ProposeTerminationSuccess:
        """The order, waiting for the other side."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await terminating.propose_termination(
            info.context.actor, order_id, input.expected_version, input.reason
        )
        return ProposeTerminationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(AgreeTerminationSuccess, *CHANGING),
        description="Agree to end the contract; refused once goods have left.",
    )
    async def agree_termination(self, info: Info[Context, None], input: OrderStepInput) -> AgreeTerminationSuccess:
        """The order, terminated."""
        order_id = known("Order", input.order_id)
        order = await terminating.agree_termination(info.context.actor, order_id, input.expected_version)
        return AgreeTerminationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(RefuseTerminationSuccess, *CHANGING),
        description="Let the contract stand, as the side that was asked to end it or as the one that asked.",
    )
    async def refuse_termination(self, info: Info[Context, None], input: OrderRemarkInput) -> RefuseTerminationSuccess:
        """The order, as it was."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await terminating.refuse_termination(info.context.actor, order_id, input.expected_version, input.reason)
        return RefuseTerminationSuccess(order=shown(order))

    @strawberry.mutation(
        graphql_type=answers(TerminateOrderSuccess, *CHANGING),
        description="End a contract of which nothing was despatched, as the operator of the platform.",
    )
    async def terminate_order(self, info: Info[Context, None], input: OrderReasonInput) -> TerminateOrderSuccess:
        """The order, terminated."""
        check(input)
        order_id = known("Order", input.order_id)
        order = await terminating.terminate_order(info.context.actor, order_id, input.expected_version, input.reason)
        return TerminateOrderSuccess(order=shown(order))
