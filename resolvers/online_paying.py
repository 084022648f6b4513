"""Both sides' steps on online payments."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.billing import Payment
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.paying import Amount, order_named
from resolvers.problems import CHANGING, CREATING, PAYING_ONLINE, answers, known
from resolvers.steps import KEY, Key, Reason, shown
from rules.billing import PaymentMethod
from rules.rails import PaymentFlow
from services import online_paying


@strawberry.input(description="An invoice, or an order's prepayment, to be paid online.")
class StartPaymentInput:
    """What is to be paid, and how."""

    invoice_id: strawberry.ID | None = strawberry.field(
        default=None, description="The invoice it pays, in CNY; or else an order is named."
    )
    order_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The order, in CNY, whose prepayment it pays, or what is owed on it of no invoice; then no invoice is named.",
    )
    method: PaymentMethod = strawberry.field(description="Through whom: ALIPAY or WECHAT_PAY.")
    flow: PaymentFlow = strawberry.field(description="Where the payer pays.")
    amount: Amount | None = strawberry.field(
        default=None, description="How much, at most 2 decimals; all that is open unless given."
    )
    payer_openid: Annotated[str, Text(1, 128)] | None = strawberry.field(
        default=None,
        description="Who will pay, for JSAPI and no other flow: their openid in the account's app; at most 128 characters.",
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An online payment that nobody is to pay any more.")
class ClosePaymentInput:
    """Which payment."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")


@strawberry.input(description="Money that is to go back.")
class RefundPaymentInput:
    """How much of which payment, and why."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    expected_version: int = strawberry.field(description="The payment's version that was read.")
    amount: Amount = strawberry.field(description="How much, at most what of it has not gone back.")
    reason: Reason = strawberry.field(description="Why, for the payer: 1 to 1000 characters.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type(description="The payment can be paid, or soon: its checkout says how.")
class StartPaymentSuccess:
    """The payment, started."""

    payment: Payment = strawberry.field(description="The new payment.")


@strawberry.type(description="The provider was told; the payment's status says what came of it.")
class ClosePaymentSuccess:
    """The payment, closed if the provider said so."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


@strawberry.type(description="The provider was asked; the payment's refunds say what came of it.")
class RefundPaymentSuccess:
    """The payment, with its refund."""

    payment: Payment = strawberry.field(description="The payment as it is now.")


@strawberry.type
class OnlinePayingMutation:
    """What is done about online payments."""

    @strawberry.mutation(
        graphql_type=answers(StartPaymentSuccess, *CREATING, *CHANGING, *PAYING_ONLINE),
        description="Start paying an invoice, or an order's prepayment, through a provider, who tells us when it is paid.",
    )
    async def start_payment(self, info: Info[Context, None], input: StartPaymentInput) -> StartPaymentSuccess:
        """The payment, with what the payer needs."""
        check(input)
        checkout = online_paying.Checkout(input.method, input.flow, input.amount, input.payer_openid)
        payment = await online_paying.start_payment(
            info.context.actor,
            None if input.invoice_id is None else known("Invoice", input.invoice_id),
            checkout,
            **order_named(input.order_id),
            idempotency_key=input.idempotency_key,
            address=info.context.address.partition("/")[0] or online_paying.HERE,
        )
        return StartPaymentSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(ClosePaymentSuccess, *CHANGING),
        description="Let nobody pay an online payment any more; should somebody have been faster, it is paid.",
    )
    async def close_payment(self, info: Info[Context, None], input: ClosePaymentInput) -> ClosePaymentSuccess:
        """The payment as the provider left it."""
        payment_id = known("Payment", input.payment_id)
        payment = await online_paying.close_payment(info.context.actor, payment_id, input.expected_version)
        return ClosePaymentSuccess(payment=shown(payment))

    @strawberry.mutation(
        graphql_type=answers(RefundPaymentSuccess, *CREATING, *CHANGING, *PAYING_ONLINE),
        description="Pay money back through the provider it came from.",
    )
    async def refund_payment(self, info: Info[Context, None], input: RefundPaymentInput) -> RefundPaymentSuccess:
        """The payment, with the refund that was asked for."""
        check(input)
        payment = await online_paying.refund_payment(
            info.context.actor,
            known("Payment", input.payment_id),
            input.expected_version,
            input.amount,
            input.reason,
            idempotency_key=input.idempotency_key,
        )
        return RefundPaymentSuccess(payment=shown(payment))
