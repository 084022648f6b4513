"""Money that goes back: sent by the supplier, confirmed or missed by the buyer."""

from datetime import date

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import check
from resolvers.problems import CHANGING, CREATING, PAYING, answers, known
from resolvers.refunds import Amount, Reference, Refund, Remark
from resolvers.steps import KEY, Key, Reason, shown
from services import refunding


@strawberry.input(description="A transfer back to the buyer, as the supplier records it.")
class SendRefundInput:
    """A refund to be recorded."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int | None = strawberry.field(
        default=None, description="The order's version that was read; without it the ledger alone decides."
    )
    amount: Amount = strawberry.field(
        description="How much, in the order's currency: at most what is due back and the buyer's credit; at most 2 decimals."
    )
    paid_on: date = strawberry.field(description="The day on the bank's slip.")
    bank_reference: Reference = strawberry.field(
        description="The bank's number for the transfer: 1 to 64 characters, once for each order."
    )
    remark: Remark | None = strawberry.field(default=None, description="What to add, at most 1000 characters.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A refund, as it was read.")
class ConfirmRefundInput:
    """Which refund has come."""

    refund_id: strawberry.ID = strawberry.field(description="The refund.")
    expected_version: int = strawberry.field(description="The refund's version that was read.")


@strawberry.input(description="A refund that has not come, and why that is said.")
class RejectRefundInput(ConfirmRefundInput):
    """Which refund has not come."""

    reason: Reason = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.type
class RefundNow:
    """What a step on a refund answers with."""

    refund: Refund = strawberry.field(description="The refund as it is now.")


@strawberry.type(description="The buyer knows of the refund.")
class SendRefundSuccess(RefundNow):
    """A refund was recorded."""


@strawberry.type(description="The buyer has the money back; the order is settled if nothing else of it is open.")
class ConfirmRefundSuccess(RefundNow):
    """A refund arrived."""


@strawberry.type(description="The money did not come; it is due as before.")
class RejectRefundSuccess(RefundNow):
    """A refund did not arrive."""


@strawberry.type
class RefundingMutation:
    """Both sides' steps on money that goes back."""

    @strawberry.mutation(
        graphql_type=answers(SendRefundSuccess, *CREATING, *CHANGING, *PAYING),
        description="Record that money went back to the buyer: what is due first, then credit; it counts once the buyer has seen it.",
    )
    async def send_refund(self, info: Info[Context, None], input: SendRefundInput) -> SendRefundSuccess:
        """The refund, recorded."""
        check(input)
        repayment = refunding.Repayment(input.amount, input.paid_on, input.bank_reference, input.remark)
        refund = await refunding.send_refund(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            repayment,
            idempotency_key=input.idempotency_key,
        )
        return SendRefundSuccess(refund=shown(refund))

    @strawberry.mutation(
        graphql_type=answers(ConfirmRefundSuccess, *CHANGING), description="Say that the money of a refund has come."
    )
    async def confirm_refund(self, info: Info[Context, None], input: ConfirmRefundInput) -> ConfirmRefundSuccess:
        """The refund, confirmed."""
        refund_id = known("Refund", input.refund_id)
        refund = await refunding.confirm_refund(info.context.actor, refund_id, input.expected_version)
        return ConfirmRefundSuccess(refund=shown(refund))

    @strawberry.mutation(
        graphql_type=answers(RejectRefundSuccess, *CHANGING), description="Say that the money of a refund did not come."
    )
    async def reject_refund(self, info: Info[Context, None], input: RejectRefundInput) -> RejectRefundSuccess:
        """The refund, missed."""
        check(input)
        refund_id = known("Refund", input.refund_id)
        refund = await refunding.reject_refund(info.context.actor, refund_id, input.expected_version, input.reason)
        return RejectRefundSuccess(refund=shown(refund))
